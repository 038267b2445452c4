from odoo import api, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "sale.allocation.product.mixin"]

    @api.model
    def _allocation_target_fields(self):
        return super()._allocation_target_fields() | {"public_categ_ids", "product_tag_ids"}
