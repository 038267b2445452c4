from odoo import models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Confirm what goes on account: no money will come that could do it later."""
        for transaction in self.filtered(lambda tx: tx.state == "pending" and tx._is_on_account()):
            transaction._confirm_on_account()
        super()._post_process()

    def _is_on_account(self):
        self.ensure_one()
        return self.provider_id.custom_mode == "on_account"

    def _confirm_on_account(self):
        """Confirm the order, or cancel the transaction where the order gate says no.

        No money has moved, so unlike a payment it may be refused: in the meantime another order
        may have taken the credit. The customer reads why, and pays in another way.
        """
        self.ensure_one()
        orders = self.sale_order_ids.filtered(lambda order: order.state in ("draft", "sent"))
        try:
            with self.env.cr.savepoint():
                orders.with_context(send_email=True).action_confirm()
        except UserError as error:
            self._set_canceled(state_message=str(error))
            if orders.website_id and self.landing_route == "/shop/payment/validate":
                self.landing_route = "/shop/payment"
