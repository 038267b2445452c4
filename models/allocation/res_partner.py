from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    allocation_count = fields.Integer(
        compute="_compute_allocation_count", groups="customer_type.group_user"
    )

    def _compute_allocation_count(self):
        for partner in self:
            partner.allocation_count = self.env["sale.allocation"].search_count(
                partner._get_allocations_domain()
            )

    def _get_allocations_domain(self):
        """:return: the allocations of which this customer is granted something, or has bought"""
        self.ensure_one()
        customer = self.commercial_partner_id
        return (
            Domain("grant_ids.partner_id", "=", customer.id)
            | Domain("grant_ids.customer_type_id", "in", customer.customer_type_ids.ids)
            | Domain("balance_ids.partner_id", "=", customer.id)
        )

    def action_view_allocations(self):
        """:return: an action that lists the allocations of this customer"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.sale_allocation_action"
        )
        action["domain"] = list(self._get_allocations_domain())
        return action

    def action_write_about_allocation(self):
        """:return: an action that writes to these customers, or to all who have not bought yet: a
        mailing where there are mailings
        """
        allocation = self.env["sale.allocation"].browse(self.env.context.get("allocation_id"))
        if not self and allocation:
            self = allocation._get_idle_customers()  # noqa: PLW0642
        mailings = self.env.get("mailing.mailing")
        if mailings is not None and mailings.has_access("create"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "mailing.mailing",
                "view_mode": "form",
                "target": "current",
                "context": {
                    "default_mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "default_mailing_domain": repr([("id", "in", self.ids)]),
                    "default_subject": allocation.name or "",
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to customers"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": self.ids,
                "default_composition_mode": "mass_mail",
                "default_subject": allocation.name or "",
            },
        }
