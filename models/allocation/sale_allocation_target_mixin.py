from odoo import api, models


class SaleAllocationTargetMixin(models.AbstractModel):
    """Products, and what groups them: allocations remember which products they cover."""

    _name = "sale.allocation.target.mixin"
    _description = "Target of Allocations"

    @api.model
    def _allocation_target_fields(self):
        """Hook: the fields by which a product comes to be covered, or not any more."""
        return set()

    @api.model
    def _covered_products_changed(self):
        if self.env["sale.allocation"].sudo().search_count([], limit=1):
            self.env["sale.allocation"]._allocations_changed()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        fnames = self._allocation_target_fields()
        if any(not fnames.isdisjoint(vals) for vals in vals_list):
            self._covered_products_changed()
        return records

    def write(self, vals):
        res = super().write(vals)
        if not self._allocation_target_fields().isdisjoint(vals):
            self._covered_products_changed()
        return res
