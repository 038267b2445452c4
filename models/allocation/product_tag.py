from odoo import api, models


class ProductTag(models.Model):
    _name = "product.tag"
    _inherit = ["product.tag", "sale.allocation.target.mixin"]

    @api.model
    def _allocation_target_fields(self):
        return super()._allocation_target_fields() | {"product_template_ids", "product_product_ids"}
