from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .period import Period
from .quota import EPSILON, Grant

# Nobody waits longer for a turn; the shop answers that it is busy then.
TURN_SECONDS = 20
# So long after a race was lost, others expect to lose one.
RUSH_SECONDS = 5
# When a race was lost last, by (database, id of allocation); each process finds out by itself.
_lost_at = {}


class BalanceKey(NamedTuple):
    """Which balance: of a customer, or with no partner that of the pool, in one period."""

    allocation_id: int
    partner_id: int | None
    period: Period

    @property
    def values(self):
        return (self.allocation_id, self.partner_id, self.period.start)


class Current(NamedTuple):
    """What counts now of a balance.

    :ivar aged: what it says beside that, and counts no longer
    """

    period_end: object = None
    used: float = 0.0
    held: float = 0.0
    aged: float = 0.0


NOTHING = Current()


class AllocationContended(ConcurrencyError, psycopg2.OperationalError):
    """Somebody else changed the same balance just now: Odoo replays what was asked.

    The page that waits for a payment asks again where the database was busy; to it, it was.

    :ivar allocation_ids: of which allocations
    """

    def __init__(self, *args, allocation_ids=()):
        super().__init__(*args)
        self.allocation_ids = tuple(allocation_ids)


_SAME_ROW = SQL(
    "w.allocation_id = b.allocation_id AND w.partner_id IS NOT DISTINCT FROM b.partner_id"
    " AND w.period_start = b.period_start"
)


class SaleAllocationBalance(models.Model):
    """What a customer, or the pool, has given of an allocation in one period.

    The row on which all who want the last bottle collide: it is changed by one conditional
    statement and by nothing else. What it says is the sum of its lines in the ledger.
    """

    _name = "sale.allocation.balance"
    _description = "Balance of an Allocation"
    _order = "period_start desc, partner_id, id"

    allocation_id = fields.Many2one(
        "sale.allocation", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    uom_id = fields.Many2one(related="allocation_id.uom_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the pool of all customers.",
    )
    period_start = fields.Datetime(required=True, readonly=True)
    period_end = fields.Datetime(required=True, readonly=True)
    used = fields.Float(readonly=True, required=True, default=0.0)
    held = fields.Float(readonly=True, required=True, default=0.0)
    entry_ids = fields.One2many("sale.allocation.entry", "balance_id", string="Ledger")

    _row_uniq = models.UniqueIndex("(allocation_id, COALESCE(partner_id, 0), period_start)")
    _not_negative = models.Constraint(
        "CHECK(used >= 0 AND held >= 0)", "Nothing less than nothing can be used of an allocation."
    )

    @api.depends("allocation_id", "partner_id")
    def _compute_display_name(self):
        for balance in self:
            holder = balance.partner_id.display_name or self.env._("Pool")
            balance.display_name = f"{balance.allocation_id.display_name} · {holder}"

    @api.model
    def _read_current(self, rules, customer, now):
        """Read what counts now for a customer and in the pools, in one query: what was taken, the
        grants of the customer, and what of the pools is promised to others.

        What is kept in carts whose time is over counts no more, whether it was given back or not.

        :return: :class:`Current` values by start of their period, by (id of allocation, id of
            partner or None); tuples of :class:`Grant`, and what is promised, by id of allocation
        :rtype: tuple[dict, dict, dict]
        """
        self.env["sale.order.line"].flush_model(["allocation_held_until"])
        self.env["sale.allocation.grant"].flush_model()
        requests = self.env["sale.allocation.request"]
        requests.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH acting AS MATERIALIZED (
                     SELECT a.id, CASE WHEN a.pool_quantity > 0 THEN (%(promised)s) END AS promised
                       FROM sale_allocation a WHERE a.id IN %(allocations)s
                     )
                SELECT a.id, a.promised, b.partner_id, b.period_start, b.period_end,
                       b.used, b.held, b.expired, b.aged,
                       g.id, FALSE, COALESCE(g.minimum, 0),
                       CASE WHEN g.is_unlimited THEN NULL ELSE COALESCE(g.maximum, 0) END,
                       COALESCE(g.default_quantity, 0), COALESCE(g.multiple, 0),
                       g.opens_at, g.closes_at, g.valid_until, g.origin
                  FROM acting a
                  LEFT JOIN (
                       SELECT b.*,
                              CASE WHEN b.held > 0 THEN (
                                  SELECT sum(e.held)
                                    FROM sale_order_line l
                                    JOIN sale_allocation_entry e ON e.order_line_id = l.id
                                   WHERE l.allocation_held_until <= %(now)s AND e.balance_id = b.id
                              ) END AS expired,
                              CASE WHEN a.period = 'rolling' THEN (
                                  SELECT sum(e.used + e.held) FROM sale_allocation_entry e
                                   WHERE e.balance_id = b.id
                                     AND e.taken_at <= %(now)s - a.rolling_days * interval '1 day'
                              ) END AS aged
                         FROM sale_allocation_balance b
                         JOIN sale_allocation a ON a.id = b.allocation_id
                        WHERE b.allocation_id IN %(allocations)s
                          AND (b.partner_id IS NULL OR b.partner_id = %(partner)s)
                          AND b.period_start <= %(now)s AND b.period_end > %(now)s
                       ) b ON b.allocation_id = a.id
                  LEFT JOIN sale_allocation_grant g
                    ON g.allocation_id = a.id AND g.partner_id = %(partner)s
                 ORDER BY a.id, g.id
                """,
                now=now,
                allocations=tuple(rule.id for rule in rules),
                partner=customer.id or None,
                promised=requests._get_promised_sql(SQL("a.id"), customer, now),
            )
        )
        balances, grants, promised = {}, {}, {}
        for allocation_id, kept, partner_id, start, end, used, held, expired, aged, *grant in rows:
            promised[allocation_id] = kept or 0.0
            if start:
                balances.setdefault((allocation_id, partner_id), {})[start] = Current(
                    end, used - (aged or 0), held - (expired or 0), aged or 0
                )
            if grant[0]:
                grants.setdefault(allocation_id, {})[grant[0]] = Grant(*grant)
        grants = {key: tuple(found.values()) for key, found in grants.items()}
        return balances, grants, promised

    @api.model
    def _get_ever_used(self, allocations, customers):
        """:return: what customers have bought in all periods, by (allocation, customer)
        :rtype: dict
        """
        groups = self.sudo()._read_group(
            Domain("allocation_id", "in", allocations.ids)
            & Domain("partner_id", "in", customers.ids),
            ["allocation_id", "partner_id"],
            ["used:sum"],
        )
        return {(allocation, customer): used for allocation, customer, used in groups}

    @api.model
    def _find(self, keys):
        """
        :param keys: :class:`BalanceKey` values
        :return: the balances that there are of these
        """
        return self.browse(
            balance_id
            for (balance_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM sale_allocation_balance
                     WHERE (allocation_id, COALESCE(partner_id, 0), period_start) IN (%s)
                     ORDER BY id
                    """,
                    SQL(", ").join((key[0], key[1] or 0, key.period.start) for key in keys),
                )
            )
        )

    @api.model
    def _book(self, changes, lines=()):
        """The one place that changes balances. What it changes, it writes into the ledger.

        All in one statement, so that others wait for these rows as short as can be; and everybody
        in the same order, the pool last, for which most wait.

        :param dict changes: (used, held, limit) by :class:`BalanceKey`: by how much each balance is
            changed, and what used and held may come to together, None for no limit. What gives
            back is never refused. A balance that is not there is made.
        :param lines: (:class:`BalanceKey`, values of a sale.allocation.entry) pairs
        :return: id of the balance by :class:`BalanceKey`; those whose limit does not allow it are
            not in it, nor are their lines written
        :rtype: dict
        """
        if not changes:
            return {}
        self.env["sale.allocation"].flush_model(["company_id"])
        try:
            rows = self.env.execute_query(self._get_booking(changes, lines))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            # Whoever loses this race too often reads why.
            ids = {key.allocation_id for key in changes}
            _lost_at.update(dict.fromkeys(((self.env.cr.dbname, i) for i in ids), monotonic()))
            raise AllocationContended(allocation_ids=sorted(ids)) from error
        found = {tuple(values): balance_id for balance_id, *values in rows}
        self.browse(found.values()).invalidate_recordset(["used", "held", "entry_ids"])
        self.env["sale.allocation"].invalidate_model(["balance_ids", "is_booked"])
        return {key: found[key.values] for key in changes if key.values in found}

    @api.model
    def _get_booking(self, changes, lines):
        """:return: the statement of :meth:`_book` (SQL)"""
        return SQL(
            """
            WITH wanted AS (
                 SELECT allocation_id, partner_id::int, period_start::timestamp,
                        period_end::timestamp, used::numeric, held::numeric, bound::numeric
                   FROM (VALUES %(changes)s) AS v(
                        allocation_id, partner_id, period_start, period_end, used, held, bound)
                 ),
                 changed AS (
                 INSERT INTO sale_allocation_balance AS b
                        (allocation_id, partner_id, period_start, period_end, company_id,
                         used, held, create_uid, create_date, write_uid, write_date)
                 SELECT w.allocation_id, w.partner_id, w.period_start, w.period_end, a.company_id,
                        GREATEST(w.used, 0), GREATEST(w.held, 0),
                        %(user)s, %(now)s, %(user)s, %(now)s
                   FROM wanted w
                   JOIN sale_allocation a ON a.id = w.allocation_id
                  WHERE w.bound IS NULL OR w.used + w.held <= w.bound
                  ORDER BY w.allocation_id, w.partner_id NULLS LAST, w.period_start
                     ON CONFLICT (allocation_id, COALESCE(partner_id, 0), period_start) DO UPDATE
                    SET (used, held, write_uid, write_date) = (
                        SELECT GREATEST(round(b.used::numeric + w.used, 6), 0),
                               GREATEST(round(b.held::numeric + w.held, 6), 0),
                               EXCLUDED.write_uid, EXCLUDED.write_date
                          FROM wanted w WHERE %(same_row)s)
                  WHERE EXISTS (
                        SELECT FROM wanted w WHERE %(same_row)s AND (w.bound IS NULL
                            OR (b.used + b.held)::numeric + w.used + w.held <= w.bound))
                 RETURNING b.id, b.allocation_id, b.partner_id, b.period_start, b.company_id
                 )%(written)s
            SELECT id, allocation_id, partner_id, period_start FROM changed
            """,
            changes=SQL(", ").join(
                (*key[:2], *key.period, used, held, self._get_bound(used, held, limit))
                for key, (used, held, limit) in changes.items()
            ),
            same_row=_SAME_ROW,
            user=self.env.uid,
            now=self.env.cr.now(),
            written=self.env["sale.allocation.entry"]._get_insertion(lines) if lines else SQL(),
        )

    @api.model
    def _get_bound(self, used, held, limit):
        """:return: what limits a change, None where nothing does"""
        return None if limit is None or used + held <= EPSILON else limit + EPSILON

    # -- Whose turn it is --------------------------------------------------

    @api.model
    def _get_rush(self, allocation_ids):
        """:return: those of these allocations (ids) of which a race was lost just now"""
        since = monotonic() - RUSH_SECONDS
        return sorted(
            allocation_id
            for allocation_id in allocation_ids
            if _lost_at.get((self.env.cr.dbname, allocation_id), since) > since
        )

    @api.model
    @contextmanager
    def _wait_for_turn(self, allocation_ids):
        """Wait until nobody else who waited has a turn at these allocations, and have one.

        What is read from then on is as the last one has left it. The turn ends with the block, so
        commit in it. Before it, nothing may be pending: what the transaction has done is undone.

        :raise psycopg2.OperationalError: where it would take too long
        """
        cr = self.env.cr
        queue = SQL("hashtext('sale.allocation')")
        cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{TURN_SECONDS}s"))
        waited = []
        try:
            for allocation_id in sorted(allocation_ids):
                cr.execute(SQL("SELECT pg_advisory_lock(%s, %s)", queue, allocation_id))
                waited.append(allocation_id)
            cr.rollback()
            yield
        except BaseException:
            cr.rollback()
            raise
        finally:
            for allocation_id in waited:
                cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", queue, allocation_id))

    def write(self, vals):
        if vals:
            raise UserError(self.env._("Balances follow the ledger; nobody writes them."))
        return super().write(vals)

    def _repair(self):
        """Let these balances say what their ledger says."""
        self.env["sale.allocation.entry"].flush_model()
        for balance in self.sorted("id"):
            self.env.execute_query(
                SQL(
                    """
                    UPDATE sale_allocation_balance b
                       SET used = GREATEST(e.used, 0), held = GREATEST(e.held, 0)
                      FROM (SELECT COALESCE(sum(used), 0) AS used, COALESCE(sum(held), 0) AS held
                              FROM sale_allocation_entry WHERE balance_id = %(id)s) e
                     WHERE b.id = %(id)s RETURNING b.id
                    """,
                    id=balance.id,
                )
            )
        self.invalidate_recordset(["used", "held"])
        self.env["sale.allocation"]._forget_quotas()
