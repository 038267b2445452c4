from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import HTTPError, Timeout

from odoo import fields, models
from odoo.exceptions import ValidationError


def _is_silence(error):
    """:return: whether nobody can tell from this error of a request what the other side has done"""
    if isinstance(error, HTTPError):
        return error.response is None or error.response.status_code >= 500
    return isinstance(error, NoConnection | Timeout)


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    club_shipment_id = fields.Many2one(
        "sale.club.shipment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    # Whatever goes wrong, a shipment is never charged a second time while this could have worked.
    _club_open_uniq = models.UniqueIndex(
        "(club_shipment_id) WHERE club_shipment_id IS NOT NULL "
        "AND state IN ('draft', 'pending', 'authorized', 'done')",
        "This shipment is being charged, or has been.",
    )

    def _post_process(self):
        res = super()._post_process()
        # An answer that came late: pending payments end here, by webhook or by Odoo's own check.
        shipments = self.sudo().club_shipment_id
        shipments._follow_payment()
        # What had failed may wait again.
        shipments.filtered(lambda shipment: shipment.state == "waiting").run_id._go_on()
        shipments.run_id._finish()
        return res

    def _charge_for_club(self):
        """Charge the card as :meth:`_charge_with_token` does, but take silence for what it is.

        A provider that could not be reached may have taken the money all the same: Odoo calls that
        an error, after which one would try again. Here the transaction stays as it is.
        """
        self.ensure_one()
        self._ensure_provider_is_not_disabled()
        self._log_sent_message()
        try:
            self._send_payment_request()
        except ValidationError as error:
            if not _is_silence(error.__context__):
                self._set_error(str(error))
