from odoo import models


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _filter_by_policy(self, report):
        """Keep what is saved for a way to pay that is open to the customer.

        Odoo's own hook for tokens is told neither what is paid nor for whom, so the payment form
        asks here.

        :param dict report: Odoo's availability report of the providers and methods on offer
        """
        case = (report or {}).get("payment_case")
        if not case:
            return self
        return self.filtered(
            lambda token: (
                not token.provider_id._get_policy_refusal(case)
                and not token._get_primary_method()._get_policy_refusal(case)
            )
        )

    def _get_primary_method(self):
        """:return: the payment method of this token; the card, where it names a brand of card"""
        self.ensure_one()
        return self.payment_method_id.primary_payment_method_id or self.payment_method_id
