from odoo import fields, models


class SaleAllocationProductMixin(models.AbstractModel):
    """Products and their variants tell which allocations cover them."""

    _name = "sale.allocation.product.mixin"
    _inherit = "sale.allocation.target.mixin"
    _description = "Product that Allocations Cover"

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
