from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .order_size_common import OrderSizeCommon


@tagged("post_install", "-at_install")
class TestOrderMinimum(OrderSizeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.order_minimum_amount = 100.0

    def _limit(self, order, measure="amount"):
        [limit] = [lim for lim in order._get_order_limits() if lim.measure == measure]
        return limit

    # -- The rule ----------------------------------------------------------

    def test_an_order_below_the_minimum_is_stopped_and_told_what_is_missing(self):
        order = self._create_sized_cart(6)
        for stage in ("cart", "checkout", "payment", "confirm"):
            [issue] = order._get_policy_issues(stage)
            self.assertEqual((issue.code, issue.level), ("order_minimum", "block"))
        self.assertIn("40.00", issue.message)
        self.assertIn("100.00", issue.message)
        self.assertIn(self.company_currency.symbol, issue.message)
        self.assertAlmostEqual(issue.progress, 0.6)
        self.assertFalse(order._is_cart_ready())
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()

    def test_the_minimum_itself_is_enough(self):
        order = self._create_sized_cart(10)
        self.assertFalse(order._get_policy_issues("checkout"))
        self.assertTrue(order._is_cart_ready())

    def test_who_has_no_minimum_is_not_asked_for_one(self):
        self.assertFalse(self._create_sized_order(1, self.person)._get_policy_issues("confirm"))

    def test_an_empty_order_is_not_below_anything(self):
        order = self._create_sized_order(1)
        order.order_line = [Command.set([])]
        self.assertFalse(order._get_policy_issues("confirm"))

    def test_over_the_maximum_the_order_is_stopped(self):
        self.wholesale.order_maximum_amount = 200.0
        self.assertFalse(self._codes(self._create_sized_order(20)))
        order = self._create_sized_order(21)
        [issue] = order._get_policy_issues("confirm")
        self.assertEqual((issue.code, issue.level), ("order_maximum", "block"))
        self.assertIn("10.00", issue.message)

    def test_no_query_is_spent_on_orders_without_a_limit(self):
        self.wholesale.order_minimum_amount = 0.0
        order = self._create_sized_cart(6)
        order._get_policy_issues("cart")
        with self.assertQueryCount(0):
            self.assertFalse(order._get_policy_issues("cart"))

    def test_a_warm_gate_with_a_limit_spends_no_query_either(self):
        order = self._create_sized_cart(6)
        order._get_policy_issues("cart")
        with self.assertQueryCount(0):
            self.assertTrue(order._get_policy_issues("cart"))

    # -- Several types -----------------------------------------------------

    def test_of_several_types_the_most_favourable_minimum_and_maximum_hold(self):
        self.restaurant._assign_customer_types(self.reserve)
        self.wholesale.order_maximum_amount = 200.0
        self.reserve.write({"order_minimum_amount": 60.0, "order_maximum_amount": 150.0})
        limit = self._limit(self._create_sized_order(5))
        self.assertEqual((limit.minimum, limit.maximum), (60.0, 200.0))

    def test_a_silent_type_does_not_take_the_minimum_of_the_other_away(self):
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(self._limit(self._create_sized_order(5)).minimum, 100.0)

    # -- What counts -------------------------------------------------------

    def test_delivery_does_not_count(self):
        order = self._create_sized_order(9)
        self._add_line(order, price_unit=50.0, is_delivery=True)
        self.assertEqual(self._limit(order).counted, 90.0)

    def test_products_that_do_not_count_do_not_count(self):
        deposit = self._create_wine(order_limit_exempt=True)
        order = self._create_sized_order(9)
        self._add_line(order, deposit, 10)
        self.wholesale.write({"order_minimum_quantity": 1, "order_minimum_weight": 1})
        counted = [limit.counted for limit in order._get_order_limits()]
        self.assertEqual(counted, [90.0, 9.0, 13.5])

    def test_a_line_discount_counts_or_not_as_the_type_says(self):
        order = self._create_sized_order(10)
        order.order_line.discount = 20.0
        self.assertEqual(self._limit(order).counted, 80.0)
        self.wholesale.order_limit_discounts = "before"
        self.assertEqual(self._limit(order).counted, 100.0)
        self.wholesale.order_limit_discounts = "after"
        self.assertEqual(self._limit(order).counted, 80.0)

    def test_a_gift_of_a_whole_line_counts_nothing_after_discounts(self):
        order = self._create_sized_order(10)
        order.order_line.discount = 100.0
        self.assertEqual(self._limit(order).counted, 0.0)
        self.wholesale.order_limit_discounts = "before"
        self.assertEqual(self._limit(order).counted, 100.0)

    def _create_program(self, program_type, **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "Test Program",
                "program_type": program_type,
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                            "required_points": 1,
                            **reward,
                        }
                    )
                ],
            }
        )

    def _add_reward(self, order, program, price):
        reward = program.reward_ids
        return self._add_line(
            order,
            reward.discount_line_product_id,
            price_unit=price,
            reward_id=reward.id,
            tax_ids=False,
        )

    def test_a_promotion_counts_or_not_as_the_type_says(self):
        order = self._create_sized_order(10)
        self._add_reward(order, self._create_program("promotion", discount=10), -10.0)
        self.assertEqual(self._limit(order).counted, 90.0)
        self.wholesale.order_limit_discounts = "before"
        self.assertEqual(self._limit(order).counted, 100.0)

    def test_what_a_gift_card_or_wallet_pays_is_money_and_not_a_discount(self):
        for program_type in ("gift_card", "ewallet"):
            program = self._create_program(
                program_type, discount=1, discount_mode="per_point", discount_applicability="order"
            )
            order = self._create_sized_order(10)
            self._add_reward(order, program, -70.0)
            self.assertEqual(self._limit(order).counted, 100.0, program_type)

    def test_a_gift_card_that_is_bought_does_not_count(self):
        card = self._create_wine()
        order = self._create_sized_order(5)
        self._add_line(order, card, 10)
        self.assertEqual(self._limit(order).counted, 150.0)
        program = self._create_program("gift_card", discount=1, discount_mode="per_point")
        program.rule_ids.product_ids = card
        self.assertEqual(self._limit(order).counted, 50.0)
        program.active = False
        self.assertEqual(self._limit(order).counted, 150.0)

    def test_taxes_count_where_the_website_shows_prices_with_taxes(self):
        self.product.taxes_id = self.tax
        cart = self._create_sized_cart(9)
        self.assertEqual(self._limit(cart).counted, 90.0)
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.assertEqual(self._limit(cart).counted, 108.0)
        cart.order_line.discount = 10.0
        self.wholesale.order_limit_discounts = "before"
        self.assertEqual(self._limit(cart).counted, 108.0)

    def test_the_sales_desk_counts_as_the_shop_of_its_company(self):
        self.product.taxes_id = self.tax
        self.env.company.website_id = self.website
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.assertEqual(self._limit(self._create_sized_order(9)).counted, 108.0)

    # -- Currencies --------------------------------------------------------

    def test_another_currency_is_converted(self):
        order = self._create_sized_order(6, pricelist_id=self.foreign_list.id)
        self.assertEqual(order.amount_untaxed, 120.0)
        limit = self._limit(order)
        self.assertEqual((limit.minimum, limit.missing), (200.0, 80.0))
        [issue] = order._get_policy_issues("cart")
        self.assertIn("T$", issue.message)

    def test_a_currency_may_have_values_of_its_own(self):
        self.wholesale.order_limit_ids = [
            Command.create({"currency_id": self.foreign.id, "order_minimum_amount": 150.0})
        ]
        order = self._create_sized_order(6, pricelist_id=self.foreign_list.id)
        self.assertEqual(self._limit(order).minimum, 150.0)
        self.assertEqual(self._limit(self._create_sized_order(6)).minimum, 100.0)
        self.wholesale.order_limit_ids.order_minimum_amount = 130.0
        self.assertEqual(self._limit(order).minimum, 130.0)
        self.wholesale.order_limit_ids.unlink()
        self.assertEqual(self._limit(order).minimum, 200.0)

    def test_own_values_and_converted_ones_of_several_types_are_compared(self):
        self.restaurant._assign_customer_types(self.reserve)
        self.reserve.order_limit_ids = [
            Command.create({"currency_id": self.foreign.id, "order_minimum_amount": 260.0})
        ]
        order = self._create_sized_order(6, pricelist_id=self.foreign_list.id)
        self.assertEqual(self._limit(order).minimum, 200.0)
        self.wholesale.order_minimum_amount = 150.0
        self.assertEqual(self._limit(order).minimum, 260.0)

    def test_a_currency_has_one_value_per_type(self):
        values = {"type_id": self.wholesale.id, "currency_id": self.foreign.id}
        limits = self.env["customer.type.order.limit"]
        limits.create(values)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            limits.create(values)

    # -- Bottles and weight ------------------------------------------------

    def test_bottles_are_counted_in_the_unit_of_the_product(self):
        self.wholesale.write({"order_minimum_amount": 0, "order_minimum_quantity": 30})
        order = self._create_sized_order(2)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        limit = self._limit(order, "quantity")
        self.assertEqual((limit.counted, limit.missing), (24.0, 6.0))
        [issue] = order._get_policy_issues("cart")
        self.assertEqual(issue.message, "6 units to your order minimum of 30 units.")

    def test_weight_is_counted_as_odoo_weighs(self):
        self.wholesale.write({"order_minimum_amount": 0, "order_maximum_weight": 10})
        self.assertFalse(self._codes(self._create_sized_order(6)))
        order = self._create_sized_order(7)
        self.assertEqual(self._limit(order, "weight").excess, 0.5)
        self.assertEqual(self._codes(order), ["order_maximum"])

    def test_a_combo_counts_by_what_it_holds(self):
        combo = self.env["product.combo"].create(
            {"name": "Wine", "combo_item_ids": [Command.create({"product_id": self.product.id})]}
        )
        box = self.env["product.product"].create(
            {"name": "Box", "type": "combo", "combo_ids": combo.ids, "list_price": 25.0}
        )
        order = self._create_sized_order(4)
        line = self._add_line(order, box, 2)
        self._add_line(
            order,
            quantity=2,
            linked_line_id=line.id,
            combo_item_id=combo.combo_item_ids.id,
        )
        self.wholesale.order_minimum_quantity = 10
        self.assertEqual(self._limit(order, "quantity").counted, 6.0)
        self.assertEqual(self._limit(order).counted, 90.0)

    # -- The sales desk ----------------------------------------------------

    def test_the_sales_desk_sees_it_and_cannot_confirm(self):
        order = self._create_sized_order(6).with_user(self.salesman)
        self.assertIn("40.00", order.policy_issues_html)
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertIn("40.00", str(caught.exception))
        order.order_line.product_uom_qty = 10
        self.assertFalse(order.policy_issues_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_banner_follows_an_order_while_it_is_typed(self):
        with Form(self.env["sale.order"].with_user(self.salesman)) as order:
            order.partner_id = self.restaurant
            self.assertFalse(order.policy_issues_html)
            with order.order_line.new() as line:
                line.product_id = self.product
                line.product_uom_qty = 6
            self.assertIn("40.00", order.policy_issues_html)
            with order.order_line.edit(0) as line:
                line.product_uom_qty = 9
            self.assertIn("10.00", order.policy_issues_html)
            with order.order_line.edit(0) as line:
                line.product_uom_qty = 10
            self.assertFalse(order.policy_issues_html)

    def test_who_may_override_confirms_with_a_reason_as_long_as_the_order_is_the_same(self):
        order = self._create_sized_order(6).with_user(self.manager)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        order._override_policy("A first try")
        order.order_line.product_uom_qty = 3
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        order.order_line.product_uom_qty = 6
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_type_that_goes_takes_its_minimum_with_it(self):
        order = self._create_sized_cart(6)
        self.assertFalse(order._is_cart_ready())
        self.restaurant.customer_type_assignment_ids._end("No more trade")
        self.assertTrue(order._is_cart_ready())

    # -- Typing the rule ---------------------------------------------------

    def test_limits_that_nothing_could_meet_are_refused(self):
        with self.assertRaises(ValidationError):
            self.wholesale.order_maximum_amount = 50.0
        with self.assertRaises(ValidationError):
            self.wholesale.order_minimum_quantity = -1
        with self.assertRaises(ValidationError):
            self.wholesale.order_minimum_fee = -1
        with self.assertRaises(ValidationError):
            self.wholesale.order_limit_ids = [
                Command.create(
                    {
                        "currency_id": self.foreign.id,
                        "order_minimum_amount": 5,
                        "order_maximum_amount": 4,
                    }
                )
            ]

    def test_only_managers_decide_on_minimums(self):
        limits = self.env["customer.type.order.limit"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            limits.create({"type_id": self.wholesale.id, "currency_id": self.foreign.id})
        limit = limits.with_user(self.manager).create(
            {"type_id": self.wholesale.id, "currency_id": self.foreign.id}
        )
        self.assertEqual(limit.with_user(self.clerk).currency_id, self.foreign)

    def test_explain_and_the_card_name_the_minimum_in_words(self):
        words = dict(self.wholesale._get_policy_words())
        self.assertIn("100.00", words["Minimum Amount"])
        self.wholesale.order_minimum_quantity = 12
        self.assertEqual(dict(self.wholesale._get_policy_words())["Minimum Quantity"], "12")
