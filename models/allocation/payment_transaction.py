from odoo import api, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep what is about to be paid, before anything is asked of a provider.

        :raise AllocationRefused: where there is not so much left; the transaction is undone
        """
        transactions = super().create(vals_list)
        begun = transactions.filtered(
            lambda tx: tx.state == "draft" and tx.operation != "refund" and tx.sale_order_ids
        )
        begun.sale_order_ids.filtered(lambda o: o.state in ("draft", "sent"))._hold_allocations()
        (transactions - begun)._follow_with_allocations()
        return transactions

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            self._follow_with_allocations()
        return res

    def _follow_with_allocations(self):
        """Keep what is being paid for as long as it takes; give back what will not be paid.

        Never refuses anything: the customer or the bank has acted already.
        """
        orders = self.sale_order_ids.sudo().filtered(lambda o: o.state in ("draft", "sent"))
        for order in orders:
            lines = order.order_line.filtered("allocation_held_until")
            if not lines and not order.has_allocations:
                continue
            if order._has_open_payment():
                lines.allocation_held_until = False
            else:
                # A cart keeps what it kept before: another way to pay may be tried.
                lines.filtered(
                    lambda line: not line._is_kept_in_cart()
                ).allocation_held_until = False
            order._sync_allocations(excuse=self.env._("A payment is under way"))
