from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ShopTourCommon


@tagged("post_install", "-at_install")
class TestCatalogTour(ShopTourCommon, HttpCase):
    """The restaurant holds the wholesale type, for which the wine is reserved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine = cls.product.product_tmpl_id

    def test_a_guest_never_meets_what_a_holder_finds_and_buys(self):
        self.wine.reserved_type_ids = self.wholesale
        self.start_tour("/shop?search=Test+Wine", "customer_type_catalog_reserve")
        order = self.env["sale.order"].search([("partner_id", "=", self.chef.id)])
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(order.state, "sent")

    def test_early_access_before_and_after_its_moment(self):
        moment = fields.Datetime.now() + timedelta(days=2)
        self.wine.write({"reserved_type_ids": self.wholesale.ids, "public_from": moment})
        url = "/shop?search=Test+Wine"
        self.start_tour(url, "customer_type_catalog_early", login="ct_chef")
        self.authenticate(None, None)
        self.assertNotIn("oe_product_cart", self.url_open(url).text)
        self.wine.public_from = fields.Datetime.now()
        self.start_tour(url, "customer_type_catalog_public")
        self.start_tour(url, "customer_type_catalog_public", login="ct_chef")

    def test_a_private_shop_says_so_and_lets_holders_in(self):
        self.website.shop_type_ids = self.wholesale
        self.start_tour("/shop", "customer_type_catalog_private")

    def test_a_customer_asks_for_what_is_not_sold_to_them(self):
        self.wine.sold_type_ids = self.wholesale
        self.person.user_id = self.salesman
        self.shopper_user.password = "ct_shopper"
        self.start_tour("/shop?search=Test+Wine", "customer_type_catalog_ask", login="ct_shopper")
        order = self.env["sale.order"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.website_id, "it is not the customer's cart")
        self.assertEqual(order.order_line.product_uom_qty, 12)
        self.assertEqual(order.user_id, self.salesman)
        self.assertEqual(order.activity_ids.user_id, self.salesman)
        self.assertIn("For a wedding in May", order.message_ids.mapped("body")[0])
