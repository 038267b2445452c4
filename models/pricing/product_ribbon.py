from odoo import models


class ProductRibbon(models.Model):
    _inherit = "product.ribbon"

    def _is_applicable_for(self, product, price_data):
        if price_data and "own_discount" in price_data:
            # A customer's usual conditions are no sale, though their public price is struck out.
            price_data = {**price_data, "has_discounted_price": price_data["own_discount"]}
        return super()._is_applicable_for(product, price_data)
