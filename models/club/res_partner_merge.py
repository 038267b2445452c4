from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """A customer who remains is a member of a club once; the older membership stays."""
        members = self.env["sale.club.member"].sudo()
        open_members = members.search(
            [
                ("partner_id", "in", (src_partners + dst_partner).ids),
                ("state", "in", members._open_states()),
            ],
            order="joined_on, id",
        )
        for same_club in open_members.grouped("club_id").values():
            if doubles := same_club[1:]:
                doubles._leave_double(
                    same_club[:1], self.env._("Merged into %s", dst_partner.display_name)
                )
        res = super()._update_foreign_keys(src_partners, dst_partner)
        open_members.invalidate_recordset()
        open_members._sync_benefits()
        return res
