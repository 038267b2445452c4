from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CustomerTypeCommon


@tagged("post_install", "-at_install")
class TestPurchase(CustomerTypeCommon):
    """Buying a product that gives a type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club = cls.env["customer.type"].create({"name": "Test Club", "sequence": 3})
        cls.product.write(
            {"granted_customer_type_id": cls.club.id, "granted_customer_type_days": 365}
        )

    def _buy(self, partner, **values):
        order = self._create_order(partner, **values)
        order.action_confirm()
        return order

    def test_confirming_gives_the_type_to_the_company_of_the_buyer(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._buy(self.chef)
            assignment = self.restaurant.customer_type_assignment_ids
            self.assertEqual(self.chef.customer_type_ids, self.club)
        self.assertEqual(assignment.source, "order")
        self.assertEqual(assignment.origin_ref, order.order_line)
        self.assertIn(order.name, assignment.reason)
        self.assertEqual(assignment.date_from, date(2026, 3, 1))
        self.assertEqual(assignment.date_to, date(2027, 2, 28))

    def test_a_quotation_gives_nothing(self):
        self._create_order(self.person)
        self.assertFalse(self.person.customer_type_assignment_ids)

    def test_zero_days_is_for_good(self):
        self.product.granted_customer_type_days = 0
        self._buy(self.person)
        self.assertFalse(self.person.customer_type_assignment_ids.date_to)

    def test_negative_days_are_refused(self):
        with self.assertRaises(ValidationError):
            self.product.granted_customer_type_days = -1

    def test_buying_again_continues_where_the_first_ends(self):
        self._buy(self.person)
        first = self.person.customer_type_assignment_ids
        self._buy(self.person)
        second = self.person.customer_type_assignment_ids - first
        self.assertEqual(second.state, "scheduled")
        self.assertEqual(second.date_from, first.date_to + timedelta(days=1))
        self.assertEqual(second.date_to, first.date_to + timedelta(days=365))

    def test_two_units_last_twice_as_long(self):
        order = self._create_order(self.person)
        order.order_line.product_uom_qty = 2
        order.action_confirm()
        assignment = self.person.customer_type_assignment_ids
        self.assertEqual(assignment.date_to, assignment.date_from + timedelta(days=729))

    def test_cancelling_ends_what_the_order_gave_and_nothing_else(self):
        self.person._assign_customer_types(self.wholesale)
        self.person._assign_customer_types(self.club)
        order = self._buy(self.person)
        given = self.person.customer_type_assignment_ids.filtered("origin_ref")
        order._action_cancel()
        self.assertEqual(given.state, "ended")
        self.assertIn(order.name, given.end_reason)
        self.assertEqual(self.person.customer_type_ids, self.wholesale + self.club)

    def test_buying_after_the_end_starts_today_also_before_the_scheduler_has_run(self):
        self.product.granted_customer_type_days = 10
        with freeze_time("2026-03-01 12:00:00"):
            self._buy(self.person)
        with freeze_time("2026-03-25 12:00:00"):
            self._buy(self.person)
            days = self.person.customer_type_assignment_ids.mapped("date_from")
        self.assertEqual(max(days), date(2026, 3, 25))

    def test_longer_than_the_calendar_is_for_good(self):
        order = self._create_order(self.person)
        order.order_line.product_uom_qty = 10000
        order.action_confirm()
        self.assertFalse(self.person.customer_type_assignment_ids.date_to)

    def test_a_type_of_another_company_is_not_given_and_stops_no_order(self):
        self.club.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.person.company_id = self.env.company
        order = self._buy(self.person)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.person.customer_type_assignment_ids)

    def test_changing_the_unit_or_the_customer_of_a_confirmed_order_counts(self):
        order = self._buy(self.person)
        assignment = self.person.customer_type_assignment_ids
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(assignment.date_to, assignment.date_from + timedelta(days=12 * 365 - 1))
        order.partner_id = self.restaurant
        order.order_line.product_uom_qty = 2
        self.assertEqual(assignment.state, "ended")
        self.assertEqual(self.restaurant.customer_type_ids, self.club)

    def test_changing_the_quantity_of_a_confirmed_line_changes_the_period(self):
        order = self._buy(self.person)
        assignment = self.person.customer_type_assignment_ids
        order.order_line.product_uom_qty = 3
        self.assertEqual(assignment.date_to, assignment.date_from + timedelta(days=3 * 365 - 1))
        order.order_line.product_uom_qty = 0
        self.assertEqual(assignment.state, "ended")
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.person.customer_type_ids, self.club)

    def test_a_line_added_to_a_confirmed_order_gives_too(self):
        other = self.env["product.product"].create({"name": "Other", "type": "consu"})
        order = self.env["sale.order"].create(
            {"partner_id": self.person.id, "order_line": [(0, 0, {"product_id": other.id})]}
        )
        order.action_confirm()
        order.order_line = [(0, 0, {"product_id": self.product.id})]
        self.assertEqual(self.person.customer_type_ids, self.club)

    def test_a_salesman_without_the_right_to_assign_can_sell_a_membership(self):
        order = self._create_order(self.person).with_user(self.salesman)
        order.action_confirm()
        self.assertEqual(self.person.customer_type_ids, self.club)


@tagged("post_install", "-at_install")
class TestSignup(CustomerTypeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.signup_customer_type_id = cls.reserve
        cls.env["ir.config_parameter"].sudo().set_param("auth_signup.invitation_scope", "b2c")

    def _signup(self, values, token=None):
        users = self.env["res.users"].with_context(website_id=self.website.id).sudo()
        login, _password = users.signup(values, token)
        return self.env["res.users"].search([("login", "=", login)]).partner_id

    def test_a_new_account_gets_the_type_for_sign_ups(self):
        partner = self._signup(
            {"login": "new@test.example", "name": "New", "password": "new-new-1"}
        )
        self.assertEqual(partner.customer_type_ids, self.reserve)
        assignment = partner.sudo().customer_type_assignment_ids
        self.assertEqual(assignment.source, "signup")

    def test_an_invited_customer_keeps_the_types_it_has(self):
        self.person._assign_customer_types(self.wholesale)
        self.person.signup_prepare()
        token = self.person._generate_signup_token()
        partner = self._signup(
            {"login": "person@test.example", "name": "P", "password": "person-1"}, token
        )
        self.assertEqual(partner, self.person)
        self.assertEqual(partner.customer_type_ids, self.wholesale)

    def test_a_contact_gets_what_its_company_gets(self):
        self.restaurant._assign_customer_types(self.wholesale)
        token = self.chef._generate_signup_token()
        partner = self._signup(
            {"login": "chef@test.example", "name": "C", "password": "chef-chef-1"}, token
        )
        self.assertEqual(partner.customer_type_ids, self.wholesale)
