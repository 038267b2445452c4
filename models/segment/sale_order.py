from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        res = super()._action_confirm()
        self.order_line._sync_granted_types()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        self.order_line._sync_granted_types()
        return res
