from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_payment import CheckoutPaymentCommon


@tagged("post_install", "-at_install")
class TestPaymentByType(CheckoutPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_priced_order(cls.restaurant, 100.0)

    def _assert_offered(self, order, methods, but=None, **kwargs):
        offer = self._offer(order, **kwargs)
        self.assertEqual(methods & offer, methods, kwargs.get("report"))
        self.assertFalse((but or offer.browse()) & offer, "these are not")

    def _assert_refused(self, order, method, words="can't be used here", **kwargs):
        before = self.env["payment.transaction"].search_count([])
        with self.assertRaises(ValidationError) as caught:
            self._start(order, method, **kwargs)
        self.assertIn(words, str(caught.exception))
        self.assertEqual(self.env["payment.transaction"].search_count([]), before)

    # -- Methods and providers ---------------------------------------------

    def test_types_that_say_nothing_leave_all_ways_to_pay(self):
        self._assert_offered(self.order, self.card + self.wire)
        self.assertTrue(self._start(self.order, self.card))

    def test_who_has_methods_named_may_use_these_and_no_others(self):
        self.wholesale.payment_method_ids = self.card
        report = {}
        self._assert_offered(self.order, self.card, but=self.wire, report=report)
        row = report["payment_methods"][self.wire]
        self.assertFalse(row["available"])
        self.assertEqual(row["reason"], "not for this kind of customer")
        self._assert_refused(self.order, self.wire)
        self.assertTrue(self._start(self.order, self.card))
        self._assert_offered(self._create_order(self.person), self.card + self.wire)

    def test_who_has_providers_named_may_use_these_and_no_others(self):
        self.wholesale.payment_provider_ids = self.card_provider
        report = {}
        self._assert_offered(self.order, self.card, but=self.wire, report=report)
        self.assertIn("kind of customer", report["providers"][self.wire_provider]["reason"])
        self._assert_refused(self.order, self.wire)
        self.assertTrue(self._start(self.order, self.card))

    def test_providers_of_another_company_say_nothing_here(self):
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        _method, provider = self._create_way_to_pay("Test Elsewhere", company_id=company.id)
        self.wholesale.payment_provider_ids = provider
        self._assert_offered(self.order, self.card + self.wire)

    def test_several_types_add_up(self):
        self.restaurant._assign_customer_types(self.reserve)
        self.wholesale.payment_method_ids = self.card
        self._assert_offered(self.order, self.card, but=self.wire)
        self.reserve.payment_method_ids = self.wire
        self._assert_offered(self.order, self.card + self.wire)

    def test_what_is_reserved_is_for_types_that_name_it(self):
        self.wire.reserved_for_types = True
        private = self._create_order(self.person)
        for order in (self.order, private):
            self._assert_offered(order, self.card, but=self.wire)
            self._assert_refused(order, self.wire)
        self.wholesale.payment_method_ids = self.card + self.wire
        self._assert_offered(self.order, self.card + self.wire)
        self.assertTrue(self._start(self.order, self.wire))
        self._assert_offered(private, self.card, but=self.wire)

    def test_a_reserved_provider_is_for_types_that_name_it(self):
        self.wire_provider.reserved_for_types = True
        self._assert_offered(self.order, self.card, but=self.wire)
        self._assert_refused(self.order, self.wire)
        self.wholesale.payment_provider_ids = self.wire_provider
        self.assertTrue(self._start(self.order, self.wire))

    def test_the_customer_is_that_of_the_order_whoever_is_signed_in(self):
        self.wholesale.payment_method_ids = self.card
        order = self.order.with_user(self.shopper_user)
        self._assert_offered(order, self.card, but=self.wire)
        self._assert_refused(self.order, self.wire, partner_id=self.person.id)

    def test_the_customer_of_an_invoice_decides_how_it_is_paid(self):
        self.wholesale.payment_method_ids = self.card
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.chef.id,
                "invoice_line_ids": [Command.create({"name": "Wine", "price_unit": 100.0})],
            }
        )
        values = {
            "amount": 100.0,
            "sale_order_ids": False,
            "invoice_ids": [Command.set(invoice.ids)],
            "partner_id": self.person.id,
        }
        self._assert_refused(self.order, self.wire, **values)
        self.assertTrue(self._start(self.order, self.card, **values))

    def test_who_pays_without_a_document_is_the_customer(self):
        self.wholesale.payment_method_ids = self.card
        values = {"sale_order_ids": False, "partner_id": self.chef.id}
        self._assert_refused(self.order, self.wire, **values)
        self.assertTrue(self._start(self.order, self.card, **values))
        self.assertTrue(
            self._start(self.order, self.wire, **values | {"partner_id": self.person.id})
        )

    # -- Forged ids --------------------------------------------------------

    def test_an_allowed_method_does_not_open_another_provider(self):
        self.wire.reserved_for_types = True
        self._assert_refused(self.order, self.card, provider=self.wire_provider)

    def test_a_token_is_not_used_with_another_provider(self):
        token = self._create_saved_token(self.restaurant, self.card, self.card_provider)
        self.card_provider.reserved_for_types = True
        self._assert_refused(
            self.order,
            self.card,
            provider=self.wire_provider,
            operation="online_token",
            token_id=token.id,
        )

    def test_a_saved_token_is_as_good_as_its_method(self):
        token = self._create_saved_token(self.restaurant, self.wire, self.wire_provider)
        values = {"operation": "online_token", "token_id": token.id}
        self.assertTrue(self._start(self.order, self.wire, **values))
        self.wholesale.payment_method_ids = self.card
        self._assert_refused(self.order, self.wire, **values)
        report = {}
        self._offer(self.order, report=report)
        self.assertFalse(token._filter_by_policy(report))

    def test_a_brand_of_card_is_a_card(self):
        brand = self.card.copy({"code": "test_brand", "primary_payment_method_id": self.card.id})
        token = self._create_saved_token(self.restaurant, brand, self.card_provider)
        values = {
            "provider": self.card_provider,
            "operation": "online_token",
            "token_id": token.id,
        }
        self.wholesale.payment_method_ids = self.card
        self.assertTrue(self._start(self.order, brand, **values))
        self.wholesale.payment_method_ids = self.wire
        self._assert_refused(self.order, brand, **values)

    def test_an_unknown_method_is_no_way_around(self):
        unknown = self.pm_unknown
        self.assertTrue(self._start(self.order, unknown, provider=self.card_provider))
        self.wholesale.payment_method_ids = self.wire
        self._assert_refused(self.order, unknown, provider=self.card_provider)
        self.wire.provider_ids += self.card_provider
        self._assert_refused(self.order, unknown, provider=self.card_provider)
        self.wire.support_express_checkout = True
        self.assertTrue(self._start(self.order, unknown, provider=self.card_provider))

    def test_saving_a_method_is_refused_as_paying_with_it_is(self):
        self.wholesale.payment_method_ids = self.card
        values = {"operation": "validation", "amount": 0.0, "partner_id": self.chef.id}
        self._assert_refused(self.order, self.wire, sale_order_ids=False, **values)
        self.assertTrue(self._start(self.order, self.card, sale_order_ids=False, **values))

    def test_staff_and_the_system_charge_refund_and_capture_as_before(self):
        self.wholesale.payment_method_ids = self.card
        token = self._create_saved_token(self.restaurant, self.wire, self.wire_provider)
        charge = self._start(self.order, self.wire, operation="offline", token_id=token.id)
        charge._set_done()
        refund = charge._create_child_transaction(10.0, is_refund=True)
        self.assertEqual(refund.operation, "refund")

    # -- Amounts -----------------------------------------------------------

    def _limit(self, customer_type, method, minimum=0.0, maximum=0.0):
        customer_type.payment_limit_ids = [
            Command.create({"payment_method_id": method.id, "minimum": minimum, "maximum": maximum})
        ]
        return customer_type.payment_limit_ids[-1:]

    def test_a_method_is_open_from_and_up_to_an_amount(self):
        self._limit(self.wholesale, self.wire, minimum=100.0, maximum=500.0)
        for price, open_to in ((99.99, False), (100.0, True), (500.0, True), (500.01, False)):
            order = self._create_priced_order(self.restaurant, price)
            report = {}
            offer = self._offer(order, report=report)
            self.assertEqual(self.wire in offer, open_to, price)
            self.assertIn(self.card, offer)
            if open_to:
                self.assertTrue(self._start(order, self.wire))
            else:
                self.assertIn("500.00", report["payment_methods"][self.wire]["reason"])
                self._assert_refused(order, self.wire, "only for amounts from")

    def test_limits_are_of_the_amount_paid_in_the_currency_of_the_order(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 10.0})]
        self.env.company.currency_id.rate_ids = [Command.clear()]
        pricelist = self._create_pricelist("Test Francs", currency_id=currency.id)
        self._limit(self.wholesale, self.wire, minimum=100.0)
        order = self._create_priced_order(self.restaurant, 999.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self._assert_refused(order, self.wire, "only for amounts from")
        order.order_line.price_unit = 1000.0
        self.assertTrue(self._start(order, self.wire))

    def test_one_type_that_admits_the_amount_is_enough(self):
        self.restaurant._assign_customer_types(self.reserve)
        self._limit(self.wholesale, self.wire, maximum=50.0)
        self._assert_offered(self.order, self.card, but=self.wire)
        self._limit(self.reserve, self.wire, maximum=200.0)
        self._assert_offered(self.order, self.card + self.wire)

    def test_an_edited_limit_holds_at_once(self):
        limit = self._limit(self.wholesale, self.wire, maximum=50.0)
        self._assert_offered(self.order, self.card, but=self.wire)
        limit.maximum = 200.0
        self._assert_offered(self.order, self.card + self.wire)
        limit.maximum = 50.0
        self._assert_offered(self.order, self.card, but=self.wire)
        limit.unlink()
        self._assert_offered(self.order, self.card + self.wire)

    def test_a_method_that_is_gone_limits_nobody(self):
        method, provider = self._create_way_to_pay("Test Cheque")
        self._limit(self.wholesale, method, maximum=50.0)
        self.wholesale.payment_provider_ids = provider + self.card_provider
        self._assert_offered(self.order, self.card, but=method + self.wire)
        method.unlink()
        provider.unlink()
        self._assert_offered(self.order, self.card, but=self.wire)

    def test_limits_make_sense(self):
        for minimum, maximum in ((-1.0, 0.0), (0.0, -1.0), (20.0, 10.0)):
            with self.assertRaises(ValidationError):
                self._limit(self.wholesale, self.wire, minimum, maximum)

    # -- Words -------------------------------------------------------------

    def test_staff_reads_what_holders_may_use(self):
        self.wholesale.payment_method_ids = self.card
        self._limit(self.wholesale, self.wire, minimum=100.0)
        words = dict(self.wholesale._get_policy_words())
        self.assertEqual(words["Payment Methods"], "Test Card")
        self.assertIn("Test Wire: from", words["Amounts by Payment Method"])
        self.assertIn("100.00", words["Amounts by Payment Method"])
        self.restaurant._assign_customer_types(self.reserve)
        self.reserve.payment_method_ids = self.wire
        rows = {
            row["fname"]: row
            for row in self.env["customer.policy.explain"]._explain(
                self.order._get_customer_policy(),
                self.restaurant,
                self.env.company,
                self.order,
            )
        }
        self.assertEqual(rows["payment_method_ids"]["decided_by"], "Test Wholesale, Test Reserve")
        copy = self.wholesale.copy()
        self.assertEqual(copy.payment_limit_ids.payment_method_id, self.wire)

    def test_managers_edit_types_whose_providers_only_administrators_see(self):
        self.wholesale.payment_provider_ids = self.card_provider
        self.env.invalidate_all()
        for user in (self.manager, self.clerk):
            words = str(self.wholesale.with_user(user).policy_summary)
            self.assertIn("Test Card Provider", words)
        with Form(self.wholesale.with_user(self.manager)) as form:
            form.pay_on_account = "allowed"
            with form.payment_limit_ids.new() as line:
                line.payment_method_id = self.wire
                line.minimum = 100.0
        self.assertEqual(self.wholesale.payment_limit_ids.minimum, 100.0)
        self.assertEqual(self.wholesale.payment_provider_ids, self.card_provider)
        copy = self.wholesale.with_user(self.manager).copy()
        self.assertEqual(copy.sudo().payment_provider_ids, self.card_provider)

    def test_a_page_without_rules_asks_nothing_more(self):
        order = self._create_order(self.person)
        self._offer(order)
        self.env.flush_all()
        self.env.invalidate_all()
        self._offer(order)
        cases = self.env.registry["payment.provider"]
        with self.assertQueryCount(0):
            cases._filter_by_policy(
                self.card_provider.sudo(),
                self.env["payment.provider"]
                .sudo()
                ._get_payment_case(
                    order.company_id.id, None, 1.0, order.currency_id.id, order=order
                ),
            )
