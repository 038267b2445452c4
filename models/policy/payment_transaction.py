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
        started = self.filtered(lambda tx: tx._is_started_by_customer())
        started.sale_order_ids.filtered(lambda o: o.state in ("draft", "sent"))._check_policy(
            "payment"
        )

    def _is_started_by_customer(self):
        """:return: whether it comes from a payment form; refunds, captures and what staff or the
        system charge do not. A payment may pose as the saving of a method.
        """
        self.ensure_one()
        return self.operation == "validation" or (self.operation or "").startswith("online_")
