from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.payment.tests.common import PaymentCommon
from odoo.addons.website_sale.tests.common import MockRequest

from .order_size_common import OrderSizeCommon


@tagged("post_install", "-at_install")
class TestSmallOrderFee(OrderSizeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write(
            {
                "order_minimum_amount": 100.0,
                "order_below_minimum": "fee",
                "order_minimum_fee": 15.0,
            }
        )
        cls.fee_product = cls.env.ref("customer_type.product_small_order_fee")
        cls.fee_product.taxes_id = cls.tax

    def _fee(self, order):
        return order.order_line.filtered("is_order_minimum_fee")

    def _shop_cart(self, quantity):
        """:return: a cart, brought up to date as after a change of the customer"""
        cart = self._create_sized_cart(quantity)
        cart._verify_cart_after_update()
        return cart

    def test_below_the_minimum_a_taxed_fee_is_added_and_the_order_goes_on(self):
        cart = self._shop_cart(6)
        fee = self._fee(cart)
        self.assertEqual(fee.product_id, self.fee_product)
        self.assertEqual((fee.price_subtotal, fee.price_total), (15.0, 18.0))
        self.assertEqual(cart.amount_untaxed, 75.0)
        self.assertTrue(cart._is_cart_ready())
        for stage in ("cart", "checkout", "payment", "confirm"):
            [issue] = cart._get_policy_issues(stage)
            self.assertEqual((issue.code, issue.level), ("order_minimum", "info"))
        self.assertIn("15.00", issue.fix)

    def test_a_tax_that_is_included_in_prices_is_included_in_the_fee(self):
        """As with any product: a shop that types its prices with taxes means so here, too."""
        self.tax.price_include_override = "tax_included"
        self.website.show_line_subtotals_tax_selection = "tax_included"
        cart = self._shop_cart(6)
        fee = self._fee(cart)
        self.assertEqual((fee.price_subtotal, fee.price_total), (12.5, 15.0))
        self.assertEqual(cart._get_displayed_order_minimum_fee(), 15.0)
        self.assertFalse(cart._get_order_minimum_fee_difference())
        words = self.env["customer.type"]._fields["order_minimum_fee"].help
        self.assertIn("included in prices customers pay just this amount", words)
        self.assertNotIn("before taxes", words)

    def test_the_fee_goes_by_itself_when_the_minimum_is_met(self):
        cart = self._shop_cart(6)
        cart.order_line.filtered(lambda line: line.product_id == self.product).product_uom_qty = 10
        cart._verify_cart_after_update()
        self.assertFalse(self._fee(cart))
        self.assertFalse(cart._get_policy_issues("payment"))

    def test_the_fee_never_lifts_the_order_over_its_own_threshold(self):
        self.wholesale.order_minimum_fee = 50.0
        cart = self._shop_cart(9)
        cart._verify_cart_after_update()
        self.assertEqual(self._fee(cart).price_unit, 50.0)
        self.assertEqual(cart._get_order_limits()[0].counted, 90.0)

    def test_two_minimums_missed_are_one_fee(self):
        self.wholesale.order_minimum_quantity = 24
        cart = self._shop_cart(6)
        self.assertEqual(len(self._fee(cart)), 1)
        self.assertEqual(self._codes(cart, level="info"), ["order_minimum", "order_minimum"])

    def test_the_fee_goes_with_the_last_product(self):
        cart = self._shop_cart(6)
        (cart.order_line - self._fee(cart)).unlink()
        cart._verify_cart_after_update()
        self.assertFalse(cart.order_line)

    def test_the_fee_follows_the_currency_and_keeps_its_price_otherwise(self):
        cart = self._shop_cart(6)
        cart.pricelist_id = self.foreign_list
        cart._recompute_prices()
        self.assertEqual(self._fee(cart).price_unit, 30.0)
        self.foreign_list.item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": 50})
        ]
        cart._recompute_prices()
        self.assertEqual(self._fee(cart).price_unit, 30.0)
        self.wholesale.order_limit_ids = [
            Command.create({"currency_id": self.foreign.id, "order_minimum_fee": 25.0})
        ]
        cart._verify_cart_after_update()
        self.assertEqual(self._fee(cart).price_unit, 25.0)

    def test_a_product_of_the_type_names_and_taxes_the_fee(self):
        handling = self.env["product.product"].create(
            {"name": "Handling", "type": "service", "taxes_id": False}
        )
        self.wholesale.order_minimum_fee_product_id = handling
        fee = self._fee(self._shop_cart(6))
        self.assertEqual((fee.name, fee.price_total), ("Handling", 15.0))

    def test_a_type_without_a_fee_to_charge_blocks(self):
        self.wholesale.order_minimum_fee = 0.0
        cart = self._shop_cart(6)
        self.assertFalse(self._fee(cart))
        self.assertEqual(self._codes(cart), ["order_minimum"])

    # -- It is no article --------------------------------------------------

    def test_the_fee_is_no_article_of_the_cart(self):
        cart = self._shop_cart(6)
        fee = self._fee(cart)
        self.assertNotIn(fee, cart.website_order_line)
        self.assertEqual(cart.cart_quantity, 6)
        self.assertFalse(fee._is_sellable() or fee._is_reorder_allowed())
        self.assertFalse(fee._can_be_edited_on_portal())
        self.assertEqual(cart._get_displayed_order_minimum_fee(), 15.0)
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.assertEqual(cart._get_displayed_order_minimum_fee(), 18.0)

    def test_customers_can_neither_change_nor_remove_the_fee(self):
        cart = self._shop_cart(6)
        fee = self._fee(cart)
        with MockRequest(self.env, website=self.website, sale_order_id=cart.id):
            for quantity in (0, -1, 5):
                answer = cart._cart_update_line_quantity(fee.id, quantity)
                self.assertTrue(answer["warning"])
                self.assertEqual(answer["quantity"], 1)
        self.assertEqual((fee.exists().product_uom_qty, fee.price_unit), (1, 15.0))

    def test_a_removed_fee_is_back_before_the_customer_can_pay(self):
        cart = self._shop_cart(6)
        self._fee(cart).unlink()
        self.assertEqual(self._codes(cart, "payment"), ["order_minimum_fee"])
        cart._follow_order_minimum()
        self.assertEqual(self._fee(cart).price_unit, 15.0)
        self.assertFalse(self._codes(cart, "payment"))

    def test_promotions_neither_count_nor_discount_the_fee(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Half Price",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_amount": 60, "reward_point_mode": "order"})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 50,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        self.wholesale.order_limit_discounts = "before"
        cart = self._shop_cart(5)
        self.assertTrue(self._fee(cart))
        cart._update_programs_and_rewards()
        self.assertFalse(cart._get_claimable_rewards(), "60 is not reached by a fee")
        cart = self._shop_cart(6)
        self.assertEqual(cart.order_line.reward_id, program.reward_ids)
        self.assertEqual(cart.order_line.filtered("reward_id").price_subtotal, -30.0)

    def test_a_reorder_leaves_the_fee_of_that_day_behind(self):
        order = self._shop_cart(6)
        order.with_user(self.manager)._override_policy("Test")
        order.action_confirm()
        self.assertFalse(self._fee(order)._is_reorder_allowed())

    # -- The sales desk ----------------------------------------------------

    def test_a_quotation_waits_for_a_person_to_add_the_fee(self):
        order = self._create_sized_order(6).with_user(self.salesman)
        self.assertTrue(order.order_minimum_fee_outdated)
        self.assertEqual(self._codes(order, "confirm"), ["order_minimum_fee"])
        with self.assertRaises(UserError):
            order.action_confirm()
        order.action_update_order_minimum_fee()
        self.assertEqual(self._fee(order).price_unit, 15.0)
        self.assertFalse(order.order_minimum_fee_outdated)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_lowered_fee_stands_as_it_was_typed(self):
        order = self._create_sized_order(6)
        order.action_update_order_minimum_fee()
        for change in ({"price_unit": 0.0}, {"price_unit": 15.0, "discount": 50.0}):
            self._fee(order).write(change)
            for stage in ("payment", "confirm"):
                self.assertFalse(self._codes(order, stage))
                self.assertEqual(self._codes(order, stage, "warning"), ["order_minimum_fee"])
        order.action_update_order_minimum_fee()
        self.assertEqual(self._fee(order).price_subtotal, 15.0)

    def test_what_was_sent_without_the_fee_can_be_accepted(self):
        removed = self._create_sized_order(6)
        removed.action_update_order_minimum_fee()
        removed.action_quotation_sent()
        self._fee(removed).unlink()
        for order in (removed, self._create_sized_order(6)):
            if order.state == "draft":
                order.action_quotation_sent()
            self.assertFalse(self._codes(order, "payment") + self._codes(order, "confirm"))
            self.assertTrue(order.order_minimum_fee_outdated, "staff still reads it")
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_a_fee_that_is_due_since_the_quotation_was_sent_is_not_forgotten(self):
        """As when the customer takes optional products out again, in the portal."""
        order = self._create_sized_order(20)
        order.action_quotation_sent()
        self.env.flush_all()
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._codes(order, "payment"), ["order_minimum_fee"])

    def test_a_fee_that_is_not_due_any_more_is_pointed_out(self):
        order = self._create_sized_order(6)
        order.action_update_order_minimum_fee()
        order.order_line.filtered(lambda line: line.product_id == self.product).product_uom_qty = 20
        self.assertEqual(self._codes(order, "confirm", "warning"), ["order_minimum_fee"])
        order.action_update_order_minimum_fee()
        self.assertFalse(self._fee(order))
        self.assertFalse(order._get_policy_issues("confirm"))

    def test_a_change_of_prices_does_not_touch_a_quotation_behind_its_back(self):
        order = self._create_sized_order(6)
        order._recompute_prices()
        self.assertFalse(self._fee(order))

    def test_a_confirmed_order_keeps_its_fee(self):
        order = self._create_sized_order(6)
        order.action_update_order_minimum_fee()
        order.action_confirm()
        self.wholesale.order_minimum_fee = 1.0
        order.action_update_order_minimum_fee()
        order._follow_order_minimum()
        self.assertEqual(self._fee(order).price_unit, 15.0)


@tagged("post_install", "-at_install")
class TestBelowMinimumOnRequest(OrderSizeCommon, PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write({"order_minimum_amount": 100.0, "order_below_minimum": "request"})

    def test_the_order_goes_on_with_a_warning_and_the_salesperson_is_told(self):
        cart = self._create_sized_cart(6)
        self.assertTrue(cart._is_cart_ready())
        self.assertEqual(self._codes(cart, level="warning"), ["order_minimum"])
        cart.user_id = self.salesman
        cart.sudo().action_confirm()
        self.assertEqual(cart.state, "sale")
        [activity] = cart.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("40.00", activity.note)

    def test_a_large_order_is_nobodys_business(self):
        cart = self._create_sized_cart(10)
        cart.sudo().action_confirm()
        self.assertFalse(cart.activity_ids)

    def test_the_sales_desk_does_not_remind_itself(self):
        order = self._create_sized_order(6).with_user(self.salesman)
        order.action_confirm()
        self.assertFalse(order.activity_ids)

    def test_the_exchange_rate_of_another_day_is_no_objection_to_what_is_paid(self):
        self.wholesale.order_below_minimum = "block"
        cart = self._create_sized_cart(20, pricelist_id=self.foreign_list.id)
        self.assertEqual(cart.currency_id, self.foreign)
        cart.order_line.price_unit = 10.0
        self.assertFalse(cart._get_policy_error("confirm"))
        transaction = self._create_transaction(
            "direct",
            amount=cart.amount_total,
            currency_id=cart.currency_id.id,
            sale_order_ids=[Command.set(cart.ids)],
        )
        transaction._set_done()
        yesterday = self.env.cr.now() - timedelta(days=1)
        cart.date_order = yesterday
        self.foreign.rate_ids = [Command.create({"name": self.env.cr.now().date(), "rate": 4.0})]
        transaction._post_process()
        self.assertEqual(cart.state, "sale")
        self.assertGreater(cart.date_order, yesterday)
        self.assertTrue(cart._is_below_minimum(), "at the rate of today")
        self.assertFalse(cart.activity_ids)

    def test_a_paid_order_that_fell_below_the_minimum_is_confirmed_and_flagged(self):
        self.wholesale.write({"order_minimum_amount": 10.0, "order_below_minimum": "block"})
        cart = self._create_sized_cart(6)
        transaction = self._create_transaction(
            "direct",
            reference=cart.name,
            amount=cart.amount_total,
            currency_id=cart.currency_id.id,
            partner_id=cart.partner_id.id,
            sale_order_ids=[Command.set(cart.ids)],
        )
        transaction._set_done()
        self.wholesale.order_minimum_amount = 100.0
        transaction._post_process()
        self.assertEqual(cart.state, "sale")
        self.assertIn("40.00", cart.activity_ids.note)
