from odoo import models


class ProductCombo(models.Model):
    _name = "product.combo"
    _inherit = ["product.combo", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(("base_price",))
