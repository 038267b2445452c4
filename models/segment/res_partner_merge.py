from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Join the ledgers first: the generic update deletes what would be open twice."""
        holder = dst_partner.sudo().commercial_partner_id
        assignments = src_partners.sudo().customer_type_assignment_ids
        assignments._move_to(holder)
        res = super()._update_foreign_keys(src_partners, dst_partner)
        # The update went past the ORM, and so past the projection.
        family = self.env["res.partner"].sudo().with_context(active_test=False)
        family = family.search([("commercial_partner_id", "in", (holder + dst_partner).ids)])
        for name in ("customer_type_ids", "customer_type_id", "customer_type_key"):
            self.env.add_to_compute(family._fields[name], family)
        # What was open for the merged customers is decided by what the remaining one holds.
        holder._customer_types_changed()
        return res
