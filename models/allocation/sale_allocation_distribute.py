from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .distribution import distribute
from .quota import EPSILON


class SaleAllocationDistribute(models.TransientModel):
    """Show who would get how much of what is asked for, by a rule or by hand; then grant it."""

    _name = "sale.allocation.distribute"
    _description = "Grant Requests"

    allocation_id = fields.Many2one("sale.allocation", required=True, readonly=True)
    uom_id = fields.Many2one(related="allocation_id.uom_id")
    request_ids = fields.Many2many("sale.allocation.request", readonly=True)
    rule = fields.Selection(
        [
            ("first", "First come"),
            ("round", "In turns, unit by unit"),
            ("strength", "Strongest type first"),
            ("tenure", "Longest holder of a type first"),
        ],
        required=True,
        default="first",
    )
    has_limit = fields.Boolean(compute="_compute_available")
    available = fields.Float(
        string="Can be granted",
        compute="_compute_available",
        digits="Product Unit",
        help="What is left of the pool, without what was granted on request and is not bought yet.",
    )
    quantity = fields.Float(
        string="To give away",
        digits="Product Unit",
        help="Zero: all that can be granted.",
    )
    unit = fields.Float(string="In units of", digits="Product Unit", default=1.0)
    valid_until = fields.Datetime(
        default=lambda self: fields.Datetime.add(fields.Datetime.now(), days=14),
        help="Until when customers may buy it. Empty: as long as the allocation is open.",
    )
    refuse_rest = fields.Boolean(
        string="Refuse the others", help="Those who get nothing are refused; else they wait."
    )
    line_ids = fields.One2many(
        "sale.allocation.distribute.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    requested = fields.Float(compute="_compute_totals", digits="Product Unit")
    granted = fields.Float(compute="_compute_totals", digits="Product Unit")
    is_too_much = fields.Boolean(compute="_compute_totals")

    @api.depends("allocation_id")
    def _compute_available(self):
        for wizard in self:
            available = wizard.allocation_id._get_available_to_grant()
            wizard.has_limit = available is not None
            wizard.available = available or 0.0

    @api.depends("rule", "quantity", "unit", "request_ids")
    def _compute_line_ids(self):
        for wizard in self:
            requests = wizard.request_ids._origin
            given = distribute(
                requests._prepare_claims(),
                wizard._get_quantity(),
                wizard.rule or "first",
                max(wizard.unit, EPSILON * 10) or 1.0,
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"request_id": request.id, "granted": given[request.id]})
                    for request in requests.sorted(lambda r: (r.create_date, r.id))
                ),
            ]

    def _get_quantity(self):
        """:return: what is given away by the rule, None for any quantity"""
        limits = [self.quantity] if self.quantity else []
        if self.has_limit:
            limits.append(self.available)
        return min(limits, default=None)

    @api.depends("line_ids.granted", "request_ids", "available")
    def _compute_totals(self):
        for wizard in self:
            wizard.requested = sum(wizard.request_ids.mapped("quantity"))
            wizard.granted = sum(wizard.line_ids.mapped("granted"))
            wizard.is_too_much = wizard.has_limit and wizard.granted > wizard.available + EPSILON

    def _open(self):
        """:return: an action that shows this wizard"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Grant requests"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """Grant what the lines say, for all of them or none."""
        self.ensure_one()
        self.allocation_id.check_access("write")
        if any(line.granted < 0 for line in self.line_ids):
            raise UserError(self.env._("Nobody can be granted less than nothing."))
        requests = self.line_ids.request_id
        granted = requests._grant(
            {line.request_id.id: line.granted for line in self.line_ids}, self.valid_until or None
        )
        if self.refuse_rest:
            (requests - granted)._refuse()
        return {"type": "ir.actions.act_window_close"}


class SaleAllocationDistributeLine(models.TransientModel):
    _name = "sale.allocation.distribute.line"
    _description = "Grant Requests: Customer"

    wizard_id = fields.Many2one(
        "sale.allocation.distribute", required=True, readonly=True, ondelete="cascade"
    )
    request_id = fields.Many2one("sale.allocation.request", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="request_id.partner_id")
    customer_type_id = fields.Many2one(related="partner_id.customer_type_id")
    asked_at = fields.Datetime(related="request_id.create_date", string="Asked")
    requested = fields.Float(related="request_id.quantity")
    note = fields.Text(related="request_id.note")
    granted = fields.Float(string="Gets", digits="Product Unit")
