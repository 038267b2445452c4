from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerTypeAssign(models.TransientModel):
    """Give types to, or take them from, many customers at once."""

    _name = "customer.type.assign"
    _description = "Assign Customer Types"

    action = fields.Selection(
        [("give", "Give types"), ("end", "End types")], required=True, default="give"
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    type_ids = fields.Many2many("customer.type", string="Customer Types", required=True)
    date_from = fields.Date(string="From", default=lambda self: self._today(), required=True)
    date_to = fields.Date(string="To", help="The last day. Empty: for good.")
    reason = fields.Char(help="Kept in the history of each customer.")
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _today(self):
        return self.env["customer.type.assignment"]._today(self.env.company)

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].browse(self.env.context.get("active_ids", []))

    @api.depends("partner_ids", "type_ids", "action")
    def _compute_summary(self):
        for wizard in self:
            holders = wizard._get_holders()
            open_count = len(wizard._get_open_assignments().partner_id)
            parts = [self.env._("Customers: %s.", len(holders))]
            if len(holders) != len(wizard.partner_ids):
                parts.append(self.env._("Contacts count with their company."))
            if wizard.type_ids and wizard.action == "give" and open_count:
                parts.append(
                    self.env._("By hand already, with new dates from now on: %s.", open_count)
                )
            if wizard.type_ids and wizard.action == "end":
                parts.append(self.env._("Holding one of these, to end now: %s.", open_count))
            wizard.summary = " ".join(parts)

    def _get_holders(self):
        """:return: the commercial partners of the chosen customers"""
        return self.partner_ids._origin.commercial_partner_id

    def _get_open_assignments(self):
        """:return: the open assignments by hand (to give) or removable (to end) of the chosen"""
        domain = (
            Domain("partner_id", "in", self._get_holders().ids)
            & Domain("type_id", "in", self.type_ids._origin.ids)
            & Domain("state", "!=", "ended")
        )
        if self.action == "give":
            domain &= Domain("source", "=", "manual")
        return self.env["customer.type.assignment"].search(domain)

    def action_apply(self):
        """Do it, for all of them or none."""
        self.ensure_one()
        if self.date_to and self.date_to < self.date_from:
            raise UserError(self.env._("The last day cannot be before the first."))
        if self.action == "give":
            self._get_holders()._assign_customer_types(
                self.type_ids,
                date_from=self.date_from,
                date_to=self.date_to,
                reason=self.reason,
            )
        else:
            assignments = self._get_open_assignments()
            assignments._check_removable()
            assignments._end(self.reason or self.env._("Ended by %s", self.env.user.name))
        return {"type": "ir.actions.act_window_close"}
