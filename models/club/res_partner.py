from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    club_member_count = fields.Integer(
        compute="_compute_club_member_count", groups="base.group_user"
    )

    def _compute_club_member_count(self):
        """Count the memberships of the whole family."""
        counts = self.env["sale.club.member"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["commercial_partner_id"],
            ["__count"],
        )
        by_partner = {partner.id: count for partner, count in counts}
        for partner in self:
            partner.club_member_count = by_partner.get(partner.commercial_partner_id.id, 0)

    def action_view_club_members(self):
        """:return: an action that lists the memberships of the customer"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.sale_club_member_action"
        )
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
