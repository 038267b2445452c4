from odoo import models
from odoo.fields import Domain


class SaleClub(models.Model):
    _inherit = "sale.club"

    def _get_shown_domain(self, website):
        """:return: Domain of the clubs that a website offers to its visitors"""
        return (
            Domain("is_published", "=", True)
            & Domain("company_id", "=", website.company_id.id)
            & (Domain("website_ids", "=", False) | Domain("website_ids", "in", website.ids))
        )

    def _get_page_url(self):
        """:return: the address of the page that sells the club"""
        self.ensure_one()
        return f"/clubs/{self.env['ir.http']._slug(self)}"

    def _get_rhythm(self):
        """:return: how often the club ships, in words"""
        self.ensure_one()
        if self.schedule == "release":
            return self.env._("On chosen dates")
        number = self.interval_number
        if number == 1:
            return {
                "week": self.env._("Every week"),
                "month": self.env._("Every month"),
                "year": self.env._("Every year"),
            }[self.interval_unit]
        return {
            "week": self.env._("Every %s weeks", number),
            "month": self.env._("Every %s months", number),
            "year": self.env._("Every %s years", number),
        }[self.interval_unit]

    def _is_full(self):
        """:return: whether whoever joins now has to wait for a place"""
        self.ensure_one()
        return self._count_free_places() < 1

    def _count_waiting(self):
        """:return: how many wait for a place"""
        self.ensure_one()
        members = self.env["sale.club.member"].sudo()
        return members.search_count([("club_id", "=", self.id), ("state", "=", "waiting")])
