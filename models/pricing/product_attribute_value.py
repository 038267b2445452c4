from odoo import models


class ProductAttributeValue(models.Model):
    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(("default_extra_price",))
