from odoo import models
from odoo.fields import Domain

from ...policy.policy import PolicyIssue


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_joined_clubs(self):
        """:return: the clubs (sale.club, as superuser) of which these orders buy the membership"""
        clubs = self.env["sale.club"].sudo()
        # Asked on every cart: shops without clubs ask the database nothing.
        if not clubs._get_membership_products():
            return clubs
        lines = self.order_line.filtered(lambda line: line.product_uom_qty > 0)
        for same in lines.product_id._get_clubs().values():
            clubs |= same
        return clubs.filtered(lambda club: club.company_id in self.company_id)

    def _get_charging_clubs(self):
        """:return: those of the clubs that these orders join which charge a card"""
        return self._get_joined_clubs().filtered(lambda club: club.payment == "token")

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        for club in self._get_joined_clubs():
            issues += self._get_joining_issues(club, stage)
        return issues

    def _get_joining_issues(self, club, stage):
        """Hook: what whoever buys a membership, or sells one, should know before.

        :param club: sale.club
        :return: list of :class:`PolicyIssue`
        """
        members = self.env["sale.club.member"].sudo()
        member = members.search(
            members._get_portal_domain(self.partner_id)
            & Domain("club_id", "=", club.id)
            & Domain("state", "in", members._open_states()),
            limit=1,
        )
        if member:
            message = self.env._(
                "%(customer)s is in %(club)s already.",
                customer=self.partner_id.display_name,
                club=club.name,
            )
            return [PolicyIssue("club_member", "warning", message)]
        issues = []
        if club._is_full():
            message = self.env._(
                "%s is full: this is a place on its waiting list. We write when one is free.",
                club.name,
            )
            issues.append(PolicyIssue("club_full", "warning", message))
        if club.payment == "token" and (message := self._get_card_message(club, stage)):
            issues.append(PolicyIssue("club_card", "info", message))
        return issues

    def _get_card_message(self, club, stage):
        """:return: where the card comes from that the club will charge, in words, or None"""
        if stage != "confirm" and self.amount_total:
            return self.env._(
                "%s charges each shipment to your card: the one with which you pay now is saved, "
                "so only ways to pay that can be saved are on offer.",
                club.name,
            )
        if self.sudo()._prepare_membership()["payment_token_id"]:
            return None
        return self.env._(
            "%s charges each shipment to a saved card. It is added under “My clubs” after joining.",
            club.name,
        )

    def _get_card_notice(self):
        """:return: what the payment page says about the card that a club will charge, or False"""
        messages = (self._get_card_message(club, "payment") for club in self._get_charging_clubs())
        return "\n".join(filter(None, messages)) or False
