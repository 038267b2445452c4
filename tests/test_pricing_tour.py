from odoo.tests import HttpCase, tagged

from .common import ShopTourCommon


@tagged("post_install", "-at_install")
class TestPricingTour(ShopTourCommon, HttpCase):
    def test_a_wholesaler_signs_in_and_orders_at_their_price_and_terms(self):
        self.start_tour("/shop?search=Test+Wine", "customer_type_pricing_wholesaler")
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.pricelist_id, self.wholesale_list)
        self.assertEqual(order.payment_term_id, self.net_30)
        self.assertEqual(order.amount_untaxed, 613.55)
