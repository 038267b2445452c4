from odoo import models

from ...allocation.sale_order import AllocationRefused


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _refuse_to_hold_allocations(self):
        """Keep what is allocated on this order until its card is charged.

        :return: why there is not so much left, in words, or None
        """
        self.ensure_one()
        if not self._get_allocation_rules():
            return None
        try:
            with self.env.cr.savepoint():
                self._hold_allocations()
        except AllocationRefused as refusal:
            self.env["sale.allocation"]._forget_quotas()
            return str(refusal)
        return None
