from odoo import models
from odoo.http import request


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(
        (
            "list_price",
            "lst_price",
            "price_extra",
            "compare_list_price",
            "base_unit_price",
            "tax_string",
        )
    )

    def _website_show_quick_add(self):
        return not request.website._hides_prices() and super()._website_show_quick_add()

    def _is_add_to_cart_allowed(self):
        return not request.website._hides_prices() and super()._is_add_to_cart_allowed()

    def _to_markup_data(self, website):
        markup_data = super()._to_markup_data(website)
        if website._hides_prices():
            self._drop_markup_price(markup_data)
        return markup_data

    def _drop_markup_price(self, markup_data):
        """:param dict markup_data: what search engines are told, changed in place"""
        # The offer itself stays: other modules say there whether the product is in stock.
        for key in ("price", "priceCurrency"):
            markup_data["offers"].pop(key, None)
