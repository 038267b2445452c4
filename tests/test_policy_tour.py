from odoo.tests import HttpCase, tagged

from .common import CustomerTypeCommon


@tagged("post_install", "-at_install")
class TestBackendTours(CustomerTypeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tour_list = cls.env["product.pricelist"].create(
            {"name": "Tour List", "website_id": False}
        )
        cls.wholesale.write(
            {
                "name": "Tour Wholesale",
                "pricelist_id": cls.tour_list.id,
                "payment_term_id": cls.env.ref("account.account_payment_term_30days").id,
            }
        )
        cls.restaurant.name = "Tour Restaurant"

    def test_a_clerk_gives_a_type_reads_what_it_gives_and_ends_it(self):
        self.start_tour(
            f"/odoo/customers-by-type/{self.restaurant.id}",
            "customer_type_segment_assign",
            login="ct_clerk",
        )
        self.env.invalidate_all()
        assignment = self.restaurant.customer_type_assignment_ids
        self.assertEqual(assignment.type_id, self.wholesale)
        self.assertEqual(assignment.state, "ended")
        self.assertIn("ct_clerk", assignment.end_reason)

    def test_a_clerk_picks_the_wholesaler_on_a_new_order(self):
        self.restaurant._assign_customer_types(self.wholesale)
        self.start_tour("/odoo/sales/new", "customer_type_policy_sale_order", login="ct_clerk")
        order = self.env["sale.order"].search([("partner_id", "=", self.restaurant.id)])
        self.assertEqual(order.pricelist_id, self.tour_list)
        self.assertEqual(order.customer_type_id, self.wholesale)
