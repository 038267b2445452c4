from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _get_payment_refusal(self):
        """A way to pay that leaves no card is not for memberships that are charged to one."""
        if refusal := super()._get_payment_refusal():
            return refusal
        if self.token_id or (
            self.provider_id.allow_tokenization and self.payment_method_id.support_tokenization
        ):
            return False
        charging = self.sale_order_ids._get_charging_clubs()
        return bool(charging) and self.env._(
            "%s charges a saved card for each shipment", charging[0].name
        )
