"""The routes that the product page and the configurators ask."""

from odoo.tools import LazyTranslate

from .ask import NAMED, PRICED, Door, call, page
from .target import PRICE, TAG, VARIANT

_lt = LazyTranslate(__name__)


def _configure(product, **params):
    return {
        "product_template_id": product.id,
        "quantity": 1,
        "currency_id": product.currency_id.id,
        "so_date": "2026-01-01",
        "ptav_ids": [],
        "pricelist_id": None,
        "company_id": None,
        **params,
    }


def ask_combination(t):
    return [
        call(
            "/website_sale/get_combination_info",
            product_template_id=t.product.id,
            product_id=product_id,
            combination=t.ptav_ids,
            add_qty=1,
        )
        for product_id in (t.variant.id, False)
    ]


def ask_mixed_up(t):
    """A product that everybody sees, with what belongs to this one."""
    return [
        request
        for other in t.leading[:1]
        for request in (
            call(
                "/website_sale/get_combination_info",
                product_template_id=other.id,
                product_id=t.variant.id,
                combination=t.ptav_ids,
                add_qty=1,
            ),
            call(
                "/website_sale/get_combination_info",
                product_template_id=other.id,
                product_id=t.variant.id,
                combination=[],
                add_qty=1,
            ),
            call(
                "/website_sale/product_configurator/update_combination",
                **_configure(other, ptav_ids=t.ptav_ids),
            ),
            call(
                "/website_sale/product_configurator/get_values",
                **_configure(other, ptav_ids=t.ptav_ids),
            ),
            page(f"/shop/{other.id}", attribute_values=",".join(map(str, t.value_ids))),
        )
    ]


def ask_product_configurator(prefix):
    def ask(t):
        path = f"{prefix}/product_configurator"
        own = _configure(t.product, ptav_ids=t.ptav_ids)
        return [
            call(f"{path}/get_values", **_configure(t.product)),
            call(f"{path}/get_values", **own),
            call(f"{path}/update_combination", **own),
        ]

    return ask


def ask_optional_products(prefix):
    def ask(t):
        path = f"{prefix}/product_configurator"
        return [
            request
            for parent in t.parents("optional_product_ids")
            for request in (
                call(f"{path}/get_values", **_configure(parent)),
                call(
                    f"{path}/get_optional_products",
                    **_configure(parent, parent_ptav_ids=[]),
                ),
            )
        ]

    return ask


def ask_combo_configurator(prefix):
    def ask(t):
        return [
            call(
                f"{prefix}/combo_configurator/get_data",
                product_tmpl_id=combo.id,
                quantity=1,
                date="2026-01-01",
                currency_id=combo.currency_id.id,
                pricelist_id=None,
                company_id=None,
            )
            for combo in t.combos
        ]

    return ask


def ask_combo_price(prefix):
    def ask(t):
        return [
            call(
                f"{prefix}/combo_configurator/get_price",
                product_tmpl_id=t.product.id,
                quantity=1,
                date="2026-01-01",
                currency_id=t.product.currency_id.id,
                pricelist_id=None,
                company_id=None,
            )
        ]

    return ask


DOORS = (
    Door(_lt("Choice of a variant"), ask_combination, PRICED | {VARIANT, TAG}),
    Door(_lt("Ids of it with another product"), ask_mixed_up, frozenset()),
    Door(
        _lt("Product configurator"), ask_product_configurator("/website_sale"), PRICED | {VARIANT}
    ),
    Door(
        _lt("Product configurator of the sales desk"),
        ask_product_configurator("/sale"),
        PRICED | {VARIANT},
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Optional products"), ask_optional_products("/website_sale"), PRICED),
    Door(
        _lt("Optional products of the sales desk"),
        ask_optional_products("/sale"),
        PRICED,
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Choices of a combo"), ask_combo_configurator("/website_sale"), NAMED),
    Door(
        _lt("Choices of a combo at the sales desk"),
        ask_combo_configurator("/sale"),
        NAMED,
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Price of a combo"), ask_combo_price("/website_sale"), frozenset((PRICE,))),
    Door(
        _lt("Price of a combo at the sales desk"),
        ask_combo_price("/sale"),
        frozenset((PRICE,)),
        signed_in=True,
        is_page=False,
    ),
)
