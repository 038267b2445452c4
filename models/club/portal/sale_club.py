from odoo import api, models
from odoo.fields import Domain

# More than a member can overlook on one page.
CHOICE_LIMIT = 200


class SaleClub(models.Model):
    _inherit = "sale.club"

    def _get_shown_domain(self, website):
        """:return: Domain of the clubs that a website offers to its visitors"""
        return (
            Domain("is_published", "=", True)
            & Domain("company_id", "=", website.company_id.id)
            & (Domain("website_ids", "=", False) | Domain("website_ids", "in", website.ids))
        )

    @api.model
    def _get_shown(self, website):
        """:return: the clubs (sale.club, as superuser) that a website offers to its visitors"""
        clubs = self.sudo()
        return clubs.search(clubs._get_shown_domain(website))

    def _get_memberships(self, partner):
        """:return: by club the open membership (sale.club.member, as superuser) of a customer"""
        members = self.env["sale.club.member"].sudo()
        mine = members.search(
            members._get_portal_domain(partner)
            & Domain("club_id", "in", self.ids)
            & Domain("state", "in", members._open_states())
        )
        return {member.club_id: member for member in mine}

    def _get_choice_products(self, website):
        """:return: product.product among which the visitor may choose, and may see and order"""
        self.ensure_one()
        products = self.env["product.product"].sudo()
        offered = products.search(self._get_choice_domain(), limit=CHOICE_LIMIT, order="name, id")
        return offered._get_shown(website).filtered(lambda p: p._is_ordered_by_visitor())

    def _join_waiting_list(self, partner, website):
        """Let a visitor wait for a place, where the club is full. That costs nothing: what the
        membership costs comes with the first shipment.

        :param partner: res.partner of the visitor
        """
        self.ensure_one()
        membership = self.product_id._get_shown(website)
        # Two who take the last place at once: the other one waits.
        self._lock_places()
        if not self._get_memberships(partner) and membership._may_join_with() and self._is_full():
            self._join(partner, is_fee_due=not membership._is_free_to_visitor())

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
