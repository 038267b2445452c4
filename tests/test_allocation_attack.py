from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.allocation.sale_order import AllocationRefused

from .allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationAttack(AllocationCommon):
    """Ways around an allocation that somebody may find."""

    # -- Words in the context ----------------------------------------------

    def test_nobody_says_by_rpc_that_an_order_takes_later(self):
        forged = {"allocation_later": True, "allocation_unheld": True}
        order = self._order(6).with_user(self.salesman).with_context(**forged)
        order.write({"state": "sale"})
        self.assertEqual(self._balance(self.person), (6.0, 0.0))
        with self.assertRaises(AllocationRefused):
            order.order_line.product_uom_qty = 7

    # -- Quantities --------------------------------------------------------

    def test_negative_lines_give_nothing_back(self):
        order = self._order(7)
        order.order_line = [Command.create({"product_id": self.product.id, "product_uom_qty": -1})]
        with self.assertRaises(UserError):
            order.action_confirm()

    def _is_refused(self, order, quantity):
        """:return: whether Odoo or the allocation stops an order over a quantity"""
        try:
            with self.cr.savepoint():
                order.order_line.product_uom_qty = quantity
                if order.state == "draft":
                    order.action_confirm()
        except (UserError, ValueError, OverflowError):
            return True
        return False

    def test_what_is_not_a_number_is_not_taken(self):
        order = self._order(1)
        self.assertTrue(self._is_refused(order, float("nan")))
        bought = self._buy(2)
        self.assertTrue(self._is_refused(bought, float("nan")))
        self.assertEqual(self._balance(self.person), (2, 0))

    def test_huge_quantities(self):
        for quantity in (1e9, 1e15, 1e300, float("inf")):
            self.assertTrue(self._is_refused(self._order(1), quantity), quantity)
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_halves_add_up(self):
        for _half in range(12):
            self._buy(0.5)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._buy(0.01)
        self.assertEqual(self._balance(self.person), (6, 0))

    def test_a_bigger_unit_is_more(self):
        cart = self._cart(1)
        allowed, warning = cart._verify_updated_quantity(
            cart.order_line, self.product.id, 1, self.dozen.id
        )
        self.assertEqual(allowed, 0)
        self.assertTrue(warning)
        with self.assertRaises(UserError):
            order = self._buy(1)
            order.order_line.product_uom_id = self.dozen

    # -- Orders that are confirmed -----------------------------------------

    def test_another_product_in_a_confirmed_order(self):
        order = self._buy(20, product=self.other)
        with self.assertRaises(AllocationRefused), self.cr.savepoint():
            order.order_line.product_id = self.product
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_what_was_overridden_once_is_not_overridden_for_good(self):
        order = self._order(8).with_user(self.manager)
        self.env["sale.order.policy.override"].with_user(self.manager).create(
            {"order_id": order.id, "reason": "The minister"}
        ).action_override()
        line = order.order_line
        with self.assertRaises(AllocationRefused), self.cr.savepoint():
            line.with_user(self.salesman).product_uom_qty = 9
        order.allocation_override_reason = "The president"
        with self.assertRaises(AllocationRefused), self.cr.savepoint():
            line.with_user(self.salesman).product_uom_qty = 9
        line.product_uom_qty = 9
        self.assertEqual(self._balance(self.person), (9, 0))

    def test_what_was_paid_does_not_grow(self):
        order = self._order(6, require_payment=True, prepayment_percent=0.1)
        tx = self._transaction(order, "done")
        tx._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(AllocationRefused), self.cr.savepoint():
            order.order_line.product_uom_qty = 7
        self.assertEqual(self._balance(self.person), (6, 0))

    def test_lines_that_move_to_another_order_take_once(self):
        order, other = self._buy(4), self._buy(1, product=self.other)
        order.order_line.write({"order_id": other.id})
        self.assertEqual(self._balance(self.person), (4, 0))
        other._action_cancel()
        self.assertEqual(self._balance(self.person), (0, 0))
        order._action_cancel()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_copy_takes_for_itself(self):
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        copied = cart.copy()
        self.assertFalse(copied.has_allocations)
        self.assertEqual(self._balance(self.person), (0, 4))
        cart.action_confirm()
        self.assertEqual(self._balance(self.person), (4, 0))
        with self.assertRaises(UserError):
            copied.action_confirm()

    def test_a_cancelled_order_that_is_deleted(self):
        order = self._buy(4)
        order._action_cancel()
        order.unlink()
        self.assertEqual(self._balance(self.person), (0, 0))
        entries = self.allocation.balance_ids.entry_ids
        self.assertFalse(entries.order_id or entries.order_line_id)
        self.assertTrue(all(entries.mapped("order_name")))

    # -- What is archived, and what changes --------------------------------

    def test_an_archived_product_still_counts(self):
        order = self._order(7)
        self.product.action_archive()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.action_confirm()
        order.order_line.product_uom_qty = 6
        order.action_confirm()
        self.assertEqual(self._balance(self.person), (6, 0))

    def test_an_archived_type_grants_nothing(self):
        self.reserve.action_archive()
        with self.assertRaises(UserError):
            self._buy(1)

    def test_an_archived_customer_gives_back(self):
        order = self._buy(4)
        self.person.action_archive()
        order._action_cancel()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_grant_that_shrinks_takes_nothing_away(self):
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        self.allocation.grant_ids.filtered(
            lambda grant: grant.customer_type_id == self.reserve
        ).maximum = 2
        cart._cart_update_line_quantity(cart.order_line.id, 5)
        self.assertEqual(cart.order_line.product_uom_qty, 4)
        cart.action_confirm()
        self.assertEqual(self._balance(self.person), (4, 0))
        with self.assertRaises(UserError):
            self._buy(1)

    def test_merging_keeps_what_was_carried_over_on_both_sides(self):
        double = self.env["res.partner"].create({"name": "Test Double"})
        opens_at = self._in(days=-1)
        for partner in (self.person, double):
            self._grant(self.allocation, partner, 2.0, origin="carry", opens_at=opens_at)
        self._buy(1, double)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.sql_db"):
            wizard._merge((self.person + double).ids, self.person)
        self.env.invalidate_all()
        self.env["sale.allocation"]._forget_quotas()
        self.assertEqual(self._balance(self.person), (1, 0))
        self.assertEqual(self._quota().maximum, 8)

    def test_an_order_goes_to_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Test Elsewhere"})
        self.allocation.company_id = self.env.company
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        self.assertEqual(self._balance(self.person), (0, 4))
        cart.order_line.unlink()
        cart.company_id = elsewhere
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_transfer_that_is_awaited_for_days_keeps(self):
        cart = self._cart(4)
        with freeze_time(self._in(days=-20)):
            tx = self._transaction(cart, "pending")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_release_allocations").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._balance(self.person), (0, 4))
        with self.assertRaises(UserError), self.cr.savepoint():
            self._buy(3)
        tx._set_done()
        tx._check_amount_and_confirm_order()
        self.assertEqual(self._balance(self.person), (4, 0))
        self.assertFalse(self.allocation.balance_ids.entry_ids.filtered("is_override"))

    def test_a_cart_that_is_paid_after_midnight_counts_in_the_month_it_was_kept(self):
        """In the night in which Paris goes back to winter time, an hour passes twice."""
        self.allocation.write(
            {"mode": "reserve", "period": "week", "count_from": "2026-01-01 00:00:00"}
        )
        with freeze_time("2026-10-25 22:50:00"):  # Sunday, ten to midnight
            self.env["sale.allocation"]._forget_quotas()
            cart = self._cart(6)
        with freeze_time("2026-10-25 23:02:00"):
            self.env["sale.allocation"]._forget_quotas()
            cart.action_confirm()
            self._buy(6)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._buy(1)
        balances = self.allocation.balance_ids.sorted("period_start")
        self.assertEqual(balances.mapped("used"), [6, 6])
        self.assertEqual(str(balances[1].period_start), "2026-10-25 23:00:00")
        self.assertEqual(balances[0].period_end, balances[1].period_start)
        cart._action_cancel()
        balances.invalidate_recordset()
        self.assertEqual(balances.mapped("used"), [0, 6])


@tagged("post_install", "-at_install")
class TestAllocationForgery(AllocationCommon, HttpCase):
    """The same by what a browser sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = new_test_user(
            cls.env, "ct_member", groups="base.group_portal", partner_id=cls.person.id
        )
        cls.allocation.mode = "reserve"

    def setUp(self):
        super().setUp()
        self.authenticate("ct_member", "ct_member")

    def _send(self, route, **params):
        """:return: the result, and what the customer reads where there is none"""
        with mute_logger("odoo.http"):
            answer = self.url_open(route, json={"params": params}).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("message")

    def _add(self, quantity, **params):
        return self._send(
            "/shop/cart/add",
            product_template_id=self.product.product_tmpl_id.id,
            product_id=self.product.id,
            quantity=quantity,
            **params,
        )

    def _held(self):
        self.env.invalidate_all()
        return self._balance(self.person)

    def test_quantities(self):
        for quantity in (-3, 0, 0.4):
            self._add(quantity)
            self.assertEqual(self._held(), (0, 0), quantity)
        self._add(2.9)
        self.assertEqual(self._held(), (0, 2))
        for quantity in (10**6, 10**18):
            self._add(quantity)
            self.assertEqual(self._held(), (0, 6), quantity)

    def test_a_dozen(self):
        self.product.uom_ids = self.dozen
        self._add(1, uom_id=self.dozen.id)
        self.assertEqual(self._held(), (0, 0))
        self._add(1)
        self.assertEqual(self._held(), (0, 1))

    def test_the_cart_of_another_customer(self):
        cart = self._cart(4, self.restaurant)
        self._add(1)
        self._send("/shop/cart/update", line_id=cart.order_line.id, quantity=0)
        self.assertEqual(self._balance(self.restaurant), (0, 4))
        self.assertEqual(self._held(), (0, 1))
        result, words = self._send(
            f"/shop/payment/transaction/{cart.id}",
            access_token="forged",
            provider_id=1,
            payment_method_id=1,
            token_id=None,
            flow="redirect",
            tokenization_requested=False,
            landing_route="/",
        )
        self.assertFalse(result)
        self.assertIn("access token", words)
