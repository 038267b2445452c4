from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged, warmup
from odoo.tools import SQL, mute_logger

from .allocation_common import AllocationCommon
from .checkout_common import SIGNATURE


@tagged("post_install", "-at_install")
class TestAllocationGate(AllocationCommon):
    """At every stage the customer reads what is possible, and no more than that goes on."""

    def _issue(self, order, stage="confirm"):
        issues = [i for i in order._get_policy_issues(stage) if i.code.startswith("allocation")]
        self.assertEqual(len(issues), 1, issues)
        return issues[0]

    def test_each_stage_says_what_is_possible(self):
        self._buy(2)
        cart = self._cart(7)
        for stage in ("cart", "checkout", "payment", "confirm"):
            issue = self._issue(cart, stage)
            self.assertEqual((issue.code, issue.level), ("allocation_limit", "block"))
            self.assertEqual(issue.message, "Only 4 of Test Réserve are left for you.")
            self.assertEqual(issue.fix, "Order 4 instead.")
            self.assertEqual(issue.line_id, cart.order_line.id)
        self.assertFalse(cart._is_cart_ready())
        cart.order_line.product_uom_qty = 4
        self.assertEqual(self._codes(cart), [])
        self.assertTrue(cart._is_cart_ready())

    def test_nothing_is_left(self):
        self._buy(6)
        self.assertIn("You have had all of Test Réserve", self._issue(self._cart(1)).message)

    def test_lines_are_added_up(self):
        cart = self._cart(4)
        cart.order_line = [Command.create({"product_id": self.product.id, "product_uom_qty": 3})]
        self.assertEqual(self._codes(cart), ["allocation_limit"])

    def test_minimum_and_multiple(self):
        self.allocation.grant_ids.write({"minimum": 3, "multiple": 3})
        cart = self._cart(2)
        self.assertEqual(self._codes(cart), ["allocation_minimum"])
        cart.order_line.product_uom_qty = 4
        self.assertEqual(self._codes(cart), ["allocation_multiple"])
        cart.order_line.product_uom_qty = 3
        self.assertEqual(self._codes(cart), [])

    def test_windows(self):
        self.allocation.write({"open_at": self._in(hours=1), "close_at": self._in(hours=2)})
        cart = self._cart(1)
        issue = self._issue(cart)
        self.assertEqual(issue.code, "allocation_coming")
        self.assertIn("Test Réserve opens on ", issue.message)
        self.allocation.write({"open_at": self._in(hours=-2), "close_at": self._in(hours=-1)})
        self.assertEqual(self._codes(cart), ["allocation_closed"])

    def test_grants_open_one_after_the_other(self):
        self.allocation.open_at = self._in(hours=-1)
        self.allocation.grant_ids.filtered(
            lambda g: g.customer_type_id == self.wholesale
        ).opens_at = self._in(hours=1)
        self.assertEqual(self._codes(self._cart(1)), [])
        self.assertEqual(self._codes(self._cart(1, self.restaurant)), ["allocation_coming"])

    def test_others_come_when_it_is_their_turn(self):
        stranger = self.env["res.partner"].create({"name": "Test Stranger"})
        self.assertEqual(self._codes(self._cart(1, stranger)), ["allocation_not_granted"])
        self.allocation.write(
            {
                "beyond": "everyone",
                "beyond_maximum": 2,
                "beyond_opens_at": self._in(hours=1),
                "pool_quantity": 20,
            }
        )
        self.assertEqual(self._codes(self._cart(1, stranger)), ["allocation_coming"])
        self.allocation.beyond_opens_at = self._in(hours=-1)
        self.assertEqual(self._codes(self._cart(2, stranger)), [])
        self.assertEqual(self._codes(self._cart(3, stranger)), ["allocation_limit"])
        self.assertEqual(self._codes(self._cart(6)), [])

    def test_on_request_only_what_was_granted(self):
        self.allocation.mode = "request"
        cart = self._cart(2)
        self.assertEqual(self._codes(cart), ["allocation_request"])
        self._grant(self.allocation, self.person, 2.0, origin="request")
        self.assertEqual(self._codes(cart), [])
        cart.order_line.product_uom_qty = 3
        self.assertEqual(self._codes(cart), ["allocation_limit"])

    def test_an_empty_pool(self):
        self.allocation.pool_quantity = 4
        self._buy(4, self.restaurant)
        issue = self._issue(self._cart(1))
        self.assertEqual(issue.code, "allocation_pool")
        self.assertEqual(issue.message, "Nothing is left of Test Réserve.")

    def test_a_hold_that_is_over_is_told(self):
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        self.assertEqual(self._codes(cart, "cart"), [])
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self.env["sale.allocation"]._forget_quotas()
        issue = self._issue(cart, "cart")
        self.assertEqual((issue.code, issue.level), ("allocation_hold_expired", "warning"))

    def test_what_is_paid_for_is_not_asked_for_the_window_again(self):
        cart = self._cart(4)
        self._transaction(cart, "pending")
        self.allocation.close_at = self._in(seconds=-1)
        self.assertEqual(self._codes(cart), [])
        cart.action_confirm()
        self.assertEqual(self._balance(self.person), (4, 0))

    def test_of_two_allocations_the_open_one_speaks(self):
        self.allocation.close_at = self._in(hours=-1)
        self._create_allocation({self.reserve: 2.0}, name="Test Autumn")
        issue = self._issue(self._cart(3))
        self.assertEqual(issue.message, "Only 2 of Test Autumn are left for you.")

    def test_both_open_allocations_give(self):
        other = self._create_allocation({self.reserve: 2.0}, name="Test Autumn")
        self.assertEqual(self._codes(self._order(3)), ["allocation_limit"])
        self._buy(2)
        self.assertEqual(self._balance(self.person), (2, 0))
        self.assertEqual(self._balance(self.person, other), (2, 0))

    # -- Where it acts -----------------------------------------------------

    def test_websites_and_companies(self):
        other = self.env["website"].create({"name": "Test Other Site"})
        self.allocation.website_ids = other
        self.assertEqual(self._codes(self._cart(7)), [])
        self.assertEqual(self._codes(self._order(7)), [])
        self.allocation.website_ids = self.website
        self.assertEqual(self._codes(self._cart(7)), ["allocation_limit"])
        company = self.env["res.company"].create({"name": "Test Company"})
        self.allocation.write({"website_ids": [Command.clear()], "company_id": company.id})
        self.assertEqual(self._codes(self._order(7)), [])

    def test_an_archived_allocation_is_silent_and_takes_back(self):
        order = self._buy(4)
        self.allocation.active = False
        self.assertEqual(self._codes(self._order(7)), [])
        order.order_line.product_uom_qty = 1
        order.order_line.product_uom_qty = 9
        self.assertEqual(self._balance(self.person), (1, 0))

    # -- Doors -------------------------------------------------------------

    def test_the_cart_corrects_the_quantity(self):
        self._buy(2)
        cart = self._cart(1)
        self.assertFalse(cart.order_line.allocation_held_until)
        values = cart._cart_add(self.product.id, 5)
        self.assertEqual((values["quantity"], cart.order_line.product_uom_qty), (4, 4))
        self.assertEqual(values["warning"], "Only 4 of Test Réserve are left for you.")
        values = cart._cart_add(self.product.id, 2, uom_id=self.dozen.id)
        self.assertFalse(values["line_id"])

    def test_confirming_is_refused(self):
        order = self._order(7)
        with self.assertRaisesRegex(UserError, "Only 6 of Test Réserve are left for you"):
            order.with_user(self.salesman).action_confirm()
        with self.assertRaises(RedirectWarning):
            order.with_user(self.manager).action_confirm()
        self.assertFalse(self.allocation.balance_ids)

    def test_a_payment_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Only 6"), self.cr.savepoint():
            self._transaction(self._cart(7))

    def test_orders_confirmed_together_do_not_take_too_much(self):
        orders = self._order(4) + self._order(4)
        with self.assertRaises(UserError), self.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_staff_read_it_while_they_type(self):
        form = Form(self.env["sale.order"].with_user(self.manager))
        form.partner_id = self.person
        with form.order_line.new() as line:
            line.product_id = self.product
            line.product_uom_qty = 7
        self.assertIn("Only 6 of Test Réserve", form.policy_issues_html)

    # -- What it costs -----------------------------------------------------

    def _many(self):
        return self.env["product.product"].create(
            [{"name": f"Test Wine {number}", "type": "consu"} for number in range(80)]
        )

    @warmup
    def test_a_page_of_eighty_asks_twice(self):
        products = self._many() + self.product
        self.allocation.product_ids = products
        lookup = self.env["sale.allocation"]._get_customer_allocations
        lookup(products, self.person, self.website)
        self.env["sale.allocation"]._forget_quotas()
        with self.assertQueryCount(2):
            found = lookup(products, self.person, self.website)
        self.assertEqual(len(found), 81)

    @warmup
    def test_where_nothing_is_allocated_nothing_is_asked(self):
        products = self._many()
        self.env["sale.allocation"]._get_customer_allocations(products, self.person, self.website)
        with self.assertQueryCount(0):
            found = self.env["sale.allocation"]._get_customer_allocations(
                products, self.person, self.website
            )
        self.assertEqual(found, {})

    def _count_cart_change(self, product):
        """:return: how many queries it takes to change a quantity and look at the cart"""
        cart = self._order(1, product=product, website_id=self.website.id)
        counts = []
        for quantity in (2, 3):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env["sale.allocation"]._forget_quotas()
            before = self.cr.sql_log_count
            cart._cart_update_line_quantity(cart.order_line.id, quantity)
            self.assertTrue(cart._is_cart_ready())
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        return counts[-1]

    # What was read is read again when a second has passed.
    @freeze_time("2026-06-15 12:00:00")
    def test_a_change_of_the_cart_costs_three_queries(self):
        self.allocation.pool_quantity = 100
        plain = self._count_cart_change(self.other)
        self.assertLessEqual(self._count_cart_change(self.product) - plain, 3)
        # What is kept at once has to be written: two balances, and the ledger.
        self.allocation.mode = "reserve"
        self.assertLessEqual(self._count_cart_change(self.product) - plain, 7)


@tagged("post_install", "-at_install")
class TestAllocationShop(AllocationCommon, HttpCase):
    """The same through the shop's own routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = new_test_user(
            cls.env, "ct_member", groups="base.group_portal", partner_id=cls.person.id
        )

    def _add(self, quantity):
        """:return: the answer of the server, decoded"""
        params = {
            "product_template_id": self.product.product_tmpl_id.id,
            "product_id": self.product.id,
            "quantity": quantity,
        }
        return self.url_open("/shop/cart/add", json={"params": params}).json()

    def test_the_tightest_of_two_says_how_much(self):
        self._create_allocation({self.reserve: 4.0}, name="Test Vintage")
        looser = self._create_allocation({self.reserve: 2.0}, name="Test Château", pool_quantity=90)
        self.assertGreater(looser.id, self.allocation.id)
        cart = self._cart(1)
        room, why = cart._get_allocation_room(self.product, cart.order_line, self.bottle, 9)
        self.assertEqual(room, 2)
        self.assertIn("Test Château", why)

    def test_the_shop_sells_what_is_left_and_no_more(self):
        self.authenticate("ct_member", "ct_member")
        self._add(9)
        cart = self.env["sale.order"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(cart.order_line.product_uom_qty, 6)

    def test_a_signature_does_not_get_around_the_limit(self):
        order = self._order(4, state="sent", require_signature=True, require_payment=False)
        self._buy(3)

        def sign():
            params = {
                "access_token": order._portal_ensure_token(),
                "name": "Test Person",
                "signature": SIGNATURE,
            }
            return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", params)

        self.assertIn("Only 3 of Test Réserve are left for you.", sign()["error"])
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.signature)
        self.assertEqual(self._balance(self.person), (3, 0))
        order.order_line.product_uom_qty = 3
        self.assertNotIn("error", sign())
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._balance(self.person), (6, 0))

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.service.model")
    def test_where_the_tries_run_out_the_customer_may_try_again(self):
        self.allocation.mode = "reserve"
        self.authenticate("ct_member", "ct_member")

        lost = SQL("DO $$ BEGIN RAISE EXCEPTION 'Test' USING ERRCODE = '40001'; END $$")
        balances = self.env.registry["sale.allocation.balance"]
        with (
            patch.object(balances, "_get_booking", lambda *args: lost),
            patch("odoo.service.model.time.sleep") as sleep,
        ):
            answer = self._add(2)
        self.assertEqual(sleep.call_count, 4, "Odoo replays what has lost in all its turns")
        self.assertIn("Many people are buying this right now", answer["error"]["data"]["message"])
        self.assertFalse(
            self.env["sale.order"].search([("partner_id", "=", self.person.id)]).order_line
        )
        self._add(2)
        self.assertEqual(self._balance(self.person), (0, 2))

    @mute_logger("odoo.sql_db")
    def test_who_has_lost_a_race_has_the_next_turn_at_once(self):
        self.allocation.mode = "reserve"
        self.authenticate("ct_member", "ct_member")
        balances = self.env.registry["sale.allocation.balance"]
        book, tries = balances._get_booking, []

        def lose_first(*args):
            tries.append(1)
            if len(tries) == 1:
                return SQL("DO $$ BEGIN RAISE EXCEPTION 'Test' USING ERRCODE = '40001'; END $$")
            return book(*args)

        with (
            patch.object(balances, "_get_booking", lose_first),
            patch("odoo.service.model.time.sleep") as sleep,
        ):
            answer = self._add(2)
        self.assertEqual(answer["result"]["quantity"], 2)
        self.assertEqual(len(tries), 2)
        sleep.assert_not_called()
        self.assertEqual(self._balance(self.person), (0, 2))
        locks = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                " AND classid = (hashtext('sale.allocation')::bigint & 4294967295)::oid"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
        self.assertEqual(locks, [(0,)], "The turn is over")
        # In a rush, who comes next waits before anything is done.
        wait = balances._wait_for_turn
        with patch.object(balances, "_wait_for_turn", autospec=True, side_effect=wait) as waited:
            self._add(1)
        self.assertEqual(waited.call_count, 1)
        self.assertEqual(self._balance(self.person), (0, 3))

    def test_looking_writes_nothing(self):
        self.allocation.write({"mode": "reserve", "pool_quantity": 10})
        self.authenticate("ct_member", "ct_member")
        pages = ("/shop", self.product.website_url, "/shop/cart", "/my", "/my/allocations")
        for url in pages:
            self.assertEqual(self.url_open(url).status_code, 200, url)
        for route in ("/shop/cart/allocation", "/my/counters"):
            params = {"counters": ["allocation_count"]} if "counters" in route else {}
            self.assertIn("result", self.url_open(route, json={"params": params}).json(), route)
        self.assertFalse(self.allocation.balance_ids)
        self._add(2)
        deadline = (
            self.env["sale.order"]
            .search([("partner_id", "=", self.person.id)])
            .order_line.allocation_held_until
        )
        self.assertTrue(deadline)
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(self._balance(self.person), (0, 2))
