from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged, users

from odoo.addons.customer_type.models.allocation.sale_order import AllocationRefused

from .allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationLedger(AllocationCommon):
    """Everything gives back exactly what it took, once."""

    # -- Giving and taking -------------------------------------------------

    def test_quotations_and_carts_take_nothing(self):
        order, cart = self._order(4), self._cart(4)
        self.assertFalse(self.allocation.balance_ids)
        self.assertFalse(order.has_allocations or cart.has_allocations)

    def test_confirming_takes_and_cancelling_gives_back_once(self):
        order = self._buy(4)
        self.assertEqual(self._balance(self.person), (4, 0))
        order._sync_allocations()
        self.assertEqual(len(self.allocation.balance_ids.entry_ids), 1)
        order._action_cancel()
        order._action_cancel()
        self.assertEqual(self._balance(self.person), (0, 0))
        self.assertEqual(self.allocation.balance_ids.entry_ids.mapped("kind"), ["release", "use"])
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._balance(self.person), (4, 0))

    def test_each_line_of_the_ledger_says_who_and_of_which_order(self):
        order = self._order(4)
        order.with_user(self.clerk).action_confirm()
        entry = self.allocation.balance_ids.entry_ids
        self.assertEqual(entry.user_id, self.clerk)
        self.assertEqual((entry.order_id, entry.order_name), (order, order.name))
        self.assertEqual((entry.order_line_id, entry.product_id), (order.order_line, self.product))

    def test_a_changed_quantity_moves_the_difference(self):
        order = self._buy(4)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._balance(self.person), (6, 0))
        order.order_line.product_uom_qty = 1
        self.assertEqual(self._balance(self.person), (1, 0))
        by_kind = self.allocation.balance_ids.entry_ids.grouped("kind")
        self.assertEqual(sum(by_kind["use"].mapped("used")), 6)
        self.assertEqual(sum(by_kind["release"].mapped("used")), -5)

    def test_another_product_gives_back(self):
        order = self._buy(4)
        order.order_line.product_id = self.other
        self.assertEqual(self._balance(self.person), (0, 0))
        order.order_line.product_id = self.product
        self.assertEqual(self._balance(self.person), (4, 0))

    def test_units_are_converted(self):
        order = self._order(1, self.restaurant)
        order.order_line.product_uom_id = self.dozen
        order.action_confirm()
        self.assertEqual(self._balance(self.restaurant), (12, 0))
        order.order_line.product_uom_id = self.bottle
        self.assertEqual(self._balance(self.restaurant), (1, 0))

    def test_bottles_out_of_a_dozen_add_up_to_it(self):
        allocation = self._create_allocation(
            {self.person: 1.0}, product_ids=self.other.ids, uom_id=self.dozen.id
        )
        for _bottle in range(12):
            self._buy(1, product=self.other)
        self.assertAlmostEqual(self._balance(self.person, allocation)[0], 1.0, 4)
        with self.assertRaises(UserError):
            self._buy(1, product=self.other)

    def test_bottles_move_from_line_to_line_in_one_change(self):
        order = self._buy(6)
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_uom_qty": 2}),
                    Command.update(order.order_line.id, {"product_uom_qty": 4}),
                ]
            }
        )
        self.assertEqual(self._balance(self.person), (6, 0))

    def test_what_is_in_a_box_counts(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Test Wines",
                "combo_item_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        box = self.env["product.product"].create(
            {"name": "Test Box", "type": "combo", "combo_ids": combo.ids}
        )
        self.allocation.product_tmpl_ids = box.product_tmpl_id
        order = self._order(3, product=box)
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_uom_qty": 3,
                "combo_item_id": combo.combo_item_ids.id,
                "linked_line_id": order.order_line.id,
            }
        )
        order.action_confirm()
        self.assertEqual(self._balance(self.person), (3, 0))

    def test_a_credit_note_gives_back_until_it_is_reset(self):
        order = self._buy(6)
        order.order_line.qty_delivered = 6
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._balance(self.person), (6, 0))
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.filtered("product_id").quantity = 2
        self.assertEqual(self._balance(self.person), (6, 0))
        refund.action_post()
        self.assertEqual(self._balance(self.person), (4, 0))
        # The order follows: what was refunded is not given back again.
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balance(self.person), (4, 0))
        refund.button_draft()
        self.assertEqual(self._balance(self.person), (4, 0))
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._balance(self.person), (6, 0))

    def test_the_family_of_a_company_draws_on_one_balance(self):
        self._buy(7, self.chef)
        self._buy(5, self.restaurant)
        self.assertEqual(self._balance(self.restaurant), (12, 0))

    def test_another_customer_takes_what_the_first_gives_back(self):
        order = self._buy(4)
        order.partner_id = self.restaurant
        self.assertEqual(self._balance(self.person), (0, 0))
        self.assertEqual(self._balance(self.restaurant), (4, 0))

    def test_merged_customers_have_one_balance(self):
        double = self.env["res.partner"].create({"name": "Test Double"})
        double._assign_customer_types(self.reserve)
        self._buy(2)
        order = self._buy(3, double)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person + double).ids, self.person)
        self.env.invalidate_all()
        self.assertEqual(self._balance(self.person), (5, 0))
        order._action_cancel()
        self.assertEqual(self._balance(self.person), (2, 0))

    def _merge_with_double(self, double):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person + double).ids, self.person)
        self.env.invalidate_all()

    def test_merged_customers_have_one_open_request(self):
        double = self.env["res.partner"].create({"name": "Test Double"})
        double._assign_customer_types(self.reserve)
        requests = self.env["sale.allocation.request"]
        requests._create_from_customer(self.allocation, self.person, 3, "For me")
        requests._create_from_customer(self.allocation, double, 5, "For us")
        self._merge_with_double(double)
        request = self.allocation.request_ids
        self.assertEqual((request.partner_id, request.quantity), (self.person, 5))
        self.assertIn("For me", request.note)
        self.assertIn("For us", request.note)

    def test_merged_customers_keep_what_is_granted(self):
        double = self.env["res.partner"].create({"name": "Test Double"})
        double._assign_customer_types(self.reserve)
        self._buy(6)
        self._buy(4, double)
        request = self.env["sale.allocation.request"]._create_from_customer(
            self.allocation, self.person, 2
        )
        request._grant({request.id: 2})
        for partner in self.person + double:
            self._grant(self.allocation, partner, 1.0, origin="carry", opens_at=self._in(days=-1))
        self._merge_with_double(double)
        grants = self.allocation.grant_ids.filtered("partner_id")
        self.assertEqual(
            {(g.partner_id, g.origin, g.maximum) for g in grants},
            {(self.person, "request", 2), (self.person, "carry", 1)},
        )
        self.assertEqual((request.bought, request.outstanding), (0, 2), "That was bought before")

    # -- Holds -------------------------------------------------------------

    def test_a_cart_holds_and_gives_back(self):
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        self.assertEqual(self._balance(self.person), (0, 4))
        cart.order_line.product_uom_qty = 2
        self.assertEqual(self._balance(self.person), (0, 2))
        line = cart.order_line
        line.unlink()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_deleted_cart_gives_back(self):
        self.allocation.mode = "reserve"
        self._cart(4).unlink()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_more_bottles_do_not_prolong_the_time(self):
        self.allocation.mode = "reserve"
        cart = self._cart(1)
        deadline = self._in(minutes=3)
        cart.order_line.allocation_held_until = deadline
        cart.order_line.product_uom_qty = 2
        self.assertEqual(cart.order_line.allocation_held_until, deadline)
        self.assertEqual(cart._get_allocation_deadline(), deadline)

    def test_a_hold_becomes_a_purchase(self):
        self.allocation.mode = "reserve"
        cart = self._cart(4)
        cart.action_confirm()
        self.assertEqual(self._balance(self.person), (4, 0))
        self.assertFalse(cart.order_line.allocation_held_until)

    def test_what_is_kept_no_longer_is_free_at_once(self):
        self.allocation.write({"mode": "reserve", "pool_quantity": 6})
        cart = self._cart(6)
        self.assertEqual(self._quota(self.restaurant).left, 0)
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self.env["sale.allocation"]._forget_quotas()
        self.assertEqual(self._quota(self.restaurant).left, 6)
        self._buy(6, self.restaurant)
        self.assertEqual(self._balance(), (6, 0))
        self.assertEqual(self._balance(self.person), (0, 0))
        self.assertEqual(self._codes(cart, "cart"), ["allocation_pool"])

    def test_the_scheduler_gives_back(self):
        self.allocation.mode = "reserve"
        cart, kept = self._cart(2), self._cart(1)
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_release_allocations").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._balance(self.person), (0, 1))
        self.assertFalse(cart.order_line.allocation_held_until)
        self.assertTrue(kept.order_line.allocation_held_until)
        cart._renew_allocation_holds()
        self.assertEqual(self._balance(self.person), (0, 3))

    def test_a_guest_takes_from_the_pool_alone(self):
        guest = self.website.user_id.partner_id
        self.allocation.write(
            {"mode": "reserve", "pool_quantity": 10, "beyond": "everyone", "beyond_maximum": 2}
        )
        first, _second = self._cart(2, guest), self._cart(2, guest)
        self.assertEqual(self._balance(), (0, 4))
        self.assertFalse(self.allocation.balance_ids.partner_id)
        first.partner_id = self.person
        self.assertEqual(self._balance(self.person), (0, 2))
        self.assertEqual(self._balance(), (0, 4))

    def test_a_customer_who_may_not_have_it_holds_nothing_after_signing_in(self):
        guest = self.website.user_id.partner_id
        self.allocation.write(
            {"mode": "reserve", "pool_quantity": 10, "beyond": "everyone", "beyond_maximum": 2}
        )
        self._grant(self.allocation, self.chef, 0.0)
        cart = self._cart(2, guest)
        cart.partner_id = self.chef
        self.assertEqual(self._balance(), (0, 0))
        self.assertEqual(self._codes(cart, "cart"), ["allocation_not_granted"])

    # -- Payments ----------------------------------------------------------

    def test_a_payment_that_begins_keeps_what_it_pays(self):
        cart = self._cart(4)
        tx = self._transaction(cart)
        self.assertEqual(self._balance(self.person), (0, 4))
        tx._set_error("Declined")
        self.assertEqual(self._balance(self.person), (0, 0))
        tx = self._transaction(cart, reference="second")
        tx._set_canceled()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_orders_that_wait_for_a_transfer_count(self):
        cart = self._cart(4)
        tx = self._transaction(cart, "pending")
        self.assertEqual(self._balance(self.person), (0, 4))
        self.assertFalse(cart.order_line.allocation_held_until)
        cart.action_quotation_sent()
        self.assertEqual(self._balance(self.person), (0, 4))
        tx._set_canceled()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_payment_nobody_heard_of_again_gives_back(self):
        cart = self._cart(4)
        self._transaction(cart)
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        cart._sync_allocations()
        self.assertEqual(self._balance(self.person), (0, 0))

    def test_a_second_payment_of_the_last_bottles_is_refused(self):
        self._transaction(self._cart(6))
        cart = self._cart(1)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._transaction(cart, reference="second")
        self.assertEqual(self._balance(self.person), (0, 6))

    def test_who_has_paid_gets_it_and_a_person_looks_at_it(self):
        cart = self._cart(6)
        tx = self._transaction(cart)
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self._buy(6)
        tx._set_done()
        tx._check_amount_and_confirm_order()
        self.assertEqual(cart.state, "sale")
        self.assertEqual(self._balance(self.person), (12, 0))
        entry = self.allocation.balance_ids.entry_ids.filtered("is_override")
        self.assertEqual(entry.order_id, cart)
        self.assertTrue(entry.reason)
        self.assertEqual(cart.activity_ids.summary, "Paid, but beyond the allocation")

    # -- Who has how much --------------------------------------------------

    def test_of_two_types_the_larger_holds_not_the_sum(self):
        self.person._assign_customer_types(self.wholesale)
        self.assertEqual(self._quota().maximum, 12)

    def test_a_personal_grant_beats_types(self):
        grant = self._grant(self.allocation, self.person, 3.0)
        self.assertEqual(self._quota().maximum, 3)
        grant.maximum = 0
        self.assertEqual(self._quota().state, "refused")
        grant.is_unlimited = True
        self.assertIsNone(self._quota().left)

    def test_a_zero_for_one_customer_beats_what_everyone_may_have(self):
        self.allocation.write({"pool_quantity": 10, "beyond": "everyone"})
        self._grant(self.allocation, self.person, 0.0)
        self.assertEqual(self._quota().state, "refused")

    def test_what_was_requested_comes_on_top_until_its_day(self):
        grant = self._grant(
            self.allocation, self.person, 6.0, origin="request", valid_until=self._in(days=1)
        )
        self.assertEqual(self._quota().maximum, 12)
        grant.valid_until = self._in(seconds=-1)
        self.assertEqual(self._quota().maximum, 6)

    def test_pool_and_what_is_kept_back(self):
        self.allocation.write({"pool_quantity": 10, "pool_floor": 2})
        self._buy(6, self.restaurant)
        self.assertEqual(self._quota().left, 2)
        order = self._order(3)
        with self.assertRaisesRegex(UserError, "Only 2 of Test Réserve are left"):
            order.action_confirm()
        order.order_line.product_uom_qty = 2
        order.action_confirm()
        self.assertEqual(self._balance(), (8, 0))

    def test_a_pool_that_comes_later_counts_what_was_bought(self):
        order = self._buy(6)
        self.allocation.pool_quantity = 8
        self.assertEqual(self._balance(), (6, 0))
        self.assertEqual(self._quota(self.restaurant).left, 2)
        order._action_cancel()
        self.assertEqual(self._balance(), (0, 0))

    def test_purchases_of_the_past_count_on_demand(self):
        order = self._buy(4, product=self.other)
        allocation = self._create_allocation(
            {self.reserve: 3.0}, product_ids=self.other.ids, count_from=self._in(days=1)
        )
        order.order_line.product_uom_qty = 5
        allocation.action_count_past()
        self.assertFalse(allocation.balance_ids)
        allocation.count_from = self._in(days=-1)
        allocation.action_count_past()
        allocation.action_count_past()
        self.assertEqual(self._balance(self.person, allocation), (5, 0))
        order._action_cancel()
        self.assertEqual(self._balance(self.person, allocation), (0, 0))

    def test_categories_and_tags_name_products(self):
        parent = self.env["product.public.category"].create({"name": "Test Rare"})
        child = self.env["product.public.category"].create(
            {"name": "Test Old", "parent_id": parent.id}
        )
        tag = self.env["product.tag"].create({"name": "Test Scarce"})
        self.allocation.write({"product_ids": [Command.clear()], "public_categ_ids": parent.ids})
        self.assertFalse(self._quota())
        self.product.product_tmpl_id.public_categ_ids = child
        self.assertTrue(self._quota())
        child.parent_id = False
        self.assertFalse(self._quota())
        self.allocation.product_tag_ids = tag
        self.product.additional_product_tag_ids = tag
        self.assertTrue(self._quota())

    # -- Beyond the limit --------------------------------------------------

    def test_an_override_takes_beyond_the_limit_and_says_why(self):
        order = self._order(8).with_user(self.manager)
        wizard = self.env["sale.order.policy.override"].with_user(self.manager)
        wizard.create({"order_id": order.id, "reason": "The minister"}).action_override()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._balance(self.person), (8, 0))
        entry = self.allocation.balance_ids.entry_ids
        self.assertTrue(entry.is_override)
        self.assertEqual((entry.reason, entry.user_id), ("The minister", self.manager))

    def test_a_confirmed_order_grows_within_the_limit_only(self):
        order = self._buy(6)
        line = order.order_line
        for user in (self.salesman, self.manager):
            with self.assertRaises(AllocationRefused), self.cr.savepoint():
                line.with_user(user).product_uom_qty = 7
        reason = {"allocation_override_reason": "The minister"}
        with self.assertRaises(AllocationRefused), self.cr.savepoint():
            line.with_user(self.salesman).with_context(**reason).product_uom_qty = 7
        line.with_user(self.manager).with_context(**reason).product_uom_qty = 7
        entry = self.allocation.balance_ids.entry_ids[:1]
        self.assertEqual((entry.used, entry.reason), (1, "The minister"))
        self.assertEqual(entry.user_id, self.manager)
        order.with_user(self.manager).allocation_override_reason = "The president"
        line.with_user(self.manager).product_uom_qty = 8
        self.assertEqual(self._balance(self.person), (8, 0))

    # -- The ledger is the history -----------------------------------------

    def test_nobody_writes_the_ledger(self):
        self._buy(1)
        entry = self.allocation.balance_ids.entry_ids
        for change in (
            lambda: entry.write({"used": 5}),
            entry.unlink,
            lambda: self.allocation.balance_ids.write({"used": 0}),
            self.allocation.unlink,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        with self.assertRaises(AccessError):
            entry.with_user(self.manager).copy()

    @users("ct_portal_member")
    def test_a_portal_user_learns_nothing_by_rpc(self):
        for model in (
            "sale.allocation",
            "sale.allocation.grant",
            "sale.allocation.balance",
            "sale.allocation.entry",
            "sale.allocation.difference",
        ):
            self.assertFalse(self.env[model].has_access("read"), model)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env, "ct_portal_member", groups="base.group_portal", partner_id=cls.person.id
        )

    def test_a_grant_is_for_one(self):
        with self.assertRaises(ValidationError):
            self.allocation.write({"beyond": "everyone"})

    # -- The nightly check -------------------------------------------------

    def test_the_check_finds_nothing_where_all_is_well(self):
        self._buy(4)
        self.allocation.mode = "reserve"
        self._cart(1)
        self._reconcile()
        self.assertFalse(self._differences())

    def test_the_check_reports_and_repairs_on_demand(self):
        order = self._buy(4)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 3 WHERE id = %s", order.order_line.ids
        )
        self.env.invalidate_all()
        self._reconcile()
        difference = self._differences()
        self.assertEqual((difference.expected, difference.found), (3, 4))
        self.assertEqual(self._balance(self.person), (4, 0))
        self.assertTrue(self.allocation.activity_ids)
        self._reconcile()
        self.assertEqual(self._differences(), difference)
        difference.with_user(self.manager).action_repair()
        self.assertEqual(self._balance(self.person), (3, 0))
        entry = self.allocation.balance_ids.entry_ids[:1]
        self.assertEqual((entry.kind, entry.used), ("correction", -1))

    def test_a_balance_that_drifted_is_brought_back_to_its_ledger(self):
        self._buy(4)
        balance = self.allocation.balance_ids
        self.env.cr.execute(
            "UPDATE sale_allocation_balance SET used = 9 WHERE id = %s", balance.ids
        )
        balance.invalidate_recordset()
        self._reconcile()
        difference = self._differences()
        self.assertEqual(
            (difference.kind, difference.found, difference.expected), ("balance", 9, 4)
        )
        difference.action_repair()
        self.assertEqual(self._balance(self.person), (4, 0))

    def test_what_is_kept_no_longer_is_no_difference(self):
        self.allocation.write({"mode": "reserve", "pool_quantity": 20})
        cart = self._cart(2)
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self._reconcile()
        self.assertFalse(self._differences())
        self.assertEqual(self._balance(self.person), (0, 2), "The check gives nothing back")

    def _tamper(self, sql, *arguments):
        self.env.flush_all()
        self.env.cr.execute(sql, arguments)
        self.env.invalidate_all()
        self.env["sale.allocation"]._forget_quotas()

    def test_the_check_looks_at_the_pool_too(self):
        self.allocation.pool_quantity = 20
        self._buy(4)
        pool = self.allocation.balance_ids.filtered(lambda b: not b.partner_id)
        self._tamper("UPDATE sale_allocation_entry SET used = 3 WHERE balance_id = %s", pool.id)
        self._tamper("UPDATE sale_allocation_balance SET used = 3 WHERE id = %s", pool.id)
        self._reconcile()
        difference = self._differences()
        self.assertEqual((difference.kind, difference.expected, difference.found), ("order", 4, 3))
        difference.action_repair()
        self.assertEqual(self._balance(), (4, 0))
        self.assertEqual(self._balance(self.person), (4, 0))
        self._reconcile()
        self.assertFalse(self._differences())

    def test_a_check_goes_on_where_time_was_over(self):
        orders = self._buy(2) + self._buy(2)
        lines = tuple(orders.order_line.ids)
        self._tamper("UPDATE sale_order_line SET product_uom_qty = 1 WHERE id IN %s", lines)
        differences = self.env.registry["sale.allocation.difference"]

        def check(seconds_left):
            with (
                patch.object(self.env.registry["ir.cron"], "_commit_progress") as progress,
                patch.object(differences, "_get_orders_to_check", return_value=orders.ids),
            ):
                progress.side_effect = seconds_left
                self.env["sale.allocation.difference"]._cron_reconcile(batch_size=1)

        check([10, 10, 0])
        self.assertEqual(self._differences().order_id, orders[0])
        check([10, 10, 0])
        self.assertEqual(self._differences().order_id, orders)
        orders[0].order_line.product_uom_qty = 2
        orders[0].order_line.product_uom_qty = 1
        check([10, 10, 0])
        self.assertEqual(self._differences().order_id, orders[1], "It begins anew")

    def _reconcile(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_reconcile_allocations").method_direct_trigger()
        self.env.invalidate_all()

    def _differences(self):
        return self.env["sale.allocation.difference"].search(
            [("allocation_id", "=", self.allocation.id), ("state", "=", "open")]
        )
