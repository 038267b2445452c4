"""Doors that leave something behind: a line in a cart."""

from odoo.tools import LazyTranslate

from .ask import NAMED, PRICED, Door, call, page
from .shop import PRODUCT_CARD
from .target import NAME, ORDERED

_lt = LazyTranslate(__name__)


def add_to_cart(product, path="/shop/cart/add", linked=()):
    """:param linked: dicts of what comes along
    :return: a request that puts a variant into the cart
    """
    return call(
        path,
        product_template_id=product.product_tmpl_id.id,
        product_id=product.id,
        quantity=1,
        **({"linked_products": list(linked)} if linked else {}),
    )


def linked_product(parent, variant, **values):
    """:return: how a variant comes along with a product.template, as the browser says so"""
    return {
        "product_template_id": variant.product_tmpl_id.id,
        "parent_product_template_id": parent.id,
        "product_id": variant.id,
        "combination": variant.product_template_attribute_value_ids.ids,
        "no_variant_attribute_value_ids": [],
        "product_custom_attribute_values": [],
        "quantity": 1,
        **values,
    }


def ask_to_add(t):
    return [add_to_cart(t.variant), page("/shop/cart")]


def ask_to_add_quickly(t):
    return [add_to_cart(t.variant, "/shop/cart/quick_add"), page("/shop/cart")]


def ask_to_add_along(t):
    return [
        *(
            add_to_cart(parent.product_variant_id, linked=[linked_product(parent, t.variant)])
            for parent in t.parents("optional_product_ids")
        ),
        page("/shop/cart"),
    ]


def ask_to_add_in_combo(t):
    asked = []
    for product in t.combos:
        chosen = []
        for combo in product.combo_ids:
            items = combo.combo_item_ids
            item = items.filtered(lambda i: i.product_id == t.variant)[:1] or items[:1]
            chosen.append(linked_product(product, item.product_id, combo_item_id=item.id))
        asked.append(add_to_cart(product.product_variant_id, linked=chosen))
    return [*asked, page("/shop/cart")]


def ask_to_reorder(t):
    return [
        *(call("/my/orders/reorder", order_id=order.id) for order in t.orders),
        page("/shop/cart"),
    ]


def ask_cart_suggestions(t):
    parents = t.parents("accessory_product_ids")
    return [
        *(add_to_cart(parent.product_variant_id) for parent in parents),
        page("/shop/cart"),
    ]


def ask_recently_viewed(t):
    viewed = t.env.ref("website_sale.dynamic_filter_latest_viewed_products", False)
    if not viewed:
        return []
    return [
        call("/shop/products/recently_viewed_update", product_id=t.variant.id),
        call(
            "/website/snippet/filters",
            filter_id=viewed.id,
            template_key=PRODUCT_CARD,
            limit=16,
            search_domain=[],
        ),
    ]


DOORS = (
    Door(_lt("Adding to the cart"), ask_to_add, PRICED, writes=True, takes=ORDERED),
    Door(
        _lt("Adding to the cart at once"),
        ask_to_add_quickly,
        PRICED,
        writes=True,
        takes=ORDERED,
        signed_in=True,
    ),
    Door(_lt("Adding along with another"), ask_to_add_along, PRICED, writes=True, takes=ORDERED),
    Door(_lt("Adding in a combo"), ask_to_add_in_combo, NAMED, writes=True, takes=ORDERED),
    Door(
        _lt("Ordering again"),
        ask_to_reorder,
        PRICED,
        writes=True,
        takes=ORDERED,
        signed_in=True,
    ),
    Door(_lt("Suggestions in the cart"), ask_cart_suggestions, frozenset((NAME,)), writes=True),
    Door(_lt("Recently viewed"), ask_recently_viewed, frozenset((NAME,)), writes=True),
)
