from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..policy.own_context import YES
from .quota import EPSILON

# The order up to which a check has come that is not through yet.
_CHECKED = "customer_type.allocation_checked_order"


class SaleAllocationDifference(models.Model):
    """What the nightly check found: ledger and orders, or balance and ledger, tell two stories.

    Nothing is put right but on the word of a manager.
    """

    _name = "sale.allocation.difference"
    _description = "Difference of an Allocation"
    _order = "id desc"
    _rec_name = "allocation_id"

    allocation_id = fields.Many2one(
        "sale.allocation", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    balance_id = fields.Many2one("sale.allocation.balance", readonly=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("order", "Order and ledger"), ("balance", "Ledger and balance")],
        required=True,
        readonly=True,
    )
    expected = fields.Float(readonly=True, help="What the order, or the ledger, says.")
    found = fields.Float(readonly=True, help="What the ledger, or the balance, says.")
    state = fields.Selection(
        [("open", "Open"), ("repaired", "Repaired"), ("gone", "Gone by itself")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )

    _order_uniq = models.UniqueIndex(
        "(order_id, allocation_id, COALESCE(order_line_id, 0))"
        " WHERE state = 'open' AND kind = 'order'"
    )
    _balance_uniq = models.UniqueIndex("(balance_id) WHERE state = 'open' AND kind = 'balance'")

    # -- Looking -----------------------------------------------------------

    @api.model
    def _cron_reconcile(self, batch_size=500):
        """Compare orders, ledger and balances; report what differs.

        Where time does not suffice for all orders, the next call begins where this one has stopped.
        """
        params = self.env["ir.config_parameter"].sudo()
        last_id = int(params.get_param(_CHECKED) or 0)
        order_ids = [order_id for order_id in self._get_orders_to_check() if order_id > last_id]
        self.env["ir.cron"]._commit_progress(remaining=len(order_ids) + 1)
        if not last_id:
            found = self._find_balance_differences()
            self._report(found, [("kind", "=", "balance")])
        has_time = self.env["ir.cron"]._commit_progress(1)
        while order_ids and has_time:
            batch, order_ids = order_ids[:batch_size], order_ids[batch_size:]
            found = self._find_order_differences(self.env["sale.order"].browse(batch))
            self._report(found, [("kind", "=", "order"), ("order_id", "in", batch)])
            last_id = batch[-1]
            if order_ids:
                params.set_param(_CHECKED, last_id)
            has_time = self.env["ir.cron"]._commit_progress(len(batch))
        if last_id and not order_ids:
            params.set_param(_CHECKED, 0)

    @api.model
    def _get_orders_to_check(self):
        """:return: ids of the orders that are in the ledger, or should be"""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT order_id FROM sale_allocation_entry WHERE order_id IS NOT NULL",
            )
        )
        orders = {order_id for (order_id,) in rows}
        for allocation in self.env["sale.allocation"].search([("active", "=", True)]):
            orders.update(allocation._get_orders_to_count().ids)
        return sorted(orders)

    @api.model
    def _find_balance_differences(self):
        """:return: values of the differences between balances and the sums of their lines"""
        self.env["sale.allocation.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.allocation_id, b.id, b.used + b.held, COALESCE(e.used + e.held, 0)
                  FROM sale_allocation_balance b
                  LEFT JOIN (SELECT balance_id, sum(used) AS used, sum(held) AS held
                               FROM sale_allocation_entry GROUP BY balance_id) e
                    ON e.balance_id = b.id
                 WHERE abs(b.used - COALESCE(e.used, 0)) > %(epsilon)s
                    OR abs(b.held - COALESCE(e.held, 0)) > %(epsilon)s
                """,
                epsilon=EPSILON,
            )
        )
        return [
            {
                "kind": "balance",
                "allocation_id": allocation_id,
                "balance_id": balance_id,
                "expected": expected,
                "found": found,
            }
            for allocation_id, balance_id, found, expected in rows
        ]

    @api.model
    def _find_order_differences(self, orders):
        """:return: values of the differences between orders and what the ledger says they took"""
        values = []
        orders = orders.sudo().exists()
        taken = defaultdict(list)
        for row in self.env["sale.allocation.entry"]._get_taken(orders.ids) if orders else ():
            taken[row.order_id].append(row)
        for order in orders:
            values += [
                {
                    "kind": "order",
                    "allocation_id": allocation_id,
                    "order_id": order.id,
                    "order_line_id": line_id,
                    "expected": expected,
                    "found": found,
                }
                for (line_id, allocation_id), (found, expected) in order._compare_allocations(
                    taken[order.id]
                ).items()
            ]
        return values

    @api.model
    def _report(self, values, domain):
        """Keep a list of what differs now: what is new is told, what is gone is marked.

        :param values: values of all differences that there are among those of a domain
        """
        known = {
            difference._get_key(): difference
            for difference in self.search([*domain, ("state", "=", "open")])
        }
        wanted = {self._get_key_of(vals): vals for vals in values}
        for key, difference in known.items():
            if key not in wanted:
                difference.state = "gone"
            elif difference.found != wanted[key]["found"]:
                difference.write(wanted[key])
        new = self.create([vals for key, vals in wanted.items() if key not in known])
        for allocation, differences in new.grouped("allocation_id").items():
            allocation._ask_responsible(
                self.env._("%s differences between orders and ledger", len(differences))
            )

    @api.model
    def _get_key_of(self, vals):
        return tuple(
            vals.get(name) or False
            for name in ("kind", "allocation_id", "balance_id", "order_id", "order_line_id")
        )

    def _get_key(self):
        self.ensure_one()
        return (
            self.kind,
            self.allocation_id.id,
            self.balance_id.id,
            self.order_id.id,
            self.order_line_id.id,
        )

    # -- Putting right -----------------------------------------------------

    def action_repair(self):
        """Bring the ledger in line with the order, or the balance in line with the ledger."""
        self.check_access("write")
        reason = self.env._("Repaired by %s", self.env.user.name)
        for difference in self.filtered(lambda d: d.state == "open"):
            if difference.kind == "balance":
                difference.balance_id.sudo()._repair()
            else:
                difference.order_id.with_context(allocation_correction=YES)._sync_allocations(
                    excuse=reason, past=difference.allocation_id.id
                )
            difference.state = "repaired"
        return True
