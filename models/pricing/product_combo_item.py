from odoo import models


class ProductComboItem(models.Model):
    _name = "product.combo.item"
    _inherit = ["product.combo.item", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(("extra_price", "lst_price"))
