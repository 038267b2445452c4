from odoo.tests import HttpCase, tagged

from .common_payment import create_wallet
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

    def test_a_restaurant_fills_up_to_free_delivery_and_pays_on_account(self):
        self.auto.active = False
        self.wholesale_list.item_ids.fixed_price = 10.0
        self.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": self.wholesale.ids,
                "applied_on": "product",
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "multiple": 6,
            }
        )
        code = self._create_program("Test Trade", code="TRADE5", percent=5)
        code.customer_type_ids = self.wholesale
        create_wallet(self.env)
        self.env["payment.provider"].search([("custom_mode", "=", "on_account")]).write(
            {"state": "enabled", "is_published": True}
        )
        self.van.only_for_types = True
        self.wholesale.write(
            {
                "order_minimum_amount": 100.0,
                "free_shipping_over": 150.0,
                "carrier_ids": self.van.ids,
                "po_mode": "ask",
                "pay_on_account": "allowed",
                "credit_limit": 1000.0,
            }
        )
        self.start_tour(
            "/shop?search=Test+Wine",
            "customer_type_checkout_restaurant",
            login=self.chef_user.login,
        )
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual((order.state, order.client_order_ref), ("sale", "PO-77"))
        self.assertEqual(order.purchase_order_filename, "june.pdf")
        self.assertTrue(order.purchase_order_file)
        self.assertEqual((order.carrier_id, order.amount_delivery), (self.van, 0.0))
        self.assertEqual(order.order_line.reward_id.program_id, code)
        self.assertEqual(order.amount_total, 171.0)
        self.assertEqual(order.payment_term_id, self.net_30)
