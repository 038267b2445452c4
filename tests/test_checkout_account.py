from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.policy.policy import PolicyIssue

from .common_payment import CheckoutPaymentCommon, watch_providers

BLOCK = PolicyIssue("test_block", "block", "Not enough wine.")


@tagged("post_install", "-at_install")
class TestPayOnAccount(CheckoutPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.pay_on_account = "allowed"
        # Nothing is paid here, so nothing is booked.
        cls.enable_post_process_patcher = False

    def _pay_on_account(self, order):
        """Choose it on the payment form, and follow the redirection."""
        transaction = self._start(order, self.on_account)
        transaction._process("custom", {"reference": transaction.reference})
        self.assertEqual(transaction.state, "pending")
        transaction._post_process()
        return transaction

    def _assert_refused(self, order, words, **values):
        """Creating the transaction is what fails: nothing of it is left, and nobody was asked."""
        with (
            watch_providers(self.env) as asked,
            self.assertRaises(ValidationError) as caught,
        ):
            self._start(order, self.on_account, **values)._get_processing_values()
        self.assertIn(words, str(caught.exception))
        self.assertFalse(asked)

    # -- Whose option it is ------------------------------------------------

    def test_only_those_whose_type_allows_it_see_it(self):
        restaurant = self._create_order(self.restaurant)
        private = self._create_order(self.person)
        self.assertIn(self.on_account, self._offer(restaurant))
        self.assertNotIn(self.on_account, self._offer(private))
        self._assert_refused(private, "not for this kind of customer")

    def test_a_stronger_type_takes_it_away(self):
        self.restaurant._assign_customer_types(self.reserve)
        self.reserve.write({"pay_on_account": "refused", "sequence": 0})
        order = self._create_order(self.restaurant)
        self.assertNotIn(self.on_account, self._offer(order))
        self._assert_refused(order, "not for this kind of customer")

    def test_it_needs_no_place_in_the_lists_of_methods_and_providers(self):
        self.wholesale.payment_method_ids = self.card
        self.wholesale.payment_provider_ids = self.card_provider
        order = self._create_order(self.restaurant)
        self.assertIn(self.on_account, self._offer(order))
        self.assertTrue(self._start(order, self.on_account))

    def test_it_may_have_limits_of_its_own(self):
        self.wholesale.payment_limit_ids = [
            Command.create({"payment_method_id": self.on_account.id, "minimum": 200.0})
        ]
        order = self._create_priced_order(self.restaurant, 100.0)
        self.assertNotIn(self.on_account, self._offer(order))
        self._assert_refused(order, "only for amounts from")

    def test_it_is_for_an_order_as_a_whole_and_for_nothing_else(self):
        order = self._create_priced_order(self.restaurant, 100.0)
        self.assertNotIn(self.on_account, self._offer(order, amount=30.0))
        self._assert_refused(order, "as a whole", amount=30.0)
        self._assert_refused(order, "as a whole", operation="validation", amount=0.0)
        self._assert_refused(order, "not confirmed yet", sale_order_ids=False)
        order.action_confirm()
        self.assertNotIn(self.on_account, self._offer(order))
        self._assert_refused(order, "not confirmed yet")

    def test_an_invoice_is_not_paid_on_account(self):
        order = self._create_priced_order(self.restaurant, 100.0)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self._assert_refused(
            order,
            "not confirmed yet",
            sale_order_ids=False,
            invoice_ids=[Command.set(invoice.ids)],
        )

    def test_every_company_has_it(self):
        companies = self.env["res.company"].create([{"name": "Test One"}, {"name": "Test Two"}])
        branch = self.env["res.company"].create(
            {"name": "Test Branch", "parent_id": companies[0].id}
        )
        providers = self.env["payment.provider"].search([("custom_mode", "=", "on_account")])
        for company in companies:
            own = providers.filtered(lambda p, company=company: p.company_id == company)
            self.assertEqual(len(own), 1)
            self.assertEqual(own.state, "enabled")
            self.assertTrue(own.is_published)
            self.assertEqual(own.payment_method_ids, self.on_account)
        self.assertNotIn(branch, providers.company_id)
        order = self._create_order(self.restaurant, company_id=companies[1].id)
        self.assertIn(self.on_account, self._offer(order))
        self.account_provider.state = "disabled"
        self.env["payment.provider"]._setup_on_account()
        self.assertEqual(self.account_provider.state, "disabled", "what a person switched off")

    # -- What it does ------------------------------------------------------

    def test_the_order_is_confirmed_at_once_and_the_invoice_due_by_its_terms(self):
        for state in ("draft", "sent"):
            with freeze_time("2026-11-20"):
                order = self._create_order(self.restaurant, state=state)
                transaction = self._pay_on_account(order)
                self.assertEqual(order.state, "sale")
                self.assertEqual(transaction.state, "pending")
                self.assertTrue(transaction.is_post_processed)
                self.assertTrue(order._is_on_account())
                self.assertEqual(order._get_account_label(), "On your account, due December 20")
                self.assertFalse(order.activity_ids)
            with freeze_time("2026-11-25"):
                invoice = order._create_invoices()
                invoice.action_post()
                self.assertEqual(str(invoice.invoice_date_due), "2026-12-25")
                self.assertEqual(order._get_account_label(), "On your account, due December 25")

    def test_the_due_date_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._create_order(self.restaurant)
        with freeze_time("2026-11-20"):
            self.assertIn("20 décembre", order.with_context(lang="fr_FR")._get_account_label())
        with freeze_time("2026-12-20"):
            self.assertIn("January 19, 2027", order._get_account_label())

    def test_the_label_follows_the_terms(self):
        order = self._create_order(self.restaurant)
        with freeze_time("2026-11-01"):
            order.payment_term_id = self.env["account.payment.term"].create(
                {
                    "name": "Test Halves",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 50, "nb_days": 10}),
                        Command.create({"value": "percent", "value_amount": 50, "nb_days": 20}),
                    ],
                }
            )
            self.assertEqual(
                order._get_account_label(), "On your account, due in 2 parts until November 21"
            )
            order.payment_term_id = False
            self.assertIn("on receipt of the invoice", order._get_account_label())

    def test_no_money_has_moved_so_it_may_still_be_refused(self):
        """What turned bad since the customer chose it: they read why, and go on."""
        order = self._create_order(self.restaurant, website_id=self.website.id)
        transaction = self._start(order, self.on_account, landing_route="/shop/payment/validate")
        transaction._process("custom", {"reference": transaction.reference})
        with self._with_policy_issue(BLOCK, stages=("confirm",)):
            transaction._post_process()
        self.assertEqual(transaction.state, "cancel")
        self.assertIn("Not enough wine.", transaction.state_message)
        self.assertEqual(transaction.landing_route, "/shop/payment")
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.activity_ids)
        self._pay_on_account(order)
        self.assertEqual(order.state, "sale")

    def test_a_type_that_changes_before_the_order_is_confirmed(self):
        order = self._create_order(self.restaurant)
        transaction = self._start(order, self.on_account)
        transaction._process("custom", {"reference": transaction.reference})
        self.wholesale.pay_on_account = False
        transaction._post_process()
        self.assertEqual(transaction.state, "cancel")
        self.assertIn("not open to this customer", transaction.state_message)
        self.assertEqual(order.state, "draft")
        self.assertTrue(self._start(order, self.card))

    def test_an_error_of_odoo_is_not_swallowed(self):
        order = self._create_order(self.restaurant)
        transaction = self._start(order, self.on_account)
        transaction._process("custom", {"reference": transaction.reference})
        with (
            patch.object(self.env.registry["sale.order"], "action_confirm", side_effect=KeyError),
            self.assertRaises(KeyError),
        ):
            transaction._post_process()
        self.assertEqual(transaction.state, "pending")

    def test_a_second_click_changes_nothing(self):
        order = self._create_order(self.restaurant)
        second = self._start(order, self.on_account)
        self._pay_on_account(order)
        second._process("custom", {"reference": second.reference})
        second._post_process()
        self.assertEqual(order.state, "sale")
        self.assertEqual(second.state, "pending")

    def test_wire_transfers_wait_for_the_money_as_before(self):
        order = self._create_order(self.restaurant)
        transaction = self._start(order, self.wire)
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual(order.state, "sent")

    def test_staff_reads_what_a_type_says_about_it(self):
        self.wholesale.write({"credit_limit": 1234.0, "overdue_days": 14})
        words = dict(self.wholesale._get_policy_words())
        self.assertEqual(words["Pay on Account"], "Allowed")
        self.assertIn("1,234.00", words["Credit Limit"])
        self.assertEqual(words["Overdue for More Than"], "14")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.wholesale.credit_limit = -1.0
            self.env.flush_all()

    def test_a_seller_without_accounting_rights_confirms(self):
        seller = new_test_user(
            self.env, "ct_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.wholesale.credit_limit = 1000.0
        order = self._create_priced_order(self.restaurant, 100.0).with_user(seller)
        self.assertIn("left of", order.credit_summary)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
