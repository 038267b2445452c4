from odoo import api, models


class ProductPublicCategory(models.Model):
    _name = "product.public.category"
    _inherit = ["product.public.category", "sale.allocation.target.mixin"]

    @api.model
    def _allocation_target_fields(self):
        return super()._allocation_target_fields() | {"parent_id", "product_tmpl_ids"}
