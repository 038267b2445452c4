from odoo import api, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        transactions._check_order_policy()
        return transactions

    def _check_order_policy(self):
        """The order gate of every payment a customer starts: shop, portal, payment link.

        :raise ValidationError: before anything is asked of a provider; the transaction is undone
        """
        online = self.filtered(lambda tx: tx.operation and tx.operation.startswith("online_"))
        online.sale_order_ids.filtered(lambda o: o.state in ("draft", "sent"))._check_policy(
            "payment"
        )
