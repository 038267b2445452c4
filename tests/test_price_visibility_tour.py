from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import ShopTourCommon


@tagged("post_install", "-at_install")
class TestPriceVisibilityTour(ShopTourCommon, HttpCase):
    def test_a_guest_signs_in_to_see_prices_and_buys(self):
        self.website.guest_customer_type_id = self.reserve
        self.reserve.price_visibility = "hidden"
        self.wholesale.write({"price_visibility": "visible", "price_comparison": "show"})
        self.wholesale_list.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.product.id,
                    "min_quantity": 10,
                    "compute_price": "fixed",
                    "fixed_price": 500.0,
                }
            )
        ]
        self.start_tour("/shop?search=Test+Wine", "customer_type_price_visibility_sign_in")
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.amount_untaxed, 613.55)
