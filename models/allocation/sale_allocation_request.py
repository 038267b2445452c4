from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .distribution import Claim
from .quota import DIGITS, EPSILON

# More than anybody drinks; what is beyond is a slip of the finger.
LARGEST = 100000


class SaleAllocationRequest(models.Model):
    """A customer would like more of an allocation; staff answers with a dated grant on top."""

    _name = "sale.allocation.request"
    _description = "Request for an Allocation"
    _inherit = ["mail.thread"]
    _order = "create_date desc, id desc"

    allocation_id = fields.Many2one(
        "sale.allocation", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    uom_id = fields.Many2one(related="allocation_id.uom_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict", index=True
    )
    quantity = fields.Float(string="Requested", digits="Product Unit", required=True, tracking=True)
    note = fields.Text(help="What the customer says.")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("done", "Bought"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="requested",
        index=True,
        tracking=True,
    )
    granted = fields.Float(digits="Product Unit", readonly=True, copy=False, tracking=True)
    granted_at = fields.Datetime(readonly=True, copy=False)
    valid_until = fields.Datetime(
        readonly=True, copy=False, help="Until when the customer may buy what was granted."
    )
    grant_id = fields.Many2one(
        "sale.allocation.grant", readonly=True, copy=False, ondelete="set null"
    )
    bought_before = fields.Float(
        readonly=True,
        copy=False,
        digits="Product Unit",
        help="What the customer had bought when this was granted, with what was left then: what is "
        "bought beyond is bought of this.",
    )
    bought = fields.Float(
        compute="_compute_bought", digits="Product Unit", help="What was bought of it."
    )
    outstanding = fields.Float(
        compute="_compute_bought",
        digits="Product Unit",
        help="What was granted and can still be bought.",
    )

    _open_uniq = models.UniqueIndex(
        "(allocation_id, partner_id) WHERE state = 'requested'",
        "This customer has asked for more of this allocation already: change that request.",
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0 AND granted >= 0)", "Ask for more than nothing."
    )

    @api.depends("allocation_id", "partner_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = (
                f"{request.allocation_id.display_name} · {request.partner_id.display_name}"
            )

    @api.depends("granted", "grant_id.maximum", "bought_before", "state")
    def _compute_bought(self):
        used = self._get_used()
        for request in self:
            beyond = used.get((request.allocation_id, request.partner_id), 0.0)
            beyond -= request.bought_before
            is_open = request.state == "granted"
            # Once it is over, what is bought is bought of something else.
            limit = request.granted if is_open else request.sudo().grant_id.maximum
            request.bought = min(max(round(beyond, DIGITS), 0.0), limit)
            request.outstanding = request.granted - request.bought if is_open else 0.0

    @api.model
    def _get_promised_sql(self, allocation_id, customer, now):
        """What is granted on request is a right: the pool keeps it until it is bought, or over.

        :param SQL allocation_id: of which allocation
        :param customer: res.partner whose own right is not asked for
        :return: a query for the sum of what others were granted and have not taken yet
        :rtype: SQL
        """
        return SQL(
            """
            SELECT sum(GREATEST(r.granted - GREATEST(COALESCE((
                       SELECT sum(o.used + o.held) FROM sale_allocation_balance o
                        WHERE o.allocation_id = r.allocation_id AND o.partner_id = r.partner_id
                   ), 0) - r.bought_before::float8, 0), 0))
              FROM sale_allocation_request r
             WHERE r.allocation_id = %s AND r.state = 'granted'
               AND r.partner_id IS DISTINCT FROM %s
               AND (r.valid_until IS NULL OR r.valid_until > %s)
            """,
            allocation_id,
            customer.id or None,
            now,
        )

    def _get_used(self):
        """:return: what was ever bought, by (allocation, customer) of these requests"""
        granted = self.filtered("granted")
        return self.env["sale.allocation.balance"]._get_ever_used(
            granted.allocation_id, granted.partner_id
        )

    @api.constrains("allocation_id", "partner_id")
    def _check_same_company(self):
        for request in self.sudo():
            companies = (request.allocation_id.company_id, request.partner_id.company_id)
            if all(companies) and companies[0] != companies[1]:
                raise ValidationError(
                    self.env._("The customer and the allocation belong to different companies.")
                )

    # -- Asking ------------------------------------------------------------

    @api.model
    def _create_from_customer(self, allocation, partner, quantity, note=None, website=None):
        """What a customer asks for in the shop or the portal. Asking again changes what was asked.

        :param allocation: sale.allocation
        :param partner: res.partner who asks
        :param float quantity: in the unit of the allocation
        :param website: website on which the customer asks
        :return: the request
        :raise UserError: in the customer's words, where there is no right to ask, or not now
        """
        self = self.sudo()  # noqa: PLW0642 (customers have no rights on requests)
        allocation = allocation.sudo().exists()
        customer = partner.sudo().commercial_partner_id
        quantity = self._check_quantity(quantity)
        self._check_right_to_ask(allocation, customer, website)
        values = {"quantity": quantity, "note": (note or "").strip()[:1000] or False}
        request = self.search(
            Domain("allocation_id", "=", allocation.id)
            & Domain("partner_id", "=", customer.id)
            & Domain("state", "=", "requested")
        )
        if request:
            request.write(values)
        else:
            request = self.create(
                {**values, "allocation_id": allocation.id, "partner_id": customer.id}
            )
        return request

    @api.model
    def _check_quantity(self, quantity):
        """
        :param quantity: a number, or what the customer has typed
        :rtype: float
        :raise UserError: where that is no quantity which can be asked for
        """
        try:
            quantity = round(float(str(quantity).replace(",", ".")), DIGITS)
        except ValueError:
            quantity = 0.0
        if not EPSILON <= quantity <= LARGEST:
            raise UserError(
                self.env._("Please say how many more you would like, at most %s.", LARGEST)
            )
        return quantity

    @api.model
    def _check_right_to_ask(self, allocation, customer, website=None):
        """Hook: raise where this customer cannot ask for more of an allocation now."""
        everybody = customer.with_context(active_test=False).user_ids
        if not customer or any(user._is_public() for user in everybody):
            raise UserError(self.env._("Sign in to ask for more."))
        company = allocation.company_id or (website and website.company_id) or self.env.company
        rule = allocation and allocation._get_table(company.id)["rules"].get(allocation.id)
        if not rule or (rule.website_ids and website and website.id not in rule.website_ids):
            raise UserError(self.env._("This is not on offer any more."))
        quota = allocation._get_quotas([rule], customer, website, company)[rule.id]
        words = self.env["sale.order"]._get_allocation_state_words
        if quota.state not in ("open", "request"):
            raise UserError(words(quota, allocation))
        if allocation.state != "open" and quota.state == "request":
            raise UserError(words(allocation._with_window(quota), allocation))

    # -- Answering ---------------------------------------------------------

    def action_grant(self):
        """:return: an action that shows who would get what, before it is granted"""
        requests = self.filtered(lambda r: r.state == "requested")
        if not requests:
            raise UserError(self.env._("These requests are answered already."))
        if len(requests.allocation_id) > 1:
            raise UserError(self.env._("Grant the requests of one allocation at a time."))
        wizard = self.env["sale.allocation.distribute"].create(
            {"allocation_id": requests.allocation_id.id, "request_ids": requests.ids}
        )
        return wizard._open()

    def action_refuse(self):
        """Refuse what is not answered yet."""
        self.allocation_id.check_access("write")
        self._refuse()
        return True

    def _refuse(self):
        """Refuse what is not answered yet, and tell the customers."""
        refused = self.filtered(lambda r: r.state == "requested")
        refused.state = "refused"
        refused._notify("customer_type.mail_template_allocation_refused")

    def _grant(self, quantities, valid_until=None):
        """Give these customers more, and tell them. All or nothing.

        :param dict quantities: by id of request; what is not in it, or zero, gets nothing
        :param valid_until: naive UTC datetime, or None: as long as the allocation is open
        :raise UserError: where somebody else has answered, or the pool does not hold so much
        """
        requests = self.filtered(lambda r: quantities.get(r.id, 0.0) > EPSILON)
        for allocation, asked in requests.grouped("allocation_id").items():
            allocation._lock_grants()
            asked.invalidate_recordset()
            if any(request.state != "requested" for request in asked):
                raise UserError(self.env._("Somebody else has answered one of these requests."))
            total = round(sum(quantities[request.id] for request in asked), DIGITS)
            available = allocation._get_available_to_grant()
            if available is not None and total > available + EPSILON:
                raise UserError(
                    self.env._(
                        "Only %(left)s of %(name)s can still be granted, not %(total)s.",
                        left=f"{available:.10g}",
                        name=allocation.name,
                        total=f"{total:.10g}",
                    )
                )
            # What was granted before and is over still counts as far as it was bought.
            self._close_over(
                Domain("allocation_id", "=", allocation.id)
                & Domain("partner_id", "in", asked.partner_id.ids)
            )
            for request in asked:
                request._grant_one(quantities[request.id], valid_until)
        requests._notify("customer_type.mail_template_allocation_granted")
        return requests

    def _grant_one(self, quantity, valid_until):
        quota = self._get_quota()
        until = self.allocation_id._get_added_until(quota, valid_until)
        now = fields.Datetime.now()
        grant = (
            self.env["sale.allocation.grant"]
            .sudo()
            .create(
                {
                    "allocation_id": self.allocation_id.id,
                    "partner_id": self.partner_id.id,
                    "maximum": quantity,
                    "origin": "request",
                    "valid_until": until,
                    "reason": self.env._(
                        "Requested on %s", fields.Date.to_string(self.create_date)
                    ),
                }
            )
        )
        self.sudo().write(
            {
                "state": "granted",
                "granted": quantity,
                "granted_at": now,
                "valid_until": until,
                "grant_id": grant.id,
                "bought_before": self._get_bought_before(quota),
            }
        )

    def _get_bought_before(self, quota):
        """:return: from how much that was bought on, what is bought is bought of this request"""
        used = self.env["sale.allocation.balance"]._get_ever_used(
            self.allocation_id, self.partner_id
        )
        left = quota.customer_left if quota.state == "open" else None
        return sum(used.values()) + quota.held + (left or 0.0)

    def _get_quota(self):
        """:return: what the customer may have now, a :class:`CustomerAllocation`"""
        self.ensure_one()
        allocation = self.allocation_id.sudo()
        customer = self.partner_id.sudo().commercial_partner_id
        rule, type_ids = allocation._get_own_rule(), allocation._get_acting_type_ids(customer)
        return allocation._get_customer_quotas([rule], customer, type_ids[customer.id])[rule.id]

    def _get_period(self):
        """:return: the :class:`Period` that counts for the customer now; no query but for years of
        membership
        """
        allocation = self.allocation_id.sudo()
        rule = allocation._get_own_rule()
        if rule.period == "membership":
            return self._get_quota().period
        return allocation._get_periods(rule, fields.Datetime.now())[0]

    def _notify(self, xmlid):
        """Send these customers a mail, unless its template is archived."""
        template = self.env.ref(xmlid, raise_if_not_found=False)
        if template and template.sudo().active and self:
            template.sudo().send_mail_batch(self.ids)

    def _prepare_claims(self):
        """:return: :class:`Claim` values of these requests"""
        customers = self.partner_id.sudo()
        since = {
            partner.id: day
            for partner, day in self.env["customer.type.assignment"]
            .sudo()
            ._read_group(
                Domain("partner_id", "in", customers.ids) & Domain("state", "=", "current"),
                ["partner_id"],
                ["date_from:min"],
            )
        }
        acting = {
            (allocation, customer_id): type_ids
            for allocation, asked in self.grouped("allocation_id").items()
            for customer_id, type_ids in allocation._get_acting_type_ids(
                asked.partner_id.sudo()
            ).items()
        }
        types = self.env["customer.type"].sudo()
        return [
            Claim(
                id=request.id,
                wanted=request.quantity,
                strength=min(
                    types.browse(acting[request.allocation_id, request.partner_id.id]).mapped(
                        "sequence"
                    ),
                    default=10**6,
                ),
                since=since.get(request.partner_id.id),
                asked_at=request.create_date,
            )
            for request in self
        ]

    # -- What becomes of it ------------------------------------------------

    @api.model
    def _cron_close_requests(self):
        """Close what is bought, or over."""
        self._close_over()

    @api.model
    def _close_over(self, domain=Domain.TRUE):
        """What was granted and is over lapses, but for what was bought of it."""
        now = fields.Datetime.now()
        granted = self.sudo().search(Domain(domain) & Domain("state", "=", "granted"))
        # Balances are changed past the ORM: what was read of them before may be old.
        granted.invalidate_recordset(["bought", "outstanding"])
        for request in granted:
            if request.outstanding <= EPSILON:
                request.state = "done"
                request._keep_bought()
            elif request._is_over(now):
                # Said first: what is bought is read while the request is open.
                request._keep_bought()
                request.state = "done" if request.bought > EPSILON else "expired"
        asked = self.sudo().search(Domain(domain) & Domain("state", "=", "requested"))
        asked.filtered(lambda r: r.allocation_id.state == "closed").state = "expired"

    def _is_over(self, now):
        until = self.valid_until or self.allocation_id.close_at
        return bool(until) and until <= now

    def _keep_bought(self):
        """Leave of the grant what was bought of it: what is used is counted from all grants."""
        for request in self.filtered("grant_id"):
            if request.bought > EPSILON:
                until = request.allocation_id._get_counted_until(
                    request.partner_id, request.granted_at
                )
                request.grant_id.write({"maximum": request.bought, "valid_until": until})
            else:
                request.grant_id.unlink()

    # -- CRUD --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].sudo()
        requests = super().create(
            [
                {
                    **vals,
                    "partner_id": partners.browse(vals.get("partner_id")).commercial_partner_id.id,
                }
                for vals in vals_list
            ]
        )
        if not self.env.su and any(request.state != "requested" for request in requests):
            # The pool would keep what nobody has granted.
            raise UserError(self.env._("A request is answered after it was made."))
        requests.allocation_id.sudo()._ask_for_answers()
        return requests

    def write(self, vals):
        res = super().write(vals)
        if not vals.keys().isdisjoint({"state", "granted", "valid_until", "bought_before"}):
            # The pool keeps more, or less.
            self.env["sale.allocation"]._forget_quotas()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_granted(self):
        if any(request.state in ("granted", "done") for request in self):
            raise UserError(self.env._("What was granted is part of the history."))
