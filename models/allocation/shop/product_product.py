from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_allocation_badge(self):
        """See the method of the template."""
        self.ensure_one()
        return self.env["sale.allocation"]._get_list_values(self)

    def _website_show_quick_add(self):
        return super()._website_show_quick_add() and self._get_allocation_badge().get(
            "is_buyable", True
        )

    def _get_allocated_variant(self):
        """See the method of the template."""
        return self
