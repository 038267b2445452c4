from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .quota import Grant


class SaleAllocationGrant(models.Model):
    """How much of an allocation a type, or one customer, may have.

    "No maximum" is said by its own tick: a maximum of zero means nothing, for a type and for a
    customer. Grants by staff say what there is; those of other origins come on top.
    """

    _name = "sale.allocation.grant"
    _description = "Grant of an Allocation"
    _order = "allocation_id, customer_type_id, partner_id, id"

    allocation_id = fields.Many2one(
        "sale.allocation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    uom_id = fields.Many2one(related="allocation_id.uom_id")
    # Else the grant of a deleted type would be nobody's.
    customer_type_id = fields.Many2one("customer.type", ondelete="restrict", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="cascade", index="btree_not_null"
    )
    minimum = fields.Float(digits="Product Unit", help="Whoever buys, buys at least so many.")
    is_unlimited = fields.Boolean(string="No maximum")
    maximum = fields.Float(digits="Product Unit", help="Zero: nothing.")
    default_quantity = fields.Float(string="Default", digits="Product Unit")
    multiple = fields.Float(string="In multiples of", digits="Product Unit")
    opens_at = fields.Datetime(string="Opens", help="Empty: when the allocation opens.")
    closes_at = fields.Datetime(string="Closes", help="Empty: when the allocation closes.")
    valid_until = fields.Datetime(help="From then on there is no such grant. Empty: for good.")
    origin = fields.Selection(
        [
            ("staff", "Staff"),
            ("request", "Request"),
            ("waterfall", "Waterfall"),
            ("carry", "Carry-over"),
        ],
        required=True,
        default="staff",
        readonly=True,
        help="Grants by staff say what there is; those of other origins come on top.",
    )
    step_id = fields.Many2one(
        "sale.allocation.step",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
    )
    reason = fields.Char()

    _holder_exactly_one = models.Constraint(
        "CHECK((customer_type_id IS NULL) != (partner_id IS NULL))",
        "A grant is for one customer type or for one customer.",
    )
    _quantities_fit = models.Constraint(
        "CHECK(minimum >= 0 AND maximum >= 0 AND default_quantity >= 0 AND multiple >= 0"
        " AND (is_unlimited OR maximum = 0 OR minimum <= maximum))",
        "The quantities of a grant cannot be negative, and its minimum cannot exceed its maximum.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at)",
        "A grant closes after it opens.",
    )
    _carry_uniq = models.UniqueIndex(
        "(allocation_id, partner_id, opens_at) WHERE origin = 'carry'",
        "What was left of a period is carried over once.",
    )

    @api.depends("customer_type_id", "partner_id", "allocation_id")
    def _compute_display_name(self):
        for grant in self:
            holder = grant.customer_type_id or grant.partner_id
            grant.display_name = f"{grant.allocation_id.display_name} · {holder.display_name}"

    @api.constrains("minimum", "maximum", "multiple", "is_unlimited")
    def _check_multiple(self):
        for grant in self:
            if grant.multiple and not grant.is_unlimited and 0 < grant.maximum < grant.multiple:
                raise ValidationError(
                    self.env._("A maximum below the multiple would leave nothing to order.")
                )

    @api.constrains("customer_type_id", "partner_id", "allocation_id")
    def _check_same_company(self):
        for grant in self.sudo():
            holder = grant.customer_type_id or grant.partner_id
            companies = (grant.allocation_id.company_id, holder.company_id)
            if all(companies) and companies[0] != companies[1]:
                raise ValidationError(
                    self.env._(
                        "%(holder)s belongs to %(other)s, the allocation to %(company)s.",
                        holder=holder.display_name,
                        other=companies[1].name,
                        company=companies[0].name,
                    )
                )

    def _prepare_grant(self):
        """:rtype: Grant"""
        self.ensure_one()
        return Grant(
            id=self.id,
            type_id=self.customer_type_id.id,
            minimum=self.minimum,
            maximum=None if self.is_unlimited else self.maximum,
            default=self.default_quantity,
            multiple=self.multiple,
            opens_at=self.opens_at or None,
            closes_at=self.closes_at or None,
            valid_until=self.valid_until or None,
            origin=self.origin,
        )

    @api.model
    def _get_grants_by_partner(self, allocation, customers):
        """:return: tuple of :class:`Grant` of an allocation by id of commercial partner"""
        grants = self.sudo().search(
            Domain("partner_id", "in", customers.ids) & Domain("allocation_id", "=", allocation.id)
        )
        return {
            customer.id: tuple(grant._prepare_grant() for grant in found)
            for customer, found in grants.grouped("partner_id").items()
        }

    # -- CRUD --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        grants = super().create([self._for_commercial_partner(vals) for vals in vals_list])
        grants._grants_changed()
        return grants

    def write(self, vals):
        self._grants_changed()
        res = super().write(self._for_commercial_partner(vals))
        self._grants_changed()
        return res

    def unlink(self):
        had_types = bool(self.customer_type_id)
        res = super().unlink()
        self._grants_changed(had_types)
        return res

    @api.model
    def _for_commercial_partner(self, vals):
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.sudo().commercial_partner_id.id}

    def _grants_changed(self, of_types=None):
        """Only grants for types are in the table; those of customers are many, and read anew."""
        allocations = self.env["sale.allocation"]
        allocations._forget_quotas()
        if self.customer_type_id if of_types is None else of_types:
            allocations._allocations_changed()
