from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .notice import send_notice

CARD_DAYS = 30
# Of these the customer knows already, or they are nothing to the customer.
_SILENT = ("merge", "moved")


class SaleClubMember(models.Model):
    _inherit = "sale.club.member"

    is_card_told = fields.Boolean(
        copy=False, readonly=True, help="The member has been told that the card expires."
    )

    def write(self, vals):
        if vals.keys() & {"payment_token_id", "card_expires_on"}:
            vals = {**vals, "is_card_told": False}
        return super().write(vals)

    def _activate(self):
        joining = self.filtered(lambda m: m.state == "waiting")
        super()._activate()
        joined = joining.filtered(lambda m: m.state == "active")
        # Who has waited reads that the waiting is over.
        admitted = joined.filtered("waiting_since")
        send_notice(admitted, "place")
        send_notice(joined - admitted, "joined")

    def _wait(self):
        super()._wait()
        send_notice(self, "waiting")

    def _change_club(self, club):
        super()._change_club(club)
        send_notice(self, "changed")

    def _hold(self, until=None, code="choice", reason=None):
        active = self.filtered(lambda m: m.state == "active")
        super()._hold(until, code, reason)
        send_notice(active.filtered(lambda m: m.state == "held"), "held")

    def _resume(self):
        held = self.filtered(lambda m: m.state == "held")
        super()._resume()
        send_notice(held.filtered(lambda m: m.state == "active"), "resumed")

    def _leave(self, state, code, reason):
        leaving = self.filtered(lambda m: m.state in self._open_states())
        super()._leave(state, code, reason)
        if code not in _SILENT:
            send_notice(leaving.filtered(lambda m: m.state == state), "cancelled")

    @api.model
    def _get_card_domain(self):
        """:return: Domain of the members who are to be told that their card expires"""
        soon = fields.Date.today() + timedelta(days=CARD_DAYS)
        return (
            Domain("state", "in", ("active", "held"))
            & Domain("club_id.payment", "=", "token")
            & Domain("card_expires_on", "<=", soon)
            & Domain("is_card_told", "=", False)
        )

    def _tell(self, notice):
        """Write to members, and remember it.

        :param str notice: ``card``, which expires: once for each card
        """
        send_notice(self, notice)
        self.is_card_told = True
