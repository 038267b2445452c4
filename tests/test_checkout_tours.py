from odoo.tests import HttpCase, tagged

from .test_checkout_promotion import PromotionCommon


@tagged("post_install", "-at_install")
class TestCheckoutTours(PromotionCommon, HttpCase):
    def test_a_hotel_asks_for_a_quote_and_accepts_it_with_its_order_number(self):
        self.auto.active = False
        self.wholesale.write({"checkout_mode": "quote", "po_mode": "require"})
        self.env.company.write({"portal_confirmation_sign": True, "portal_confirmation_pay": False})
        self.product.type = "service"
        self.start_tour(
            "/shop?search=Test+Wine", "customer_type_quote_request", login=self.chef_user.login
        )
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual((order.state, order.quote_state), ("sent", "requested"))
        order._answer_quote()
        self.start_tour("/my/quotes", "customer_type_quote_accept", login=self.chef_user.login)
        self.assertEqual((order.state, order.client_order_ref), ("sale", "PO-2231"))
        self.assertTrue(order.signature)

    def test_a_restaurant_fills_up_to_free_delivery(self):
        self.auto.active = False
        code = self._create_program("Test Trade", code="TRADE5", percent=5)
        code.customer_type_ids = self.wholesale
        self.van.only_for_types = True
        self.wholesale.write(
            {"carrier_ids": self.van.ids, "free_shipping_over": 1000, "po_mode": "require"}
        )
        self.start_tour(
            "/shop?search=Test+Wine", "customer_type_checkout_delivery", login=self.chef_user.login
        )
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual((order.state, order.client_order_ref), ("sent", "PO-77"))
        self.assertEqual((order.carrier_id, order.amount_delivery), (self.van, 0.0))
        self.assertEqual(order.order_line.reward_id.program_id, code)
