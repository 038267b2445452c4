from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PricingCommon


@tagged("post_install", "-at_install")
class TestPricingOrder(PricingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.immediate = cls.env.ref("account.account_payment_term_immediate")
        cls.own_term = cls.env["account.payment.term"].create({"name": "Test Own Terms"})
        cls.reserve_list = cls._create_pricelist("Test Reserve", 700.0)

    def _price(self, order):
        return order.order_line.filtered(lambda line: line.product_id == self.product).price_unit

    def _log(self, order):
        return "\n".join(order.message_ids.mapped("body"))

    # -- A new order -------------------------------------------------------

    def test_a_clerk_who_picks_a_wholesaler_gets_their_price_list_terms_and_prices(self):
        with Form(self.env["sale.order"].with_user(self.salesman)) as form:
            form.partner_id = self.chef
            with form.order_line.new() as line:
                line.product_id = self.product
        order = form.record
        self.assertEqual(order.pricelist_id, self.wholesale_list)
        self.assertEqual(order.payment_term_id, self.net_30)
        self.assertEqual(order.order_line.price_unit, 613.55)

    def test_another_customer_gets_none_of_it(self):
        order = self._create_order(self.person)
        self.assertEqual(order.pricelist_id, self.retail_list)
        self.assertFalse(order.payment_term_id)
        self.assertEqual(self._price(order), 876.5)

    def test_what_is_typed_on_the_order_comes_first(self):
        order = self._create_order(
            self.chef, pricelist_id=self.retail_list.id, payment_term_id=self.own_term.id
        )
        self.assertEqual(order.pricelist_id, self.retail_list)
        self.assertEqual(order.payment_term_id, self.own_term)
        self.assertEqual(self._price(order), 876.5)

    def test_terms_set_on_the_customer_come_before_those_of_the_type(self):
        self.restaurant.property_payment_term_id = self.own_term
        self.assertEqual(self._create_order(self.chef).payment_term_id, self.own_term)
        self.assertEqual(self._create_cart(self.chef).payment_term_id, self.own_term)

    def test_an_order_of_the_shop_has_the_terms_of_the_type_instead_of_immediate_payment(self):
        self.assertEqual(self._create_cart(self.chef).payment_term_id, self.net_30)
        self.assertEqual(self._create_cart(self.person).payment_term_id, self.immediate)

    def test_terms_that_are_archived_or_of_another_company_are_not_given(self):
        self.net_30.active = False
        self.assertFalse(self._create_order(self.chef).payment_term_id)
        self.net_30.active = True
        self.assertEqual(self._create_order(self.chef).payment_term_id, self.net_30)
        self.net_30.company_id = self.env["res.company"].create({"name": "Test Branch"})
        self.assertFalse(self._create_order(self.chef).payment_term_id)

    def test_changing_the_customer_of_an_order_changes_list_and_terms(self):
        order = self._create_order(self.person)
        order.partner_id = self.chef
        self.assertEqual(order.pricelist_id, self.wholesale_list)
        self.assertEqual(order.payment_term_id, self.net_30)

    def test_an_order_takes_its_own_website_not_that_of_the_context(self):
        other = self.env["website"].create({"name": "Test Second Shop"})
        self.wholesale.write({"company_id": self.env.company.id, "website_ids": other.ids})
        for website, pricelist in (
            (self.env["website"], self.retail_list),
            (self.website, self.retail_list),
            (other, self.wholesale_list),
        ):
            order = self.env["sale.order"].with_context(website_id=other.id)
            order = order.create({"partner_id": self.chef.id, "website_id": website.id})
            self.assertEqual(order.pricelist_id, pricelist)

    def test_orders_of_several_websites_computed_together_keep_apart(self):
        other = self.env["website"].create({"name": "Test Second Shop"})
        self.wholesale.write({"company_id": self.env.company.id, "website_ids": other.ids})
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.chef.id, "website_id": website_id}
                for website_id in (False, self.website.id, other.id)
            ]
        )
        pricelists = [self.retail_list, self.retail_list, self.wholesale_list]
        self.assertEqual([order.pricelist_id for order in orders], pricelists)
        terms = [self.env["account.payment.term"], self.immediate, self.net_30]
        self.assertEqual([order.payment_term_id for order in orders], terms)

    def test_the_currency_of_the_price_list_becomes_that_of_the_order(self):
        euro = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [("id", "!=", self.env.company.currency_id.id), ("name", "in", ("EUR", "USD"))],
                limit=1,
            )
        )
        euro.active = True
        self.wholesale_list.currency_id = euro
        order = self._create_order(self.chef)
        self.assertEqual(order.currency_id, euro)
        self.assertEqual(self._price(order), 613.55)

    # -- Invoices typed by hand --------------------------------------------

    def _create_move(self, move_type, partner):
        return self.env["account.move"].create({"move_type": move_type, "partner_id": partner.id})

    def test_an_invoice_typed_by_hand_has_the_terms_of_the_type(self):
        for move_type in ("out_invoice", "out_refund"):
            move = self._create_move(move_type, self.chef)
            self.assertEqual(move.invoice_payment_term_id, self.net_30)
        move = self._create_move("out_invoice", self.person)
        self.assertFalse(move.invoice_payment_term_id)

    def test_an_invoice_of_a_customer_with_own_terms_has_these(self):
        self.restaurant.property_payment_term_id = self.own_term
        move = self._create_move("out_invoice", self.restaurant)
        self.assertEqual(move.invoice_payment_term_id, self.own_term)

    def test_a_bill_from_a_customer_has_no_terms_of_customers(self):
        for move_type in ("in_invoice", "in_refund", "entry"):
            move = self._create_move(move_type, self.restaurant)
            self.assertFalse(move.invoice_payment_term_id)

    def test_the_invoice_of_an_order_has_the_terms_of_the_order(self):
        self.product.invoice_policy = "order"
        order = self._create_order(self.chef, payment_term_id=self.own_term.id)
        order.action_confirm()
        self.assertEqual(order._create_invoices().invoice_payment_term_id, self.own_term)

    # -- Open carts --------------------------------------------------------

    def test_an_open_cart_gets_new_prices_and_terms_at_once_and_says_so(self):
        cart = self._create_cart(self.person)
        self.assertEqual((self._price(cart), cart.payment_term_id), (876.5, self.immediate))
        assignment = self.person._assign_customer_types(self.wholesale)
        self.assertEqual(cart.pricelist_id, self.wholesale_list)
        self.assertEqual((self._price(cart), cart.payment_term_id), (613.55, self.net_30))
        self.assertEqual(cart.amount_untaxed, 613.55)
        self.assertIn("Your prices have changed", cart.shop_warning)
        cart.shop_warning = False
        assignment._end("No more")
        self.assertEqual(cart.pricelist_id, self.retail_list)
        self.assertEqual((self._price(cart), cart.payment_term_id), (876.5, self.immediate))
        self.assertIn("Your prices have changed", cart.shop_warning)
        self.assertFalse(cart.policy_outdated)

    def test_the_cart_of_a_contact_follows_the_types_of_the_company(self):
        cart = self._create_cart(self.chef)
        self.restaurant.customer_type_assignment_ids._end("No more")
        self.assertEqual(self._price(cart), 876.5)

    def test_a_cart_whose_terms_alone_change_says_nothing_about_prices(self):
        cart = self._create_cart(self.person)
        self.reserve.payment_term_id = self.own_term
        self.person._assign_customer_types(self.reserve)
        self.assertEqual(cart.payment_term_id, self.own_term)
        self.assertFalse(cart.shop_warning)

    def test_the_message_waits_behind_one_that_is_there_and_comes_once(self):
        cart = self._create_cart(self.person)
        cart.shop_warning = "Only two left."
        self.person._assign_customer_types(self.wholesale)
        self.wholesale.pricelist_id = self.reserve_list
        self.assertEqual(self._price(cart), 700.0)
        self.assertTrue(cart.shop_warning.startswith("Only two left.\n"))
        self.assertEqual(cart.shop_warning.count("Your prices have changed"), 1)

    def test_a_price_list_the_customer_chose_survives_a_type_that_names_none(self):
        selectable = self._create_pricelist("Test Chosen", 800.0, selectable=True)
        cart = self._create_cart(self.person, pricelist_id=selectable.id)
        self.person._assign_customer_types(self.reserve)
        self.assertEqual(cart.pricelist_id, selectable)
        self.person._assign_customer_types(self.wholesale)
        self.assertEqual(cart.pricelist_id, self.wholesale_list)

    def test_a_cart_with_a_payment_under_way_is_left_alone(self):
        cart = self._create_cart(self.person)
        provider = self.env["payment.provider"].create({"name": "Test Provider"})
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": cart.amount_total,
                "currency_id": cart.currency_id.id,
                "partner_id": self.person.id,
                "reference": "Test Transaction",
                "state": "pending",
                "sale_order_ids": [Command.link(cart.id)],
            }
        )
        self.person._assign_customer_types(self.wholesale)
        self.assertEqual((cart.pricelist_id, self._price(cart)), (self.retail_list, 876.5))
        self.assertFalse(cart.policy_outdated)

    def test_promotions_of_a_cart_are_computed_again(self):
        self.env["loyalty.program"].search([]).active = False
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Ten Percent",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({})],
                "reward_ids": [
                    Command.create(
                        {"reward_type": "discount", "discount": 10, "required_points": 1}
                    )
                ],
            }
        )
        cart = self._create_cart(self.person)
        cart._update_programs_and_rewards()
        cart._auto_apply_rewards()
        reward_line = cart.order_line.filtered("is_reward_line")
        self.assertEqual(reward_line.reward_id, program.reward_ids)
        self.assertAlmostEqual(reward_line.price_subtotal, -87.65)
        self.person._assign_customer_types(self.wholesale)
        reward_line = cart.order_line.filtered("is_reward_line")
        self.assertAlmostEqual(reward_line.price_subtotal, -61.36, places=2)

    def test_delivery_in_the_former_currency_is_taken_off_the_cart(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [("id", "!=", self.env.company.currency_id.id), ("name", "in", ("EUR", "USD"))],
                limit=1,
            )
        )
        other.active = True
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Test Carrier",
                "fixed_price": 9.0,
                "product_id": self.env["product.product"]
                .create({"name": "Test Delivery", "type": "service", "taxes_id": False})
                .id,
            }
        )
        cart = self._create_cart(self.person)
        cart.set_delivery_line(carrier, 9.0)
        self.person._assign_customer_types(self.wholesale)
        self.assertTrue(cart.order_line.filtered("is_delivery"))
        self.reserve_list.currency_id = other
        self.wholesale.pricelist_id = self.reserve_list
        self.assertEqual((cart.currency_id, cart.amount_untaxed), (other, 700.0))
        self.assertFalse(cart.order_line.filtered("is_delivery"))

    # -- Quotations --------------------------------------------------------

    def test_a_quotation_is_marked_and_not_changed(self):
        for state in ("draft", "sent"):
            order = self._create_order(self.person)
            order.state = state
            assignment = self.person._assign_customer_types(self.wholesale)
            self.assertEqual((order.pricelist_id, self._price(order)), (self.retail_list, 876.5))
            self.assertTrue(order.policy_outdated)
            self.assertIn("Test Retail", order.policy_changes)
            self.assertIn("Test Wholesale", order.policy_changes)
            self.assertIn("Test 30 Days", order.policy_changes)
            self.assertIn("Test 30 Days", self._log(order))
            self.assertFalse(order.shop_warning)
            assignment._end("No more")
            self.assertFalse(order.policy_outdated)

    def test_a_cart_that_was_sent_as_a_quotation_is_one(self):
        order = self._create_cart(self.person)
        order.state = "sent"
        self.person._assign_customer_types(self.wholesale)
        self.assertTrue(order.policy_outdated)
        self.assertEqual(self._price(order), 876.5)

    def test_an_order_that_is_confirmed_or_cancelled_is_left_alone(self):
        orders = self._create_order(self.person) + self._create_order(self.person)
        orders[0].action_confirm()
        orders[1]._action_cancel()
        self.person._assign_customer_types(self.wholesale)
        self.assertEqual(orders.pricelist_id, self.retail_list)
        self.assertFalse(any(orders.mapped("policy_outdated")))

    def test_a_quotation_is_not_marked_when_nothing_would_change(self):
        order = self._create_order(self.person)
        self.person._assign_customer_types(self.reserve)
        self.assertFalse(order.policy_outdated)

    def test_a_price_list_chosen_by_hand_is_no_reason_to_mark_a_quotation(self):
        order = self._create_order(self.person, pricelist_id=self.reserve_list.id)
        self.person._assign_customer_types(self.reserve)
        self.assertFalse(order.policy_outdated)
        self.person._assign_customer_types(self.wholesale)
        self.assertTrue(order.policy_outdated)

    def test_update_prices_takes_what_is_due_today(self):
        order = self._create_order(self.person)
        order.state = "sent"
        self.person._assign_customer_types(self.wholesale)
        order.with_user(self.salesman).action_apply_policy()
        self.assertEqual((order.pricelist_id, self._price(order)), (self.wholesale_list, 613.55))
        self.assertEqual(order.payment_term_id, self.net_30)
        self.assertFalse(order.policy_outdated)
        self.assertIn("Brought up to date", self._log(order))
        order.action_apply_policy()
        self.assertEqual(self._log(order).count("Brought up to date"), 1)

    def test_keep_lets_a_quotation_stand_until_something_changes_again(self):
        order = self._create_order(self.person)
        self.person._assign_customer_types(self.wholesale)
        order.with_user(self.salesman).action_keep_terms()
        self.assertEqual((order.pricelist_id, self._price(order)), (self.retail_list, 876.5))
        self.assertFalse(order.policy_outdated)
        self.assertIn("Kept as it was", self._log(order))
        self.person._assign_customer_types(self.reserve)
        self.assertFalse(order.policy_outdated)
        self.wholesale.pricelist_id = self.reserve_list
        self.assertTrue(order.policy_outdated)

    def test_a_quotation_that_somebody_brings_up_to_date_by_hand_is_marked_no_more(self):
        order = self._create_order(self.person)
        self.person._assign_customer_types(self.wholesale)
        order.pricelist_id = self.wholesale_list
        self.assertTrue(order.policy_outdated)
        order.payment_term_id = self.net_30
        self.assertFalse(order.policy_outdated)

    def test_marked_quotations_are_found_and_brought_up_to_date_together(self):
        orders = self._create_order(self.person) + self._create_order(self.person)
        self.person._assign_customer_types(self.wholesale)
        found = self.env["sale.order"].search(
            [("policy_outdated", "=", True), ("partner_id", "=", self.person.id)]
        )
        self.assertEqual(found, orders.sorted("id", reverse=True))
        found.action_apply_policy()
        self.assertEqual(orders.pricelist_id, self.wholesale_list)

    def test_a_copy_of_an_order_from_former_times_is_marked(self):
        order = self._create_order(self.chef)
        order.action_confirm()
        self.assertFalse(order.copy().policy_outdated)
        self.restaurant.customer_type_assignment_ids._end("No more")
        copy = order.copy()
        self.assertEqual(copy.pricelist_id, self.wholesale_list)
        self.assertTrue(copy.policy_outdated)

    # -- Types are edited --------------------------------------------------

    def test_editing_a_type_reaches_carts_and_quotations_of_its_holders(self):
        cart, order = self._create_cart(self.chef), self._create_order(self.chef)
        others = self._create_cart(self.person) + self._create_order(self.person)
        self.wholesale.pricelist_id = self.reserve_list
        self.assertEqual(self._price(cart), 700.0)
        self.assertEqual((self._price(order), order.policy_outdated), (613.55, True))
        self.wholesale.payment_term_id = self.own_term
        self.assertEqual(cart.payment_term_id, self.own_term)
        self.assertIn("Test Own Terms", order.policy_changes)
        self.assertFalse(any(others.mapped("policy_outdated")))
        self.assertEqual(others.pricelist_id, self.retail_list)

    def test_a_stronger_type_reaches_carts_and_quotations(self):
        self.reserve.pricelist_id = self.reserve_list
        self.restaurant._assign_customer_types(self.reserve)
        cart, order = self._create_cart(self.chef), self._create_order(self.chef)
        self.reserve.sequence = 0
        self.assertEqual((self._price(cart), order.policy_outdated), (700.0, True))

    def test_archiving_type_price_list_or_terms_reaches_carts_and_quotations(self):
        cart, order = self._create_cart(self.chef), self._create_order(self.chef)
        self.wholesale_list.active = False
        self.assertEqual((self._price(cart), order.policy_outdated), (876.5, True))
        self.wholesale_list.active = True
        self.assertEqual((self._price(cart), order.policy_outdated), (613.55, False))
        self.net_30.active = False
        self.assertEqual(cart.payment_term_id, self.immediate)
        self.assertTrue(order.policy_outdated)
        self.net_30.active = True
        self.assertEqual((cart.payment_term_id, order.policy_outdated), (self.net_30, False))
        self.wholesale.active = False
        self.assertEqual(cart.payment_term_id, self.immediate)
        self.assertTrue(order.policy_outdated)

    def test_a_scheduled_start_reaches_the_cart_when_it_comes(self):
        cart = self._create_cart(self.person)
        tomorrow = fields.Date.add(fields.Date.today(), days=2)
        assignment = self.person._assign_customer_types(self.wholesale, date_from=tomorrow)
        self.assertEqual(self._price(cart), 876.5)
        assignment.date_from = fields.Date.subtract(tomorrow, days=10)
        self.assertEqual(self._price(cart), 613.55)

    def test_many_customers_cost_no_more_queries_than_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Test Customer {n}", "is_company": True} for n in range(40)]
        )
        orders = self.env["sale.order"].create([{"partner_id": p.id} for p in partners])
        self.assertEqual(orders.pricelist_id, self.retail_list)

        def count_queries(of_partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            of_partners._customer_types_changed()
            return self.cr.sql_log_count - before

        count_queries(partners)
        self.assertEqual(count_queries(partners), count_queries(partners[:1]))

    # -- Explain -----------------------------------------------------------

    def test_explain_says_who_decided_on_price_list_and_terms(self):
        def explain(record):
            explanation = self.env["customer.policy.explain"].browse(
                record.action_explain_policy()["res_id"]
            )
            return {row["fname"]: row for row in explanation._get_rows()}

        order = self._create_order(self.chef)
        row = explain(order)["pricelist_id"]
        self.assertIn("Test Wholesale", row["value"])
        self.assertEqual(row["decided_by"], "Test Wholesale")
        order.pricelist_id = self.retail_list
        row = explain(order)["pricelist_id"]
        self.assertIn("Test Retail", row["value"])
        self.assertEqual(row["decided_by"], "Set on this order")
        self.assertEqual([who for _value, who in row["overruled"]], ["Test Wholesale"])
        order.pricelist_id = self.wholesale_list
        self.wholesale.pricelist_id = self.reserve_list
        row = explain(order)["pricelist_id"]
        self.assertIn("Test Wholesale", row["value"])
        self.assertEqual(row["decided_by"], "As it was when this order was made")
        self.restaurant.property_payment_term_id = self.own_term
        row = explain(self.restaurant)["payment_term_id"]
        self.assertEqual(row["value"], "Test Own Terms")
        self.assertEqual(row["decided_by"], "Set on the customer")
        self.assertEqual(row["overruled"], [("Test 30 Days", "Test Wholesale")])
        row = explain(self._create_order(self.person))["pricelist_id"]
        self.assertEqual(row["decided_by"], "Standard")
