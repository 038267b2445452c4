from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .period import Period
from .sale_allocation_balance import BalanceKey


class Taken(NamedTuple):
    """What one order line has taken from one balance at one moment, by the ledger."""

    line_id: int | None
    order_id: int
    product_id: int | None
    balance: BalanceKey
    taken_at: object
    used: float
    held: float

    @property
    def allocation_id(self):
        return self.balance.allocation_id

    @property
    def partner_id(self):
        return self.balance.partner_id

    @property
    def quantity(self):
        return self.used + self.held


class SaleAllocationEntry(models.Model):
    """The ledger: who took or gave back how much, when and why. Lines are never changed.

    Each line says by how much it changes what is used and what is held of its balance: a hold that
    is bought is one line that moves from one to the other.
    """

    _name = "sale.allocation.entry"
    _description = "Ledger of an Allocation"
    _order = "id desc"
    _rec_name = "order_name"

    balance_id = fields.Many2one(
        "sale.allocation.balance", required=True, readonly=True, ondelete="restrict", index=True
    )
    allocation_id = fields.Many2one(
        "sale.allocation", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    partner_id = fields.Many2one(related="balance_id.partner_id", string="Customer")
    kind = fields.Selection(
        [
            ("hold", "Hold"),
            ("use", "Use"),
            ("release", "Release"),
            ("correction", "Correction"),
        ],
        required=True,
        readonly=True,
    )
    used = fields.Float(readonly=True, help="By how much this changes what is used.")
    held = fields.Float(readonly=True, help="By how much this changes what is held.")
    taken_at = fields.Datetime(
        string="Counts from",
        required=True,
        readonly=True,
        help="When what this line changes was taken first: it counts in that period.",
    )
    order_line_id = fields.Many2one(
        "sale.order.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, ondelete="set null", index="btree_not_null"
    )
    order_name = fields.Char(string="Order Reference", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="set null")
    create_date = fields.Datetime(string="Date", readonly=True)
    is_override = fields.Boolean(
        string="Beyond the limit", readonly=True, help="Taken over what the limit allows."
    )
    reason = fields.Char(readonly=True)

    @api.model
    def _get_taken(self, order_ids):
        """:return: :class:`Taken` values of orders, the oldest first"""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.order_line_id, e.order_id, e.product_id, b.allocation_id, b.partner_id,
                       b.period_start, b.period_end, e.taken_at, sum(e.used), sum(e.held)
                  FROM sale_allocation_entry e
                  JOIN sale_allocation_balance b ON b.id = e.balance_id
                 WHERE e.order_id IN %s
                 GROUP BY 1, 2, 3, b.id, e.taken_at
                HAVING abs(sum(e.used)) > 0.0001 OR abs(sum(e.held)) > 0.0001
                 ORDER BY e.taken_at, b.id
                """,
                tuple(order_ids),
            )
        )
        return [
            Taken(
                *row[:3],
                BalanceKey(*row[3:5], Period(*row[5:7])),
                *row[7:],
            )
            for row in rows
        ]

    @api.model
    def _get_taken_cached(self, order):
        """:return: the same for one order, read once as long as nothing changes"""
        cache = self.env["sale.allocation"]._get_cache()
        key = ("taken", order.id)
        if key not in cache:
            cache[key] = self._get_taken(order.ids)
        return cache[key]

    @api.model
    def _get_insertion(self, lines):
        """
        :param lines: (:class:`BalanceKey`, values) pairs
        :return: the part of the statement that changes balances which writes their lines, of those
            that were changed
        :rtype: SQL
        """
        names = sorted({name for _key, values in lines for name in values})
        columns = [SQL.identifier(name) for name in names]
        return SQL(
            """,
            written AS (
                 INSERT INTO sale_allocation_entry
                        (balance_id, allocation_id, company_id, %(columns)s,
                         create_uid, create_date, write_uid, write_date)
                 SELECT b.id, b.allocation_id, b.company_id, %(values)s,
                        %(user)s, %(now)s, %(user)s, %(now)s
                   FROM (VALUES %(rows)s) AS v(allocation_id, partner_id, period_start, %(columns)s)
                   JOIN changed b
                     ON b.allocation_id = v.allocation_id
                    AND b.partner_id IS NOT DISTINCT FROM v.partner_id::int
                    AND b.period_start = v.period_start::timestamp
                 )
            """,
            columns=SQL(", ").join(columns),
            values=SQL(", ").join(
                SQL("v.%s::%s", column, SQL(self._fields[name].column_type[1]))
                for name, column in zip(names, columns, strict=True)
            ),
            rows=SQL(", ").join(
                (*key.values, *(values.get(name) for name in names)) for key, values in lines
            ),
            user=self.env.uid,
            now=self.env.cr.now(),
        )

    @api.model
    def _get_expired_orders(self, balance_ids, now):
        """:return: orders whose time in the cart is over and that still hold of these balances"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.order_id
                  FROM sale_order_line l
                  JOIN sale_allocation_entry e ON e.order_line_id = l.id
                 WHERE l.allocation_held_until <= %s AND e.balance_id IN %s
                 GROUP BY 1 HAVING sum(e.held) > 0.0001
                """,
                now,
                tuple(balance_ids),
            )
        )
        return self.env["sale.order"].browse(order_id for (order_id,) in rows).sudo()

    @api.model
    def _forget_lines(self, order_ids):
        """Before orders are deleted with all they have: the database would look for their lines
        again when the orders are gone from the ledger.
        """
        if not order_ids:
            return
        self.flush_model()
        self.env.execute_query(
            SQL(
                "UPDATE sale_allocation_entry SET order_line_id = NULL"
                " WHERE order_id IN %s AND order_line_id IS NOT NULL RETURNING id",
                tuple(order_ids),
            )
        )
        self.invalidate_model(["order_line_id"])
        self.env["sale.allocation"]._forget_quotas()

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The ledger is the history: nobody changes it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ledger is the history: nobody deletes from it."))
