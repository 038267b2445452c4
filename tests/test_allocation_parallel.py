from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .parallel_common import ParallelCommon


@tagged("post_install", "-at_install")
class TestParallelAllocation(ParallelCommon, TransactionCase):
    """Two customers want the last bottles, in two real transactions."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.partner"].create({"name": "Test Parallel", "is_company": True})
            buyers = env["res.partner"].create(
                [{"name": name, "parent_id": company.id} for name in ("Test One", "Test Two")]
            )
            others = env["res.partner"].create([{"name": "Test Three"}, {"name": "Test Four"}])
            product = env["product.product"].create(
                {"name": "Test Parallel Wine", "type": "service", "taxes_id": False}
            )
            allocation = env["sale.allocation"].create(
                {
                    "name": "Test Parallel",
                    "product_ids": product.ids,
                    "pool_quantity": 100,
                    "grant_ids": [
                        Command.create({"partner_id": partner.id, "maximum": 6})
                        for partner in company + others
                    ],
                }
            )
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": partner.id,
                        "website_id": env["website"].search([], limit=1).id,
                        "order_line": [
                            Command.create({"product_id": product.id, "product_uom_qty": 4})
                        ],
                    }
                    for partner in buyers + others
                ]
            )
            self.ids = {
                "sale.order": orders.ids,
                "sale.allocation": allocation.ids,
                "res.partner": [*buyers.ids, *others.ids, *company.ids],
                "product.template": product.product_tmpl_id.ids,
            }
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.ids["sale.order"])
            orders.locked = False
            orders._action_cancel()
            env.flush_all()
            allocation_id = self.ids["sale.allocation"][0]
            for table in ("sale_allocation_entry", "sale_allocation_balance"):
                # The ledger refuses to be deleted, and is right: this one was a test.
                cr.execute(f"DELETE FROM {table} WHERE allocation_id = %s", (allocation_id,))
            env.invalidate_all()
            for model, ids in self.ids.items():
                env[model].browse(ids).unlink()

    def _together(self, act, order_ids):
        """Let a function act on orders, after both transactions have looked at what is left.

        :return: what came of it, as strings, sorted
        """

        def run(order_id, env, meet):
            order = env["sale.order"].browse(order_id)
            order._get_allocation_demands()
            meet()
            return act(order)

        return sorted(self._run_together(*(partial(run, order_id) for order_id in order_ids)))

    def _sums(self):
        """:return: (used, held) of the pool, and the sums of its ledger, in a new transaction"""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            pool = (
                env["sale.allocation"]
                .browse(self.ids["sale.allocation"])
                .balance_ids.filtered(lambda b: not b.partner_id)
            )
            ledger = pool.entry_ids
            return (
                (pool.used, pool.held),
                (sum(ledger.mapped("used")), sum(ledger.mapped("held"))),
            )

    def _write(self, **values):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["sale.allocation"].browse(self.ids["sale.allocation"]).write(values)

    def _confirm(self, order):
        order.action_confirm()
        return "Confirmed"

    def test_one_customer_in_two_windows_gets_six(self):
        outcomes = self._together(self._confirm, self.ids["sale.order"][:2])
        self.assertEqual(outcomes[0], "Confirmed")
        self.assertIn("Only 2 of Test Parallel are left for you", outcomes[1])
        self.assertEqual(self._sums(), ((4, 0), (4, 0)))

    def test_two_customers_share_the_last_of_the_pool(self):
        self._write(pool_quantity=6)
        outcomes = self._together(self._confirm, self.ids["sale.order"][2:])
        self.assertEqual(outcomes[0], "Confirmed")
        self.assertIn("Only 2 of Test Parallel are left", outcomes[1])
        self.assertEqual(self._sums(), ((4, 0), (4, 0)))

    def test_two_carts_want_to_keep_the_last_bottles(self):
        self._write(pool_quantity=6, mode="reserve")

        def hold(order):
            order._renew_allocation_holds()
            return "Held"

        outcomes = self._together(hold, self.ids["sale.order"][2:])
        self.assertEqual(outcomes[0], "Held")
        self.assertIn("Only 2", outcomes[1])
        self.assertEqual(self._sums(), ((0, 4), (0, 4)))

    def test_an_order_that_is_cancelled_twice_gives_back_once(self):
        order_id = self.ids["sale.order"][2]
        self._together(self._confirm, [order_id])

        def cancel(order):
            order._action_cancel()
            return "Cancelled"

        self.assertEqual(self._together(cancel, [order_id] * 2), ["Cancelled"] * 2)
        self.assertEqual(self._sums(), ((0, 0), (0, 0)))

    def test_what_is_kept_no_longer_is_given_to_one(self):
        self._write(pool_quantity=4, mode="reserve")
        first, second, third = self.ids["sale.order"][1:]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cart = env["sale.order"].browse(first)
            cart._renew_allocation_holds()
            cart.order_line.allocation_held_until = "2020-01-01"
        self.assertEqual(self._sums(), ((0, 4), (0, 4)))
        outcomes = self._together(self._confirm, [second, third])
        self.assertEqual(outcomes[0], "Confirmed")
        self.assertIn("Nothing is left of Test Parallel", outcomes[1])
        self.assertEqual(self._sums(), ((4, 0), (4, 0)))
