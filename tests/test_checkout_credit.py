from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_payment import CheckoutPaymentCommon


@tagged("post_install", "-at_install")
class TestCredit(CheckoutPaymentCommon):
    """A restaurant that may owe 1000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_use_credit_limit = True
        cls.wholesale.write({"pay_on_account": "allowed", "credit_limit": 1000.0})

    def _order(self, price, partner=None, **values):
        return self._create_priced_order(partner or self.restaurant, price, **values)

    def _confirmed(self, price, **values):
        order = self._order(price, **values)
        order.action_confirm()
        return order

    def _used(self, partner=None):
        return self._order(1.0, partner)._get_credit().used

    def _invoice(self, amount, days_ago=0, post=True, **values):
        date = self.env.cr.now().date()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.chef.id,
                "invoice_payment_term_id": False,
                "invoice_date": date,
                "invoice_date_due": date,
                "invoice_line_ids": [
                    Command.create({"name": "Wine", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _authorize(self, order):
        transaction = self._start(order, self.card)
        transaction.provider_id.support_manual_capture = "partial"
        transaction._set_authorized()
        return transaction

    def _register_payment(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()

    # -- The limit ---------------------------------------------------------

    def test_the_limit_of_the_customer_comes_before_that_of_the_types(self):
        order = self._order(1.0)
        self.assertEqual(order._get_credit().limit, 1000.0)
        self.restaurant._assign_customer_types(self.reserve)
        self.reserve.credit_limit = 1500.0
        self.assertEqual(order._get_credit().limit, 1500.0, "the most generous type")
        self.restaurant.credit_limit = 400.0
        self.assertEqual(order._get_credit().limit, 400.0)
        rows = self.env["customer.policy.explain"]._explain(
            order._get_customer_policy(), self.restaurant, self.env.company, order
        )
        row = next(row for row in rows if row["fname"] == "credit_limit")
        self.assertIn("400.00", row["value"])
        self.assertEqual(row["decided_by"], "Set on the customer")
        self.restaurant.use_partner_credit_limit = False
        self.assertEqual(order._get_credit().limit, 1500.0)

    def test_a_limit_of_zero_is_no_credit(self):
        """Whatever limit the company gives to customers who have none of their own."""
        usual = self.env["ir.default"]
        for company_limit in (0.0, 700.0):
            with self.subTest(company_limit=company_limit):
                usual.set("res.partner", "credit_limit", company_limit, company_id=True)
                self.restaurant.use_partner_credit_limit = False
                order = self._order(1.0)
                self.assertEqual(order._get_credit().limit, 1000.0)
                self.restaurant.write({"use_partner_credit_limit": True, "credit_limit": 0.0})
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertTrue(self.restaurant.use_partner_credit_limit)
                self.assertEqual(order._get_credit().limit, 0.0)
                self.assertNotIn(self.on_account, self._offer(order))
                with self.assertRaises(UserError):
                    order.with_user(self.salesman).action_confirm()
                rows = self.env["customer.policy.explain"]._explain(
                    order._get_customer_policy(), self.restaurant, self.env.company, order
                )
                row = next(row for row in rows if row["fname"] == "credit_limit")
                self.assertIn("0.00", row["value"])
                self.assertEqual(row["decided_by"], "Set on the customer")
                self.restaurant.credit_limit = 50.0
                self.assertEqual(order._get_credit().limit, 50.0)
                self.restaurant.credit_limit = 0.0
                self.assertEqual(order._get_credit().limit, 0.0, "zero where there was a limit")

    def test_where_a_company_does_without_odoos_limits_the_type_decides(self):
        self.restaurant.credit_limit = 400.0
        self.env.company.account_use_credit_limit = False
        self.assertEqual(self._order(1.0)._get_credit().limit, 1000.0)

    def test_without_a_rule_there_is_no_credit_to_count(self):
        self.wholesale.credit_limit = False
        order = self._order(5000.0)
        self.assertIsNone(order._get_credit())
        self.assertFalse(order.credit_summary)
        self.assertIn(self.on_account, self._offer(order))
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")

    # -- What is used ------------------------------------------------------

    def test_orders_invoices_and_payments(self):
        """An order is counted once on its way from confirmation to payment."""
        self.product.invoice_policy = "delivery"
        other = self._confirmed(100.0)
        self.assertEqual(self._used(), 100.0, "confirmed and not delivered")
        other.order_line.qty_delivered = 1.0
        self.assertEqual(self._used(), 100.0, "delivered and not invoiced")
        invoice = other._create_invoices()
        self.assertEqual(self._used(), 100.0, "a draft invoice")
        invoice.action_post()
        self.assertEqual(self._used(), 100.0, "an open invoice")
        self._register_payment(invoice)
        self.assertEqual(self._used(), 0.0, "paid")

    def test_part_of_an_order_is_invoiced(self):
        order = self._order(100.0)
        order.order_line.product_uom_qty = 4
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        self.assertEqual(self._used(), 400.0)
        self._register_payment(invoice)
        self.assertEqual(self._used(), 300.0)

    def test_a_down_payment_is_not_owed_twice(self):
        order = self._confirmed(100.0)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        down_payment = wizard._create_invoices(order)
        down_payment.action_post()
        self.assertAlmostEqual(self._used(), 100.0)
        order._create_invoices(final=True).action_post()
        self.assertAlmostEqual(self._used(), 100.0)

    def test_what_is_paid_by_card_takes_no_credit(self):
        order = self._order(100.0)
        self._authorize(order)
        order.action_confirm()
        self.assertEqual(self._used(), 0.0, "authorized: in no books yet")
        order._create_invoices()
        self.assertEqual(self._used(), 0.0, "a draft invoice")
        order.invoice_ids.action_post()
        self.assertEqual(self._used(), 0.0, "an open invoice")
        self._register_payment(order.invoice_ids)
        self.assertEqual(self._used(), 0.0, "paid in the books: not given twice")

    def test_of_an_order_that_is_paid_in_part_the_rest_is_credit(self):
        order = self._order(900.0)
        order.require_payment = False
        transaction = self._start(order, self.card, amount=300.0)
        transaction._set_done()
        order.action_confirm()
        self.assertEqual(self._used(), 600.0)
        # Who has paid too much for one order has no more credit for others.
        transaction.amount = 5000.0
        self._confirmed(50.0)
        self.assertEqual(self._used(), 50.0)

    def test_a_card_payment_is_taken_off_once(self):
        order = self._order(100.0)
        transaction = self._start(order, self.card)
        transaction._set_done()
        transaction.payment_id = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.restaurant.id,
                "amount": 100.0,
            }
        )
        transaction.payment_id.action_post()
        order.action_confirm()
        self.assertTrue(transaction.payment_id.move_id)
        self.assertEqual(self._used(), 0.0)
        self._confirmed(70.0)
        self.assertEqual(self._used(), 70.0)

    def test_a_part_is_captured_and_the_rest_is_given_up(self):
        order = self._order(100.0)
        transaction = self._authorize(order)
        order.action_confirm()
        transaction._create_child_transaction(60.0).state = "done"
        self.assertEqual(self._used(), 0.0, "captured and authorized, and not both")
        transaction._create_child_transaction(40.0).state = "cancel"
        self.assertEqual(self._used(), 40.0, "given up")

    def test_what_does_not_count(self):
        self._order(100.0)
        self._order(100.0, state="sent")
        self._confirmed(100.0)._action_cancel()
        self._invoice(100.0, post=False)
        self._create_priced_order(self.person, 100.0).action_confirm()
        self.assertEqual(self._used(), 0.0)

    def test_contacts_share_the_account_of_their_company(self):
        self._confirmed(100.0, partner=self.chef)
        self._invoice(50.0)
        self.assertEqual(self._used(), 150.0)
        self.assertEqual(self._used(self.chef), 150.0)

    def test_a_credit_note_gives_room(self):
        invoice = self._invoice(100.0)
        self._invoice(30.0, move_type="out_refund")
        self.assertEqual(self._used(), 70.0)
        self.assertTrue(invoice)

    def test_every_company_gives_its_own_credit(self):
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        order = self._order(100.0, company_id=company.id)
        order.action_confirm()
        self.assertEqual(self._used(), 0.0)
        self.assertEqual(self._order(1.0, company_id=company.id)._get_credit().used, 100.0)

    def test_orders_in_another_currency_are_converted(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 10.0})]
        self.env.company.currency_id.rate_ids = [Command.clear()]
        pricelist = self._create_pricelist("Test Francs", currency_id=currency.id)
        self._confirmed(1000.0, pricelist_id=pricelist.id)
        self.assertEqual(self._used(), 100.0)
        order = self._order(9000.0, pricelist_id=pricelist.id)
        self.assertIn(self.on_account, self._offer(order))
        order.order_line.price_unit = 9001.0
        self.assertNotIn(self.on_account, self._offer(order))

    def test_counting_takes_one_query_however_much_there_is(self):
        def count():
            order = self._order(1.0)
            self.env.flush_all()
            order._get_credit()
            with self.assertQueryCount(1):
                order._get_credit()

        count()
        for _number in range(5):
            self._confirmed(10.0)
            self._invoice(10.0)
        count()

    # -- Over the limit ----------------------------------------------------

    def test_over_the_limit_only_this_option_goes_away(self):
        self._confirmed(900.0)
        order = self._order(100.0)
        self.assertIn(self.on_account, self._offer(order))
        self.assertFalse(order._get_account_status()["refusal"])
        order.order_line.price_unit = 100.01
        report = {}
        offer = self._offer(order, report=report)
        self.assertNotIn(self.on_account, offer)
        self.assertIn(self.card, offer)
        reason = report["providers"][self.account_provider]["reason"]
        for words in ("1,000.00", "100.00 of it is left", "100.01"):
            self.assertIn(words, reason.replace("\N{NO-BREAK SPACE}", "").replace("$", ""))
        status = order._get_account_status()
        self.assertIn("left of", status["summary"])
        self.assertEqual(status["refusal"], reason)
        with self.assertRaises(ValidationError) as caught:
            self._start(order, self.on_account)
        self.assertIn(reason, str(caught.exception))
        self.assertTrue(self._start(order, self.card))

    def test_overdue_for_too_long(self):
        self.wholesale.write({"credit_limit": False, "overdue_days": 10})
        self._invoice(100.0, invoice_date="2026-01-01", invoice_date_due="2026-01-31")
        order = self._order(50.0)
        with freeze_time("2026-02-10"):
            self.assertIn(self.on_account, self._offer(order))
        with freeze_time("2026-02-11"):
            offer = self._offer(order)
            self.assertNotIn(self.on_account, offer)
            self.assertIn(self.card, offer)
            status = order._get_account_status()
            self.assertIn("overdue for more than 10 days", status["refusal"])
            with self.assertRaises(UserError):
                order.with_user(self.salesman).action_confirm()

    def test_the_customer_reads_nothing_where_there_is_nothing_to_say(self):
        self.assertIsNone(self._create_order(self.person)._get_account_status())
        self.wholesale.credit_limit = False
        self.assertIsNone(self._order(1.0)._get_account_status())
        self.wholesale.overdue_days = 10
        self.assertIsNone(self._order(1.0)._get_account_status())

    # -- The order gate ----------------------------------------------------

    def test_the_sales_desk_confirms_within_the_limit(self):
        self._confirmed(900.0)
        order = self._order(200.0).with_user(self.salesman)
        self.assertIn("1,000.00", order.policy_issues_html)
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertIn("paid in advance", str(caught.exception))
        self.assertEqual(order.state, "draft")
        order.order_line.price_unit = 100.0
        self.assertFalse(order.policy_issues_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_customers_whose_types_say_nothing_about_credit_are_left_to_odoo(self):
        """Odoo warns and lets the order pass; with a type that speaks, its own limit holds."""
        self.person.credit_limit = 50.0
        order = self._create_priced_order(self.person, 100.0).with_user(self.salesman)
        self.assertTrue(order.partner_credit_warning)
        self.assertFalse(order.policy_issues_html)
        self.assertNotIn(self.on_account, self._offer(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.reserve.pay_on_account = "refused"
        self.person._assign_customer_types(self.reserve)
        order = self._create_priced_order(self.person, 100.0).with_user(self.salesman)
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_an_override_with_a_reason(self):
        order = self._order(2000.0).with_user(self.manager)
        with self.assertRaises(RedirectWarning) as caught:
            order.action_confirm()
        wizard = (
            self.env["sale.order.policy.override"]
            .with_user(self.manager)
            .with_context(**caught.exception.args[1]["context"])
            .create({"reason": "Bank guarantee"})
        )
        wizard.action_override()
        self.assertEqual(order.state, "sale")

    def test_a_paid_order_needs_no_credit(self):
        order = self._order(2000.0)
        transaction = self._start(order, self.card)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.activity_ids)

    def test_what_is_paid_on_delivery_needs_no_credit(self):
        order = self._order(2000.0)
        cash, _provider = self._create_way_to_pay(
            "Test Cash", code="custom", custom_mode="cash_on_delivery"
        )
        order.carrier_id = self.env["delivery.carrier"].create(
            {"name": "Test Van", "product_id": self.product.id, "allow_cash_on_delivery": True}
        )
        with self.assertRaisesRegex(ValidationError, "only for an order as a whole"):
            self._start(order, cash, amount=1.0)
        with self.assertRaisesRegex(ValidationError, "only for an order as a whole"):
            self._start(order, cash, operation="validation")
        transaction = self._start(order, cash)
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual(order.state, "sale")

    def test_a_cent_does_not_open_the_account(self):
        order = self._order(2000.0)
        order.require_payment = False
        with self.assertRaisesRegex(ValidationError, "not enough"):
            self._start(order, self.card, amount=0.01)
        # Of an order within the limit, a part may be paid, and the rest is owed.
        order.order_line.price_unit = 900.0
        transaction = self._start(order, self.card, amount=100.0)
        transaction._set_done()
        self.assertEqual(order._get_rest(), 800.0)

    def test_a_provider_out_of_use_is_refused(self):
        order = self._order(100.0)
        provider = self.card.provider_ids.filtered(lambda p: p.company_id == order.company_id)
        provider.state = "disabled"
        with self.assertRaisesRegex(ValidationError, "not on offer"):
            self._start(order, self.card, provider=provider)

    def test_a_transfer_that_has_not_arrived_is_credit(self):
        order = self._order(2000.0)
        self._start(order, self.wire)._set_pending()
        with self.assertRaises(UserError):
            order.with_user(self.salesman).action_confirm()

    def test_orders_confirmed_together_have_room_together(self):
        orders = self._order(600.0) + self._order(600.0)
        with self.assertRaises(UserError) as caught:
            orders.with_user(self.salesman).action_confirm()
        self.assertIn("do not fit together", str(caught.exception))
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        (orders[0] + self._order(400.0)).with_user(self.salesman).action_confirm()
        self.assertEqual(orders[0].state, "sale")

    def test_an_order_on_account_that_lost_its_room(self):
        order = self._order(600.0)
        transaction = self._start(order, self.on_account)
        transaction._process("custom", {"reference": transaction.reference})
        self._confirmed(600.0)
        transaction._post_process()
        self.assertEqual(transaction.state, "cancel")
        self.assertIn("400.00", transaction.state_message)
        self.assertEqual(order.state, "draft")
