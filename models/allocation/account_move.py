from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # A posted credit note gives back what it refunds, until it is reset.
            moves = self.sudo().filtered(lambda m: m.move_type in ("out_invoice", "out_refund"))
            orders = moves.line_ids.sale_line_ids.order_id
            orders.filtered("has_allocations")._sync_allocations(
                excuse=self.env._("Invoiced again")
            )
        return res
