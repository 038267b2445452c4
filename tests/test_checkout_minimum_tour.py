from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .order_size_common import OrderSizeShopCommon


@tagged("post_install", "-at_install")
class TestOrderMinimumTours(OrderSizeShopCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.order_minimum_amount = 100.0

    def test_the_dialog_of_a_product_with_options_counts_in_cases(self):
        corks = self._create_wine(name="Test Corks")
        self.product.optional_product_ids = corks.product_tmpl_id
        self.env["customer.type.quantity.rule"].create(
            [
                {
                    "customer_type_ids": self.wholesale.ids,
                    "applied_on": "product",
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "multiple": 6,
                }
                for product in (self.product, corks)
            ]
        )
        self.start_tour(
            self.product.website_url, "customer_type_checkout_quantity_dialog", login="ct_chef"
        )
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        quantities = {line.product_id: line.product_uom_qty for line in order.order_line}
        self.assertEqual(quantities, {self.product: 12, corks: 6})

    def test_a_clerk_overrides_the_minimum_with_a_reason(self):
        new_test_user(
            self.env,
            "ct_override",
            groups="sales_team.group_sale_salesman_all_leads,customer_type.group_override",
        )
        order = self._create_sized_order(6)
        with mute_logger("odoo.http"):  # which takes the question for an error
            self.start_tour(
                f"/odoo/sales/{order.id}", "customer_type_checkout_override", login="ct_override"
            )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.policy_override_reason, "First order of the season")
