from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CustomerType(models.Model):
    _name = "customer.type"
    _description = "Customer Type"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        copy=False,
        help="A short name for imports and integrations, for example WHOLESALE.",
    )
    sequence = fields.Integer(
        string="Rank",
        default=10,
        tracking=True,
        help="Where a customer holds several types, the one highest in the list decides first.",
    )
    active = fields.Boolean(default=True, tracking=True)
    color = fields.Integer(default=0)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the type acts in every company."
    )
    website_ids = fields.Many2many(
        "website",
        string="Websites",
        help="The type acts on these websites only, and not on orders typed by the sales desk. "
        "Empty: it acts everywhere.",
    )
    description = fields.Html(
        string="Shown to the customer",
        translate=True,
        help="What the customer reads about this type, in your words.",
    )
    note = fields.Text(string="Internal note")
    is_test = fields.Boolean(
        string="Testing group",
        tracking=True,
        help="Holders are you and your colleagues: what they order is marked, "
        "so that reports and mailings can leave it out.",
    )
    assignment_ids = fields.One2many("customer.type.assignment", "type_id", string="Assignments")
    partner_count = fields.Integer(string="Customers", compute="_compute_partner_count")
    scheduled_count = fields.Integer(string="Coming", compute="_compute_partner_count")

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another customer type has this code already."
    )

    @api.depends("assignment_ids.state", "assignment_ids.partner_id.active")
    def _compute_partner_count(self):
        counts = self.env["customer.type.assignment"]._read_group(
            Domain("type_id", "in", self.ids)
            & Domain("state", "!=", "ended")
            & Domain("partner_id.active", "=", True),
            ["type_id", "state"],
            ["partner_id:count_distinct"],
        )
        count_by_state = {(type_.id, state): count for type_, state, count in counts}
        for customer_type in self:
            customer_type.partner_count = count_by_state.get((customer_type.id, "current"), 0)
            customer_type.scheduled_count = count_by_state.get((customer_type.id, "scheduled"), 0)

    @api.constrains("company_id")
    def _check_company_of_holders(self):
        """A type cannot withdraw into one company while customers of another hold it."""
        for customer_type in self.filtered("company_id"):
            foreign = self.env["customer.type.assignment"].search_count(
                Domain("type_id", "=", customer_type.id)
                & Domain("state", "!=", "ended")
                & Domain("partner_id.company_id", "not in", [False, customer_type.company_id.id]),
                limit=1,
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(type)s is held by customers of another company. End those "
                        "assignments first, or leave the company of the type empty.",
                        type=customer_type.name,
                    )
                )

    @api.constrains("company_id", "website_ids")
    def _check_websites_of_company(self):
        for customer_type in self.filtered("company_id"):
            if foreign := customer_type.website_ids.filtered(
                lambda w, company=customer_type.company_id: w.company_id != company
            ):
                raise ValidationError(
                    self.env._(
                        "%(website)s is a website of another company than that of %(type)s.",
                        website=foreign[0].name,
                        type=customer_type.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        held = self.env["customer.type.assignment"].search([("type_id", "in", self.ids)], limit=1)
        if held:
            raise UserError(
                self.env._(
                    "%(type)s is part of the history of %(partner)s and cannot be deleted. "
                    "Archive it instead: then nobody gets anything from it any more.",
                    type=held.type_id.name,
                    partner=held.partner_id.display_name,
                )
            )

    def write(self, vals):
        changed = self.filtered(lambda t: t.active != vals["active"]) if "active" in vals else self
        res = super().write(vals)
        if "active" in vals and changed:
            changed._notify_holders()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for customer_type, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", customer_type.name)
        return vals_list

    def _notify_holders(self):
        """Let everything that depends on what these types give look again at their holders."""
        holders = (
            self.env["customer.type.assignment"]
            .sudo()
            .search([("type_id", "in", self.ids), ("state", "=", "current")])
            .partner_id
        )
        if holders:
            holders._customer_types_changed()

    # -- Actions -----------------------------------------------------------

    def action_view_partners(self):
        """:return: an action that lists who holds this type today"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.res_partner_action_by_type"
        )
        action["context"] = {"search_default_customer_type_ids": self.id}
        action["display_name"] = self.env._("%s: customers", self.name)
        return action

    def action_view_assignments(self):
        """:return: an action that lists the history of this type"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.customer_type_assignment_action"
        )
        action["context"] = {
            "search_default_type_id": self.id,
            "search_default_open": 1,
            "default_type_id": self.id,
        }
        return action
