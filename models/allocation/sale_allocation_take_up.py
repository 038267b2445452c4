from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .quota import DIGITS, EPSILON, decide


@dataclass
class TakeUp:
    """How far one kind of customers has taken what it is offered.

    :ivar offered: by grants of all kinds; None for no maximum
    :ivar requested: asked for and not answered
    """

    name: str
    customers: int = 0
    offered: float | None = 0.0
    held: float = 0.0
    bought: float = 0.0
    requested: float = 0.0
    left: float | None = 0.0

    def share(self, quantity):
        """:return: how much of all there is a quantity comes to, in percent (int)"""
        whole = max(self.offered or 0.0, self.bought + self.held)
        return round(100 * quantity / whole) if whole else 0

    def add(self, taker):
        maximum, taken = taker.maximum, taker.used + taker.held
        self.customers += 1
        self.held += taker.held
        self.bought += taker.used
        self.requested += taker.requested
        self.offered = _sum(self.offered, maximum)
        self.left = _sum(self.left, None if maximum is None else max(maximum - taken, 0.0))


class Taker(NamedTuple):
    """What one customer is offered, and has taken of it.

    :ivar kind: the row that the customer counts in
    :ivar maximum: None for no maximum
    """

    customer_id: int
    kind: object
    maximum: float | None
    used: float
    held: float
    requested: float


def _sum(first, second):
    return None if first is None or second is None else round(first + second, DIGITS)


class SaleAllocation(models.Model):
    _inherit = "sale.allocation"

    used_quantity = fields.Float(
        string="Bought", compute="_compute_quantities", digits="Product Unit"
    )
    held_quantity = fields.Float(
        string="Held", compute="_compute_quantities", digits="Product Unit"
    )
    requested_quantity = fields.Float(
        string="Requested", compute="_compute_quantities", digits="Product Unit"
    )
    pool_left = fields.Float(
        string="Left of the pool", compute="_compute_quantities", digits="Product Unit"
    )
    promised_quantity = fields.Float(
        string="Promised",
        compute="_compute_quantities",
        digits="Product Unit",
        help="Granted on request and not bought yet: the pool keeps it.",
    )
    request_count = fields.Integer(compute="_compute_quantities")
    idle_count = fields.Integer(string="Not bought yet", compute="_compute_take_up")
    take_up = fields.Html(compute="_compute_take_up", sanitize=False)

    # -- In lists ----------------------------------------------------------

    @api.depends("balance_ids.used", "balance_ids.held", "request_ids.state", "pool_quantity")
    def _compute_quantities(self):
        taken = self._get_current_sums()
        asked = {
            allocation.id: (quantity, count)
            for allocation, quantity, count in self.env["sale.allocation.request"]._read_group(
                Domain("allocation_id", "in", self.ids) & Domain("state", "=", "requested"),
                ["allocation_id"],
                ["quantity:sum", "__count"],
            )
        }
        promised = dict(
            self.env["sale.allocation.request"]
            .search(Domain("allocation_id", "in", self.ids) & Domain("state", "=", "granted"))
            .grouped("allocation_id")
        )
        for allocation in self:
            allocation.promised_quantity = sum(
                promised.get(allocation._origin, self.env["sale.allocation.request"]).mapped(
                    "outstanding"
                )
            )
            own, pool = taken.get((allocation.id, True)), taken.get((allocation.id, False))
            # Guests, who all have one partner, take from the pool alone.
            used, held = max(own or (0.0, 0.0), pool or (0.0, 0.0))
            allocation.used_quantity = used
            allocation.held_quantity = held
            allocation.requested_quantity, allocation.request_count = asked.get(
                allocation.id, (0.0, 0)
            )
            given = allocation.pool_quantity - allocation.pool_floor
            allocation.pool_left = max(given - sum(pool or (0.0, 0.0)), 0.0)

    def _get_current_sums(self):
        """:return: (used, held) by (id, whether of customers or of the pool), in the periods that
        count now
        """
        sums = defaultdict(lambda: (0.0, 0.0))
        for allocation, partner, used, held in self._read_current_balances():
            key = (allocation.id, bool(partner))
            sums[key] = (sums[key][0] + used, sums[key][1] + held)
        return sums

    def _read_current_balances(self):
        """:return: (allocation, customer, used, held) of the balances that count now; of rolling
        days without what has rolled out of sight
        """
        now = fields.Datetime.now()
        balances = (
            self.env["sale.allocation.balance"]
            .sudo()
            .search_fetch(
                Domain("allocation_id", "in", self.ids)
                & Domain("period_start", "<=", now)
                & Domain("period_end", ">", now)
            )
        )
        aged = self._get_aged(now)
        return [
            (
                balance.allocation_id,
                balance.partner_id,
                max(round(balance.used - aged.get(balance.id, 0.0), DIGITS), 0.0),
                balance.held,
            )
            for balance in balances
        ]

    def _get_aged(self, now):
        """:return: what was used too long ago to count, by id of balance"""
        aged = {}
        for allocation in self.filtered(lambda a: a.period == "rolling"):
            before = fields.Datetime.subtract(now, days=allocation.rolling_days)
            groups = (
                self.env["sale.allocation.entry"]
                .sudo()
                ._read_group(
                    Domain("allocation_id", "=", allocation.id) & Domain("taken_at", "<=", before),
                    ["balance_id"],
                    ["used:sum"],
                )
            )
            aged.update({balance.id: used for balance, used in groups})
        return aged

    def _get_current_taken(self):
        """:return: (used, held) now by id of customer, without the pool"""
        self.ensure_one()
        return {
            customer.id: (used, held)
            for _allocation, customer, used, held in self._read_current_balances()
            if customer
        }

    # -- Take-up per type --------------------------------------------------

    @api.depends("grant_ids", "balance_ids.used", "balance_ids.held", "request_ids.state")
    def _compute_take_up(self):
        for allocation in self:
            # Told of all customers: one look for both.
            takers = allocation._origin._get_takers() if allocation._origin else []
            rows = allocation._origin._get_take_up(takers) if allocation._origin else []
            allocation.idle_count = sum(map(self._is_idle, takers))
            allocation.take_up = self.env["ir.qweb"]._render(
                "customer_type.sale_allocation_take_up", {"rows": rows, "allocation": allocation}
            )

    def _get_take_up(self, takers=None):
        """
        :param takers: what :meth:`_get_takers` gives, where that is known
        :return: :class:`TakeUp` values: one per type that is granted something, the strongest
            first, then customers with a grant of their own, then all others
        """
        self.ensure_one()
        types = self.grant_ids.customer_type_id.sorted("sequence")
        rows = {customer_type.id: TakeUp(customer_type.name) for customer_type in types}
        rows["own"] = TakeUp(self.env._("Grants of their own"))
        rows["others"] = TakeUp(self.env._("Others"))
        for taker in self._get_takers() if takers is None else takers:
            rows[taker.kind].add(taker)
        guests = self._get_taken_by_guests()
        if guests > EPSILON:
            rows["others"].bought += guests
        return [
            row
            for kind, row in rows.items()
            if row.customers or row.bought or kind not in ("own", "others")
        ]

    def _get_taken_by_guests(self):
        """:return: what was taken from the pool by nobody in particular"""
        if not self.pool_quantity:
            return 0.0
        sums = self._get_current_sums()
        return max(round(sums[self.id, False][0] - sums[self.id, True][0], DIGITS), 0.0)

    def _get_takers(self):
        """:return: :class:`Taker` values of all to whom something is granted, open yet, still, or
        not any more, and of all who have taken of it, or asked for more
        """
        self.ensure_one()
        taken = self._get_current_taken()
        asked = {
            request.partner_id.id: request.quantity
            for request in self.sudo().request_ids
            if request.state == "requested"
        }
        rule = self._get_own_rule()
        company = self.company_id or self.env.company
        customers = self._get_grant_holders()
        customers |= customers.browse(taken.keys() | asked.keys())
        customers = customers.filtered(lambda p: not p.company_id or p.company_id == company)
        acting = self._get_acting_type_ids(customers)
        personal = self.env["sale.allocation.grant"]._get_grants_by_partner(self, customers)
        now = fields.Datetime.now()
        sizes = defaultdict(float)
        for grant in rule.grants:
            size = float("inf") if grant.maximum is None else grant.maximum
            sizes[grant.type_id] = max(sizes[grant.type_id], size)
        takers = []
        for customer in customers:
            own = personal.get(customer.id, ())
            type_ids = acting[customer.id]
            maximum = decide(rule, own, type_ids, now).maximum
            if any(not grant.is_added for grant in own):
                kind = "own"
            else:
                held = [type_id for type_id in type_ids if type_id in sizes]
                kind = max(held, key=sizes.get, default="own" if own else "others")
            used, held = taken.get(customer.id, (0.0, 0.0))
            requested = asked.get(customer.id, 0.0)
            takers.append(Taker(customer.id, kind, maximum, used, held, requested))
        return takers

    # -- Who has not bought yet --------------------------------------------

    @api.model
    def _is_idle(self, taker):
        """:return: whether a customer (:class:`Taker`) who may have something bought nothing"""
        offered = taker.maximum is None or taker.maximum > EPSILON
        return taker.kind != "others" and offered and taker.used <= EPSILON

    def _get_idle_customers(self):
        """:return: the commercial partners to whom something is granted, and who bought nothing"""
        takers = self._get_takers() if self else []
        return self.env["res.partner"].browse(
            taker.customer_id for taker in takers if self._is_idle(taker)
        )

    def action_view_idle(self):
        """:return: an action that lists who has not bought yet, and can be written to"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.res_partner_action_idle"
        )
        action["domain"] = [("id", "in", self._get_idle_customers().ids)]
        action["context"] = {"allocation_id": self.id}
        return action
