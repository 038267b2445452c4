import logging
from collections import defaultdict
from math import floor
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request

from ..policy.own_context import YES, is_own_word
from ..policy.policy import PolicyIssue
from ..policy.sale_order import PAYMENT_MINUTES
from .quota import DIGITS, EPSILON, CustomerAllocation, get_relevant
from .sale_allocation_balance import AllocationContended, BalanceKey
from .sale_allocation_entry import Taken

_logger = logging.getLogger(__name__)


class AllocationRefused(UserError):
    """There is not so much left, or not for this customer."""


class Move(NamedTuple):
    """What one order line is about to take from, or give back to, one balance."""

    line_id: int | None
    product_id: int | None
    balance: BalanceKey
    taken_at: object
    used: float
    held: float


class Demand(NamedTuple):
    """What an order wants of one allocation.

    :ivar quota: the :class:`CustomerAllocation`
    :ivar lines: the sale.order.line records that want it
    :ivar float wanted: how much, in the unit of the allocation
    :ivar float own: how much of that the order has taken, or holds, already
    """

    quota: CustomerAllocation
    lines: object
    wanted: float
    own: float

    @property
    def available(self):
        """What the order may hold in all, None for any quantity."""
        if self.quota.state != "open":
            return self.own
        left = self.quota.left
        return None if left is None else round(left + self.own, DIGITS)

    @property
    def fits(self):
        if self.own + EPSILON >= self.wanted:
            return True
        return self.available is None or self.wanted <= self.available + EPSILON


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Set once, with the first line in the ledger: all other orders need not look there.
    has_allocations = fields.Boolean(copy=False, readonly=True, groups="base.group_user")
    allocation_override_reason = fields.Char(
        string="Beyond allocations because",
        copy=False,
        groups="customer_type.group_override",
        help="Says why this order may take more than the allocations of the customer leave. The "
        "ledger shows it.",
    )

    # -- Whom and what it is about -----------------------------------------

    def _get_allocation_customer(self):
        """:return: the commercial partner whose balances this order takes from; none for guests,
        who all have one partner
        """
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        website = self.website_id
        if website and customer.id == website._get_policy_ids()["public_partner_id"]:
            return customer.browse()
        return customer

    def _get_allocation_lines(self):
        self.ensure_one()
        return self.order_line.filtered(lambda line: line._is_allocatable())

    def _get_allocation_rules(self):
        """:return: tuple of :class:`Rule` by id of the products on this order; no query"""
        self.ensure_one()
        return self.env["sale.allocation"]._get_rules(
            self.order_line.product_id, self.company_id, self.website_id
        )

    def _get_allocation_quotas(self, rules):
        """:return: :class:`CustomerAllocation` by id of allocation, of these rules and of all that
        cover what is on this order: one question for all of its lines
        """
        on_order = {rule for found in self._get_allocation_rules().values() for rule in found}
        return self.env["sale.allocation"]._get_quotas(
            on_order | set(rules), self.partner_id, self.website_id, self.company_id
        )

    def _get_allocation_unit(self, allocation_id):
        """:return: the uom.uom in which an allocation counts; no query for those that act"""
        allocations = self.env["sale.allocation"]
        rule = allocations._get_table(self.company_id.id)["rules"].get(allocation_id)
        if rule:
            return self.env["uom.uom"].browse(rule.uom_id)
        return allocations.browse(allocation_id).uom_id

    def _has_open_payment(self):
        """:return: whether money is on its way, or has arrived"""
        self.ensure_one()
        return any(
            tx.state in ("pending", "authorized", "done") for tx in self.sudo().transaction_ids
        )

    # -- The one mechanism -------------------------------------------------

    def _sync_allocations(self, excuse=None, leaving=(), past=None):
        """Bring the ledger in line with what the lines of these orders should have taken.

        The only way in which orders take from allocations, and give back: it writes the difference
        between what should be and what the ledger says, so it may be called at any time, and a
        second call does nothing.

        :param str excuse: take beyond the limit, for this reason
        :param leaving: ids of lines that are about to be deleted
        :param int past: id of an allocation from which confirmed lines that did not take yet do so,
            as of the day of their order
        :raise AllocationRefused: in the customer's words, where there is not so much left
        """
        for order in self.sudo():
            if order._may_have_taken() or past:
                order._sync_allocation(excuse, set(leaving), past)

    def _may_have_taken(self):
        self.ensure_one()
        if self.has_allocations:
            return True
        if self.state == "cancel" or not (rules := self._get_allocation_rules()):
            return False
        return self.state == "sale" or any(
            line.allocation_held_until and line.product_id.id in rules for line in self.order_line
        )

    def _sync_allocation(self, excuse, leaving, past):
        entries = self.env["sale.allocation.entry"]
        now = fields.Datetime.now()
        # What changes is known here; everything else is written before the hot rows are touched.
        self.env.flush_all()
        taken = entries._get_taken_cached(self) if self.has_allocations else []
        claims = self._get_allocation_claims(taken, leaving, past, now)
        moves, quotas = self._plan_allocation_moves(taken, claims, past, now)
        if moves:
            excuse = excuse or self._get_allocation_excuse()
            self._apply_allocation_moves(moves, quotas, excuse, bool(past))
        self._end_allocation_holds(now)

    def _get_allocation_claims(self, taken, leaving, past, now):
        """What a line has taken from stays what it takes from.

        :return: (quantity, status) that each line should have taken, by (line, id of allocation)
        """
        rules = self._get_allocation_rules()
        known = defaultdict(set)
        for row in taken:
            known[row.line_id, row.product_id].add(row.allocation_id)
        claims = {}
        for line in self._get_allocation_lines():
            status = line.id not in leaving and line._get_allocation_status(now)
            if not status:
                continue
            ids = set(known.get((line.id, line.product_id.id), ()))
            covering = rules.get(line.product_id.id, ())
            if past:
                ids |= {rule.id for rule in covering if rule.id == past}
            elif not ids:
                ids = line._get_new_allocation_ids(covering, status)
            for allocation_id in ids:
                unit = self._get_allocation_unit(allocation_id)
                claims[line, allocation_id] = (line._get_allocation_quantity(unit), status)
        return claims

    def _plan_allocation_moves(self, taken, claims, past, now):
        """:return: :class:`Move` values, and the quotas that bound what is taken anew"""
        rules = self.env["sale.allocation"]._get_table(self.company_id.id)["rules"]
        customer = self._get_allocation_customer()
        rows = defaultdict(list)
        for row in taken:
            rows[row.line_id, row.product_id, row.allocation_id, row.partner_id].append(row)
        wanted = {}
        for (line, allocation_id), (quantity, status) in claims.items():
            key = (line.id, line.product_id.id, allocation_id)
            own = sum(row.quantity for row in rows[(*key, customer.id)]) if customer else 0.0
            if customer:
                wanted[(*key, customer.id)] = (quantity, status)
            rule = rules.get(allocation_id)
            wanted[(*key, None)] = (
                self._get_pool_claim(rule, quantity, own, rows[(*key, None)], past),
                status,
            )
        moves, more = [], []
        for key in rows.keys() | wanted.keys():
            quantity, status = wanted.get(key, (0.0, "used"))
            rest = self._adjust_taken(rows[key], quantity, status, moves)
            if rest > EPSILON and key[2] in rules:
                more.append((key, rest, status))
        quotas = {}
        if more:
            # How much somebody else has taken since is asked by the update itself.
            quotas = self._get_allocation_quotas({rules[key[2]] for key, *_rest in more})
            moment = self.date_order if past else now
            for (line_id, product_id, allocation_id, partner_id), rest, status in more:
                period = self._get_allocation_period(quotas[allocation_id], partner_id, moment)
                used, held = (rest, 0.0) if status == "used" else (0.0, rest)
                balance = BalanceKey(allocation_id, partner_id, period)
                moves.append(Move(line_id, product_id, balance, moment, used, held))
        return moves, quotas

    @api.model
    def _get_pool_claim(self, rule, quantity, own, rows, past):
        """:return: what of a quantity is to be taken from the pool

        A pool that came after the customer's purchase, or is gone, is asked only for what is more
        than before.

        :param rule: the :class:`Rule`, or None for an archived allocation
        :param float own: what the customer's balance says already
        :param rows: what the pool's balance says already, :class:`Taken` values
        """
        pool = sum(row.quantity for row in rows)
        if not rule or rule.pool is None:
            return min(quantity, pool)
        if not pool and not past:
            return max(quantity - own, 0.0)
        return quantity

    def _get_allocation_period(self, quota, partner_id, moment):
        """:return: the :class:`Period` in which something that was taken at a moment counts"""
        period = quota.period if partner_id else quota.pool_period
        if period.start <= moment < period.end:
            return period
        allocations = self.env["sale.allocation"]
        rule = allocations._get_table(self.company_id.id)["rules"][quota.allocation_id]
        partner = self.env["res.partner"].browse(partner_id)
        anchors = allocations._get_anchors([rule], partner)
        periods = allocations._get_periods(rule, moment, anchors.get(rule.id))
        return periods[0] if partner_id else periods[1]

    @api.model
    def _adjust_taken(self, rows, quantity, status, moves):
        """Give back what is too much, the last taken first, and turn holds into purchases.

        :param rows: :class:`Taken` values of one line, the oldest first
        :param moves: list to which :class:`Move` values are added
        :return: how much is still to be taken
        """
        rest = quantity
        for row in rows:
            kept = min(max(row.quantity, 0.0), rest)
            rest = round(rest - kept, DIGITS)
            used, held = (kept, 0.0) if status == "used" else (0.0, kept)
            used, held = round(used - row.used, DIGITS), round(held - row.held, DIGITS)
            if abs(used) > EPSILON or abs(held) > EPSILON:
                moves.append(
                    Move(row.line_id, row.product_id, row.balance, row.taken_at, used, held)
                )
        return rest

    def _apply_allocation_moves(self, moves, quotas, excuse, is_past):
        """Change the balances, with their lines in the ledger.

        :raise AllocationRefused: where there is not so much left, and no excuse
        """
        rest = self._book_allocation_moves(moves, quotas, excuse if is_past else None)
        if rest and self._release_expired_allocations({move.balance for move in rest}):
            rest = self._book_allocation_moves(rest, quotas, excuse if is_past else None)
        if rest and not excuse:
            raise AllocationRefused(self._get_allocation_refusal(quotas[rest[0].balance[0]]))
        if rest:
            self._book_allocation_moves(rest, {}, excuse, is_override=True)
        self.env["sale.allocation"]._remember_taken(
            self, [Taken(m.line_id, self.id, *m[1:]) for m in moves]
        )
        if not self.has_allocations:
            self.has_allocations = True
        if rest and self._has_open_payment():
            self._flag_paid_beyond_allocations()

    def _book_allocation_moves(self, moves, quotas, reason, is_override=False):
        """
        :param moves: :class:`Move` values
        :param dict quotas: what bounds what is taken anew, by id of allocation
        :return: the moves that the limits do not allow
        """
        changes = defaultdict(lambda: [0.0, 0.0, None])
        # A row is the same one whenever its period is thought to end.
        keys = {}
        for move in moves:
            change = changes[keys.setdefault(move.balance.values, move.balance)]
            change[0] = round(change[0] + move.used, DIGITS)
            change[1] = round(change[1] + move.held, DIGITS)
            if quota := quotas.get(move.balance.allocation_id):
                change[2] = quota.get_bound(is_pool=not move.balance.partner_id)
        lines = [
            (move.balance, self._prepare_allocation_entry(move, reason, is_override))
            for move in moves
        ]
        done = self.env["sale.allocation.balance"]._book(changes, lines)
        return [move for move in moves if keys[move.balance.values] not in done]

    def _prepare_allocation_entry(self, move, reason, is_override):
        """Hook: the values of a line in the ledger, without its balance."""
        return {
            "kind": self._get_allocation_kind(move),
            "used": move.used,
            "held": move.held,
            "taken_at": move.taken_at,
            "order_line_id": move.line_id,
            "order_id": self.id,
            "order_name": self.name,
            "product_id": move.product_id,
            "user_id": self.env.uid,
            "is_override": is_override,
            "reason": reason,
        }

    def _flag_paid_beyond_allocations(self):
        """Hand to a person what was paid for when there was no more of it."""
        self._ask_staff(
            self.env._("Paid, but beyond the allocation"),
            activity_type="mail.mail_activity_data_warning",
        )

    @api.model
    def _get_allocation_kind(self, move):
        if is_own_word(self.env, "allocation_correction"):
            return "correction"
        if move.used > 0:
            return "use"
        return "hold" if move.held > 0 else "release"

    def _get_allocation_excuse(self):
        """Hook: why this order may take beyond the limit, in words, or None."""
        self.ensure_one()
        if not self._has_bought_allocations():
            # Money has moved: whoever looks at the activity decides what becomes of it.
            if self._is_paid_for():
                return self.env._("Paid already")
            if any(key.startswith("allocation") for key in self.policy_override_keys or []):
                return self.policy_override_reason
        # What was paid, or accepted, was the order as it was then.
        if self.env.user.has_group("customer_type.group_override"):
            reason = self.env.context.get("allocation_override_reason")
            return reason or self.allocation_override_reason or None
        return None

    def _has_bought_allocations(self):
        """:return: whether this order took what it sells already, and is changed now"""
        self.ensure_one()
        entries = self.env["sale.allocation.entry"]
        return self.has_allocations and any(
            row.used > EPSILON for row in entries._get_taken_cached(self)
        )

    def _release_expired_allocations(self, keys):
        """Give back what other carts hold of balances although their time is over.

        :return: whether there was any
        """
        balances = self.env["sale.allocation.balance"]._find(keys)
        if not balances:
            return False
        now = fields.Datetime.now()
        expired = self.env["sale.allocation.entry"]._get_expired_orders(balances.ids, now) - self
        expired._sync_allocations()
        return bool(expired)

    def _compare_allocations(self, taken):
        """For the nightly check: what a second call of :meth:`_sync_allocations` would change.

        :param taken: what the ledger says of this order, :class:`Taken` values
        :return: what the ledger says a line took, and what it should have, where they differ, by
            (id of line, id of allocation): of the customer, or where that is right, of the pool
        """
        self.ensure_one()
        now = fields.Datetime.now()
        # What is kept no longer is free already, whether it was given back or not.
        over = {
            line.id
            for line in self.order_line
            if line._is_hold_over(now) and not line._get_allocation_status(now)
        }
        rows = [row for row in taken if row.line_id not in over]
        claims = self._get_allocation_claims(rows, (), None, now)
        moves, _quotas = self._plan_allocation_moves(rows, claims, None, now)
        found = defaultdict(float)
        for row in rows:
            found[not row.partner_id, row.line_id, row.allocation_id] += row.quantity
        expected = found.copy()
        for move in moves:
            key = (not move.balance.partner_id, move.line_id, move.balance.allocation_id)
            expected[key] += move.used + move.held
        differences = {}
        for is_pool in (True, False):
            for key in expected:
                if key[0] == is_pool and abs(found[key] - expected[key]) > EPSILON:
                    differences[key[1:]] = (found[key], expected[key])
        return differences

    # -- Holds -------------------------------------------------------------

    def _end_allocation_holds(self, now):
        """Forget the deadlines of lines that keep nothing any more, or have bought it."""
        ended = self.order_line.filtered(
            lambda line: (
                line.allocation_held_until
                and (line._get_allocation_status(now) != "held" or line._is_hold_over(now))
            )
        )
        if ended:
            ended.allocation_held_until = False
            self.env["sale.allocation"]._forget_quotas()

    def _hold_allocations(self, minutes=PAYMENT_MINUTES):
        """Keep what is allocated on these orders for their customers while they pay.

        :raise AllocationRefused: where there is not so much left
        """
        until = fields.Datetime.add(fields.Datetime.now(), minutes=minutes)
        for order in self.sudo():
            rules = order._get_allocation_rules()
            if not rules:
                continue
            order._queue_for_allocations({rule for found in rules.values() for rule in found})
            # What another payment keeps is kept without a deadline.
            lines = order._get_allocation_lines()
            for line in lines if not order._has_open_payment() else ():
                if line.product_id.id in rules and (
                    not line.allocation_held_until or line.allocation_held_until < until
                ):
                    line.allocation_held_until = until
            order._sync_allocations()

    def _renew_allocation_holds(self):
        """Keep again what was kept in these carts before, on the customer's word.

        :raise AllocationRefused: where somebody else has it now
        """
        self.order_line._take_allocations()

    def _get_allocation_deadline(self):
        """:return: the first instant (naive UTC datetime) at which something in this cart is kept
        no longer, or None; for the timer that the customer sees
        """
        self.ensure_one()
        now = fields.Datetime.now()
        deadlines = [
            line.allocation_held_until
            for line in self.sudo().order_line
            if line.allocation_held_until and line.allocation_held_until > now
        ]
        return min(deadlines, default=None)

    def _sync_or_release_allocations(self):
        """Where the new customer of a cart may not have what it holds, it holds nothing."""
        for order in self.sudo().filtered(lambda o: o._may_have_taken()):
            if not order._try_sync_allocations():
                order.order_line.allocation_held_until = False
                order._sync_allocations(excuse=self.env._("The customer of the order changed"))

    def _try_sync_allocations(self):
        """:return: whether there was enough"""
        try:
            with self.env.cr.savepoint():
                self._sync_allocations()
        except AllocationRefused:
            self.env["sale.allocation"]._forget_quotas()
            return False
        return True

    @api.model
    def _cron_release_allocations(self):
        """Give back what is kept in carts, and for payments, whose time is over."""
        lines = self.env["sale.order.line"].search(
            [("allocation_held_until", "<=", fields.Datetime.now())]
        )
        orders = lines.order_id
        self.env["ir.cron"]._commit_progress(remaining=len(orders))
        for order in orders:
            try:
                # A busy order is about to be paid or changed: it comes with the next run.
                if order := order[0].try_lock_for_update():
                    order._sync_allocations()
                    self.env.flush_all()
            except (psycopg2.OperationalError, ConcurrencyError):
                self.env.cr.rollback()
                _logger.info("Somebody else bought just then; %s comes with the next run", order)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    # -- Every change of an order gives and takes --------------------------

    def write(self, vals):
        if "order_line" in vals:
            # One change may move bottles from line to line: only what comes of it counts.
            res = super(SaleOrder, self.with_context(allocation_later=YES)).write(vals)
        else:
            res = super().write(vals)
        if not is_own_word(self.env, "allocation_later"):
            if vals.keys() & {"state", "order_line"}:
                self._sync_allocations()
            elif vals.keys() & {"partner_id", "website_id", "company_id"}:
                self.filtered(lambda o: o.state in ("draft", "sent"))._sync_or_release_allocations()
                self.filtered(lambda o: o.state == "sale")._sync_allocations()
        return res

    def copy(self, default=None):
        # Nobody has put into the cart what is copied; it may be more than there is.
        copied = super(SaleOrder, self.with_context(allocation_unheld=YES)).copy(default)
        return copied.with_env(self.env)

    def unlink(self):
        self._sync_allocations(leaving=self.order_line.ids)
        self.env["sale.allocation.entry"]._forget_lines(self.ids)
        return super().unlink()

    def _queue_for_allocations(self, rules):
        """In a rush, wait for a turn before anything is done, instead of losing a race after it.

        :param rules: the :class:`Rule` values of what is about to be taken
        :raise AllocationContended: where this request has no turn yet
        """
        self.ensure_one()
        ids = self.env["sale.allocation.balance"]._get_rush({rule.id for rule in rules})
        # Whoever has paid does not wait: the page that asks what became of it would ask for ever.
        may_wait = ids and request and not getattr(request, "has_allocation_turn", True)
        if may_wait and not self._has_open_payment():
            raise AllocationContended(allocation_ids=ids)

    def action_confirm(self):
        for order in self.sudo():
            rules = order._get_allocation_rules().values()
            order._queue_for_allocations({rule for found in rules for rule in found})
        # Last of all, so that others wait for the balances as short as can be.
        res = super(SaleOrder, self.with_context(allocation_later=YES)).action_confirm()
        self._sync_allocations()
        return res

    # -- The cart corrects what it is given --------------------------------

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kwargs):
        allowed, warning = super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kwargs
        )
        product = self.env["product.product"].browse(product_id)
        rules = self.env["sale.allocation"]._get_rules(product, self.company_id, self.website_id)
        if allowed <= 0 or not rules:
            return allowed, warning
        self._queue_for_allocations({rule for rule in rules[product.id] if rule.mode == "reserve"})
        uom = self.env["uom.uom"].browse(uom_id) or product.uom_id
        room, refusal = self.sudo()._get_allocation_room(product, order_line, uom, allowed)
        if room >= allowed:
            return allowed, warning
        return room, " ".join(filter(None, [warning, refusal]))

    def _get_allocation_room(self, product, order_line, uom, quantity):
        """:return: how much of a product (int, at most ``quantity``) a line may hold in a unit, and
        why no more
        """
        least, tightest = quantity, None
        for demand in self._get_allocation_demands(product):
            if demand.available is None:
                continue
            unit = self._get_allocation_unit(demand.quota.allocation_id)
            factor = uom._compute_quantity(1.0, unit, round=False)
            others = sum(
                line._get_allocation_quantity(unit) for line in demand.lines - order_line.sudo()
            )
            room = max(floor(round((demand.available - others) / factor, 4)), 0)
            if room < least:
                least, tightest = room, demand
        if not tightest:
            return quantity, ""
        return least, self._get_allocation_refusal(tightest.quota, tightest.own)

    # -- The order gate ----------------------------------------------------

    def _get_allocation_demands(self, product=None):
        """What this order wants of which allocation, in three queries at most.

        :param product: a product.product that is about to be added; only what concerns it
        :return: list of :class:`Demand`
        """
        self.ensure_one()
        lines = self._get_allocation_lines()
        products = product or lines.product_id
        allocations = self.env["sale.allocation"]
        rules = allocations._get_rules(
            lines.product_id | products, self.company_id, self.website_id
        )
        if not any(rules.get(product_id) for product_id in products._origin.ids):
            return []
        quotas = self._get_allocation_quotas({rule for found in rules.values() for rule in found})
        own = self._get_own_allocations()
        deciding = {}
        for product_id, found in rules.items():
            known = [quotas[rule.id] for rule in found]
            deciding[product_id] = {quota.allocation_id for quota in get_relevant(known)} | {
                quota.allocation_id for quota in known if own.get(quota.allocation_id)
            }
        wanted = {
            allocation_id: lines.browse()
            for product_id in products._origin.ids
            for allocation_id in deciding.get(product_id, ())
        }
        for line in lines:
            for allocation_id in deciding.get(line.product_id._origin.id, ()):
                if allocation_id in wanted:
                    wanted[allocation_id] |= line
        return [
            Demand(
                quotas[allocation_id],
                found,
                sum(
                    line._get_allocation_quantity(self._get_allocation_unit(allocation_id))
                    for line in found
                ),
                own.get(allocation_id, 0.0),
            )
            for allocation_id, found in wanted.items()
        ]

    def _get_own_allocations(self):
        """:return: what this order holds or has bought, by id of allocation; nothing of what is
        kept no longer
        """
        order = self._origin
        if not order.has_allocations:
            return {}
        now = fields.Datetime.now()
        customer = order._get_allocation_customer()
        expired = {line.id for line in order.order_line if line._is_hold_over(now)}
        own = defaultdict(lambda: {True: 0.0, False: 0.0})
        for row in self.env["sale.allocation.entry"]._get_taken_cached(order):
            if row.line_id not in expired and row.partner_id in (None, customer.id):
                own[row.allocation_id][not row.partner_id] += row.quantity
        return {allocation_id: taken[not customer] for allocation_id, taken in own.items()}

    def _get_policy_issues(self, stage):
        return super()._get_policy_issues(stage) + self.sudo()._get_allocation_issues()

    @api.depends("order_line.product_id", "order_line.product_uom_qty", "order_line.product_uom_id")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    def _get_allocation_issues(self):
        """:return: an issue for each allocation of which this order may not have what it wants"""
        if not self.partner_id:
            return []
        issues = []
        for demand in self._get_allocation_demands():
            issue = self._prepare_allocation_issue(demand)
            if issue:
                issues.append(issue)
        return issues

    def _prepare_allocation_issue(self, demand):
        """:return: a :class:`PolicyIssue`, or None"""
        quota = demand.quota
        line_id = demand.lines[:1]._origin.id or None
        if demand.wanted <= EPSILON:
            return None
        if not demand.fits:
            return PolicyIssue(
                code=self._get_allocation_code(quota),
                level="block",
                message=self._get_allocation_refusal(quota, demand.own),
                line_id=line_id,
                fix=self._get_allocation_fix(demand),
            )
        misfit = self._get_allocation_misfit(demand)
        if misfit:
            code, message = misfit
            return PolicyIssue(code=code, level="block", message=message, line_id=line_id)
        if self._is_allocation_hold_over(demand):
            return PolicyIssue(
                code="allocation_hold_expired",
                level="warning",
                message=self.env._(
                    "%s is not kept for you any longer.",
                    self._get_allocation_name(quota),
                ),
                line_id=line_id,
                fix=self.env._("It is yours if it is still there when you pay."),
            )
        return None

    def _is_allocation_hold_over(self, demand):
        return (
            demand.quota.mode == "reserve"
            and self.has_allocations
            and self.state == "draft"
            and demand.own + EPSILON < demand.wanted
        )

    @api.model
    def _get_allocation_code(self, quota):
        """:return: the code of the issue that an allocation raises where it gives no more"""
        if quota.state != "open":
            return {
                "coming": "allocation_coming",
                "closed": "allocation_closed",
                "request": "allocation_request",
            }.get(quota.state, "allocation_not_granted")
        pool, own = quota.pool_left, quota.customer_left
        if pool is not None and (own is None or pool < own):
            return "allocation_pool"
        return "allocation_limit"

    @api.model
    def _get_allocation_name(self, quota):
        return self.env["sale.allocation"].browse(quota.allocation_id).name

    @api.model
    def _get_allocation_refusal(self, quota, own=0.0):
        """
        :param float own: what the order has already, and may keep
        :return: why there is no more of an allocation, in the customer's words
        """
        allocation = self.env["sale.allocation"].browse(quota.allocation_id)
        if quota.state != "open":
            return self._get_allocation_state_words(quota, allocation)
        name, left = allocation.name, round((quota.left or 0.0) + own, DIGITS)
        if self._get_allocation_code(quota) == "allocation_pool":
            if not left:
                return self.env._("Nothing is left of %s.", name)
            return self.env._("Only %(left)s of %(name)s are left.", left=f"{left:.10g}", name=name)
        if not left:
            return self.env._("You have had all of %s that is allocated to you.", name)
        return self.env._(
            "Only %(left)s of %(name)s are left for you.", left=f"{left:.10g}", name=name
        )

    @api.model
    def _get_allocation_state_words(self, quota, allocation):
        """:return: why an allocation is not open to the customer, in words"""
        name = allocation.name
        if quota.state == "coming":
            moment = allocation._format_moment(quota.opens_at, allocation.tz)
            return self.env._("%(name)s opens on %(moment)s.", name=name, moment=moment)
        if quota.state == "closed":
            moment = allocation._format_moment(quota.closes_at, allocation.tz)
            return self.env._("%(name)s closed on %(moment)s.", name=name, moment=moment)
        if quota.state == "request":
            return self.env._("%s is given on request only.", name)
        return self.env._("%s is sold to those to whom it is allocated.", name)

    @api.model
    def _get_demand_words(self, demand):
        """:return: what is left to the customer for this order, for the sales desk"""
        if demand.quota.state != "open":
            states = self.env["sale.allocation"]._fields["state"]._description_selection(self.env)
            return dict(states).get(demand.quota.state) or self.env._("Not granted")
        if demand.available is None:
            return self.env._("No maximum")
        return self.env._("%s left", f"{demand.available:.10g}")

    def action_view_allocation_entries(self):
        """:return: an action that lists what this order has taken, and given back"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.sale_allocation_entry_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        return action

    def _get_allocation_fix(self, demand):
        if demand.available:
            return self.env._("Order %s instead.", f"{demand.available:.10g}")
        return self.env._("Remove it to go on.")

    def _get_allocation_misfit(self, demand):
        """:return: (code, message) where it is below the minimum, or no multiple; else None"""
        quota = demand.quota
        total = quota.used + quota.held - demand.own + demand.wanted
        if quota.minimum and total < quota.minimum - EPSILON:
            return "allocation_minimum", self.env._(
                "Of %(name)s, at least %(minimum)s are ordered.",
                name=self._get_allocation_name(quota),
                minimum=f"{quota.minimum:.10g}",
            )
        if quota.multiple:
            times = demand.wanted / quota.multiple
            if abs(times - round(times)) > EPSILON:
                return "allocation_multiple", self.env._(
                    "%(name)s is ordered in multiples of %(multiple)s.",
                    name=self._get_allocation_name(quota),
                    multiple=f"{quota.multiple:.10g}",
                )
        return None
