from datetime import timedelta

from odoo import fields, models

from .dry_run import get_dry_run


class SaleClubShipment(models.Model):
    """What a dry run says of a shipment."""

    _inherit = "sale.club.shipment"

    preview_state = fields.Selection(
        [("ok", "Fine"), ("warning", "Look at it"), ("exception", "Would fail")],
        string="Dry Run",
        readonly=True,
    )
    preview_reason = fields.Char(string="Dry Run says", readonly=True)
    preview_amount = fields.Float(string="Dry Run Total", readonly=True, digits="Product Price")
    preview_memory = fields.Json(copy=False, groups=fields.NO_ACCESS)

    def _get_preview(self):
        """:return: what a dry run tells of this shipment, while it is done, as values of it"""
        self.ensure_one()
        if self.state == "failed":
            return {
                "preview_state": "exception",
                "preview_reason": self.reason,
                "preview_amount": 0.0,
            }
        amount = self.order_id.amount_total
        warnings = self._get_warnings()
        return {
            "preview_state": "warning" if warnings else "ok",
            "preview_reason": " ".join(warnings) or False,
            "preview_amount": amount,
        }

    def _get_warnings(self):
        """Hook: what a person should look at though it stops nothing, as a list of sentences."""
        self.ensure_one()
        warnings = []
        if self.member_id.state not in ("active", "held"):
            warnings.append(self.env._("The member has left since the window closed."))
        expiry = self.member_id.card_expires_on
        if expiry and expiry < self.ship_date + timedelta(days=60):
            warnings.append(self.env._("The card expires soon."))
        address = self.order_id.partner_shipping_id
        if not (address.street and address.city and address.country_id):
            warnings.append(self.env._("The address is not complete."))
        if shortage := get_dry_run(self.env).shortages.get(self.id):
            warnings.append(shortage)
        before, now = self._get_last_total(), self.order_id.amount_total
        alert = self.club_id.price_alert
        if before and alert and abs(now - before) > before * alert / 100.0:
            warnings.append(
                self.env._(
                    "%(percent)+d %% to the last shipment.", percent=100.0 * (now - before) / before
                )
            )
        return warnings

    def _get_last_total(self):
        """:return: total (float) of the member's last shipment, at the rate of its day in the
        currency of this one; 0.0 where there is none
        """
        done = self.member_id.shipment_ids.filtered(
            lambda s: s.state == "done" and s.club_id == self.club_id and s != self
        )
        last, currency = done.sorted("ship_date")[-1:].order_id, self.order_id.currency_id
        return (
            last.currency_id._convert(last.amount_total, currency, self.company_id, last.date_order)
            if last
            else 0.0
        )
