from odoo import api, models


class ProductPublicCategory(models.Model):
    """Quantity rules hold for the categories below, and remember which these are."""

    _inherit = "product.public.category"

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        if categories.parent_id:
            self.env.registry.clear_cache()
        return categories

    def write(self, vals):
        res = super().write(vals)
        if "parent_id" in vals:
            self.env.registry.clear_cache()
        return res
