"""The routes of modules that may be installed beside."""

from odoo.tools import LazyTranslate

from .ask import PRICED, Door, call, page
from .target import NOTED

_lt = LazyTranslate(__name__)


def ask_comparison(t):
    if "product.attribute.category" not in t.env:
        return []
    return [
        page("/shop/compare", products=t.variant.id),
        call("/shop/compare/get_product_data", product_ids=t.variant.ids),
    ]


def ask_wishlist(t):
    if "product.wishlist" not in t.env:
        return []
    return [
        call("/shop/wishlist/add", product_id=t.variant.id),
        page("/shop/wishlist"),
    ]


def ask_stock_notification(t):
    if "stock_notification_partner_ids" not in t.variant._fields:
        return []
    return [
        call(
            "/shop/add/stock_notification",
            email="leak.check@example.com",
            product_id=t.variant.id,
        ),
        page("/shop/wishlist"),
    ]


DOORS = (
    Door(_lt("Comparison"), ask_comparison, PRICED, module="website_sale_comparison"),
    Door(
        _lt("Wishlist"),
        ask_wishlist,
        PRICED,
        writes=True,
        takes=NOTED,
        module="website_sale_wishlist",
    ),
    Door(
        _lt("Notice when it is back in stock"),
        ask_stock_notification,
        frozenset(),
        writes=True,
        takes=NOTED,
        module="website_sale_stock",
    ),
)
