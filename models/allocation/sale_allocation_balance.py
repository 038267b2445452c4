from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .quota import EPSILON


class AllocationContended(ConcurrencyError, psycopg2.OperationalError):
    """Somebody else changed the same balance just now: Odoo replays what was asked.

    The page that waits for a payment asks again where the database was busy; to it, it was.
    """


class SaleAllocationBalance(models.Model):
    """What a customer, or the pool, has given of an allocation in one period.

    The row on which all who want the last bottle collide: it is changed by one conditional update
    and by nothing else. What it says is the sum of its lines in the ledger.
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
        """Read what counts now for a customer and in the pools, in one query.

        What is kept in carts whose time is over counts no more, whether it was given back or not.

        :return: (used, held, aged, id of the row) by (id of allocation, id of partner or None,
            start of period)
        :rtype: dict
        """
        self.env["sale.order.line"].flush_model(["allocation_held_until"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.allocation_id, b.partner_id, b.period_start, b.used, b.held,
                       CASE WHEN b.held > 0 THEN (
                           SELECT sum(e.held)
                             FROM sale_order_line l
                             JOIN sale_allocation_entry e ON e.order_line_id = l.id
                            WHERE l.allocation_held_until <= %(now)s AND e.balance_id = b.id
                       ) END,
                       CASE WHEN a.period = 'rolling' THEN (
                           SELECT sum(e.used + e.held) FROM sale_allocation_entry e
                            WHERE e.balance_id = b.id
                              AND e.taken_at <= %(now)s - a.rolling_days * interval '1 day'
                       ) END,
                       b.id
                  FROM sale_allocation_balance b
                  JOIN sale_allocation a ON a.id = b.allocation_id
                 WHERE b.allocation_id IN %(allocations)s
                   AND (b.partner_id IS NULL OR b.partner_id = %(partner)s)
                   AND b.period_start <= %(now)s AND b.period_end > %(now)s
                """,
                now=now,
                allocations=tuple(rule.id for rule in rules),
                partner=customer.id or None,
            )
        )
        return {
            (allocation_id, partner_id, start): (
                used - (aged or 0),
                held - (expired or 0),
                aged or 0,
                row_id,
            )
            for allocation_id, partner_id, start, used, held, expired, aged, row_id in rows
        }

    @api.model
    def _ensure(self, keys):
        """
        :param keys: (id of allocation, id of partner or None, :class:`Period`) triples
        :return: the id of the row of each, made where there was none
        :rtype: dict
        """
        keys = sorted(set(keys), key=lambda key: (key[0], key[1] or 0, key[2]))
        ids = self._find(keys)
        missing = [key for key in keys if key not in ids]
        if not missing:
            return ids
        self.env["sale.allocation"].flush_model(["company_id"])
        with self._watch_contention():
            self._insert_rows(missing)
        self.env["sale.allocation"].invalidate_model(["balance_ids"])
        return ids | self._find(missing)

    @api.model
    def _insert_rows(self, keys):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO sale_allocation_balance
                            (allocation_id, partner_id, period_start, period_end, company_id,
                             used, held, create_uid, create_date, write_uid, write_date)
                SELECT v.allocation_id, v.partner_id::int, v.period_start::timestamp,
                       v.period_end::timestamp, a.company_id, 0, 0,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                  FROM (VALUES %(rows)s)
                       AS v(allocation_id, partner_id, period_start, period_end)
                  JOIN sale_allocation a ON a.id = v.allocation_id
                 ORDER BY v.allocation_id, v.partner_id
                ON CONFLICT DO NOTHING RETURNING id
                """,
                rows=SQL(", ").join((key[0], key[1], *key[2]) for key in keys),
                user=self.env.uid,
            )
        )

    @api.model
    def _find(self, keys):
        """:return: the ids of the rows that there are, by key as in :meth:`_ensure`"""
        if not keys:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT allocation_id, partner_id, period_start, id FROM sale_allocation_balance
                 WHERE (allocation_id, COALESCE(partner_id, 0), period_start) IN (%s)
                """,
                SQL(", ").join((key[0], key[1] or 0, key[2].start) for key in keys),
            )
        )
        ids = {tuple(row[:3]): row[3] for row in rows}
        found = {key: ids.get((key[0], key[1], key[2].start)) for key in keys}
        return {key: balance_id for key, balance_id in found.items() if balance_id}

    @contextmanager
    def _watch_contention(self):
        """Name the race that is lost on a balance, so that whoever loses it too often reads why."""
        try:
            yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            raise AllocationContended from error

    @api.model
    def _change(self, balance_id, used, held, limit=None):
        """The one place that changes a balance.

        :param float used, held: by how much
        :param float limit: what used and held may come to together, or None for no limit; what
            gives back is never refused
        :return: whether it was changed; False: the limit does not allow it
        """
        taking = used + held > EPSILON
        bound = SQL()
        if taking and limit is not None:
            bound = SQL("AND used + held + %s <= %s", used + held, limit + EPSILON)
        with self._watch_contention():
            return self._update_row(balance_id, used, held, bound)

    @api.model
    def _update_row(self, balance_id, used, held, bound):
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE sale_allocation_balance
                   SET used = GREATEST(round((used + %(used)s)::numeric, 6), 0),
                       held = GREATEST(round((held + %(held)s)::numeric, 6), 0),
                       write_uid = %(user)s, write_date = now() AT TIME ZONE 'UTC'
                 WHERE id = %(id)s %(bound)s
                RETURNING id
                """,
                used=used,
                held=held,
                user=self.env.uid,
                id=balance_id,
                bound=bound,
            )
        )
        return bool(rows)

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
