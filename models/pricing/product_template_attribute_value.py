from odoo import models


class ProductTemplateAttributeValue(models.Model):
    _name = "product.template.attribute.value"
    _inherit = ["product.template.attribute.value", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(("price_extra",))

    def _get_extra_price(self, combination_info):
        if self.env["website"]._is_visited_without_prices():
            return 0.0
        return super()._get_extra_price(combination_info)
