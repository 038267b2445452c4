from ast import literal_eval

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import CustomerTypeCommon


@tagged("post_install", "-at_install")
class TestTypeStamp(CustomerTypeCommon):
    def test_the_order_follows_the_customer_until_it_is_confirmed(self):
        order = self._create_order(self.chef)
        self.assertFalse(order.customer_type_id)
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(order.customer_type_id, self.reserve)
        self.restaurant._assign_customer_types(self.wholesale)
        self.assertEqual(order.customer_type_id, self.wholesale)
        order.action_confirm()
        self.restaurant.customer_type_assignment_ids._end("Over")
        self.assertEqual(order.customer_type_id, self.wholesale)
        self.assertFalse(order.copy().customer_type_id, "ordering again follows today's types")

    def test_a_cancelled_order_that_is_a_quotation_again_follows_the_customer_again(self):
        self.restaurant._assign_customer_types(self.wholesale)
        order = self._create_order(self.chef)
        order.action_confirm()
        order._action_cancel()
        self.restaurant.customer_type_assignment_ids._end("Over")
        self.assertEqual(order.customer_type_id, self.wholesale)
        order.action_draft()
        self.assertFalse(order.customer_type_id)

    def test_a_contact_that_changes_company_takes_its_quotations_along(self):
        self.restaurant._assign_customer_types(self.wholesale)
        order = self._create_order(self.chef)
        self.assertEqual(order.customer_type_id, self.wholesale)
        self.chef.parent_id = False
        self.assertFalse(order.customer_type_id)
        self.chef.parent_id = self.restaurant
        self.assertEqual(order.customer_type_id, self.wholesale)
        self.person._assign_customer_types(self.reserve)
        order = self._create_order(self.person)
        self.assertEqual(order.customer_type_id, self.reserve)
        self.person.parent_id = self.restaurant
        self.assertEqual(order.customer_type_id, self.wholesale)

    def test_quotations_of_merged_customers_follow_the_one_that_remains(self):
        self.restaurant._assign_customer_types(self.wholesale)
        other = self.env["res.partner"].create({"name": "Test Bistro", "is_company": True})
        orders = self._create_order(self.chef) + self._create_order(other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((other + self.restaurant).ids, other, extra_checks=False)
        self.assertEqual(self.chef.commercial_partner_id, other)
        self.assertEqual(orders.mapped("customer_type_id"), self.wholesale)
        self.assertTrue(all(orders.mapped("customer_type_id.id")))

    def test_a_type_that_orders_remember_cannot_be_deleted(self):
        self._create_new_portal_user(partner_id=self.person.id)
        self.website.default_customer_type_id = self.reserve
        order = self._create_order(self.person, website_id=self.website.id)
        order.action_confirm()
        self.website.default_customer_type_id = False
        self.assertEqual(order.customer_type_id, self.reserve)
        with self.assertRaisesRegex(UserError, f"Test Reserve is on {order.name}"):
            self.reserve.unlink()

    def test_the_report_without_testing_groups_keeps_customers_without_a_type(self):
        self.reserve.is_test = True
        self.restaurant._assign_customer_types(self.reserve)
        orders = self._create_order(self.chef) + self._create_order(self.person)
        orders.action_confirm()
        self.env.flush_all()
        view = self.env["sale.report"].get_view(view_type="search")["arch"]
        (node,) = etree.fromstring(view).xpath("//filter[@name='without_test_types']")
        partners = (
            self.env["sale.report"]
            .search(
                Domain(literal_eval(node.get("domain")))
                & Domain("partner_id", "in", orders.partner_id.ids)
            )
            .partner_id
        )
        self.assertEqual(partners, self.person)

    def test_the_sequence_of_types_is_followed_too(self):
        self.restaurant._assign_customer_types(self.reserve + self.wholesale)
        order = self._create_order(self.chef)
        self.reserve.sequence = 0
        self.assertEqual(order.customer_type_id, self.reserve)

    def test_invoice_and_credit_note_carry_the_type_of_the_order(self):
        self.restaurant._assign_customer_types(self.wholesale)
        order = self._create_order(self.chef)
        self.product.invoice_policy = "order"
        order.action_confirm()
        self.restaurant.customer_type_assignment_ids._end("Over")
        invoice = order._create_invoices()
        self.assertEqual(invoice.customer_type_id, self.wholesale)
        invoice.action_post()
        refund = invoice._reverse_moves()
        self.assertEqual(refund.customer_type_id, self.wholesale)

    def test_an_invoice_typed_by_hand_has_the_type_of_its_customer(self):
        self.restaurant._assign_customer_types(self.wholesale)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.chef.id,
                "invoice_line_ids": [(0, 0, {"product_id": self.product.id})],
            }
        )
        self.assertEqual(invoice.customer_type_id, self.wholesale)
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.chef.id}
        )
        self.assertFalse(bill.customer_type_id)

    def test_the_reports_group_by_the_type_at_the_time(self):
        self.restaurant._assign_customer_types(self.wholesale)
        self.product.invoice_policy = "order"
        order = self._create_order(self.chef)
        order.action_confirm()
        order._create_invoices().action_post()
        self.restaurant.customer_type_assignment_ids._end("Over")
        self.env.flush_all()
        for report in ("sale.report", "account.invoice.report"):
            groups = self.env[report]._read_group(
                [("customer_type_id", "=", self.wholesale.id)],
                ["customer_type_id"],
                ["product_id:count_distinct"],
            )
            self.assertEqual(groups, [(self.wholesale, 1)], report)
