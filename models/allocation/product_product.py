from odoo import api, models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "sale.allocation.product.mixin"]

    @api.model
    def _allocation_target_fields(self):
        return super()._allocation_target_fields() | {
            "additional_product_tag_ids",
            "product_tag_ids",
            "public_categ_ids",
        }
