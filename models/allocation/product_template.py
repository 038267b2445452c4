from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "sale.allocation.target.mixin"]

    allocation_count = fields.Integer(
        compute="_compute_allocation_count", groups="customer_type.group_user"
    )

    def _compute_allocation_count(self):
        allocations = self.env["sale.allocation"]
        for product in self:
            product.allocation_count = len(allocations._get_covering(product))

    def action_view_allocations(self):
        """:return: an action that lists the allocations that cover this product"""
        self.ensure_one()
        return self.env["sale.allocation"]._action_view_covering(self)

    @api.model
    def _allocation_target_fields(self):
        return super()._allocation_target_fields() | {"public_categ_ids", "product_tag_ids"}
