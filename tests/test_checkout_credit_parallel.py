from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .parallel_common import ParallelCommon


@tagged("post_install", "-at_install")
class TestParallelCredit(ParallelCommon, TransactionCase):
    """Two orders of one company want the last of its credit, in two real transactions."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            customer_type = env["customer.type"].create(
                {
                    "name": "Test Parallel Credit",
                    "pay_on_account": "allowed",
                    "credit_limit": 1000.0,
                }
            )
            partner = env["res.partner"].create({"name": "Test Parallel", "is_company": True})
            buyers = env["res.partner"].create(
                [{"name": name, "parent_id": partner.id} for name in ("Test One", "Test Two")]
            )
            partner._assign_customer_types(customer_type)
            product = env["product.product"].create(
                {"name": "Test Parallel Wine", "type": "service", "taxes_id": False}
            )
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": buyer.id,
                        "order_line": [
                            Command.create({"product_id": product.id, "price_unit": 600.0})
                        ],
                    }
                    for buyer in buyers
                ]
            )
            self.ids = {
                "sale.order": orders.ids,
                "res.partner": [*buyers.ids, partner.id],
                "product.template": product.product_tmpl_id.ids,
                "customer.type": customer_type.ids,
            }
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transactions = env["payment.transaction"].search(
                [("sale_order_ids", "in", self.ids["sale.order"])]
            )
            transactions.unlink()
            orders = env["sale.order"].browse(self.ids["sale.order"])
            orders.locked = False
            orders._action_cancel()
            for model, ids in self.ids.items():
                env[model].browse(ids).unlink()

    def _together(self, act):
        """Let a function act on each order, after both transactions have looked at the credit.

        :return: what came of it, as strings, sorted
        """

        def run(order_id, env, meet):
            order = env["sale.order"].browse(order_id)
            order._get_credit()
            meet()
            return act(order)

        acts = (partial(run, order_id) for order_id in self.ids["sale.order"])
        return sorted(self._run_together(*acts))

    def _states(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.ids["sale.order"])
            return sorted(orders.mapped("state")), orders[0]._get_credit().used

    def test_exactly_one_order_of_the_sales_desk_takes_the_last_of_the_limit(self):
        def confirm(order):
            order.action_confirm()
            return "Confirmed"

        outcomes = self._together(confirm)
        self.assertEqual(outcomes[0], "Confirmed")
        self.assertIn("not enough", outcomes[1])
        self.assertEqual(self._states(), (["draft", "sale"], 600.0))

    def test_exactly_one_cart_takes_the_last_of_the_limit(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            provider = env["payment.provider"].search(
                [("custom_mode", "=", "on_account"), ("company_id", "=", env.company.id)]
            )
            for order in env["sale.order"].browse(self.ids["sale.order"]):
                transaction = env["payment.transaction"].create(
                    {
                        "provider_id": provider.id,
                        "payment_method_id": provider.payment_method_ids.id,
                        "amount": order.amount_total,
                        "currency_id": order.currency_id.id,
                        "partner_id": order.partner_id.id,
                        "operation": "online_redirect",
                        "sale_order_ids": [Command.set(order.ids)],
                    }
                )
                transaction._process("custom", {"reference": transaction.reference})

        def post_process(order):
            order.transaction_ids._post_process()
            return order.transaction_ids.state

        self.assertEqual(self._together(post_process), ["cancel", "pending"])
        self.assertEqual(self._states(), (["draft", "sale"], 600.0))
