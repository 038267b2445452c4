from odoo.tests import HttpCase, tagged

from .common import ShopTourCommon


@tagged("post_install", "-at_install")
class TestAccountTour(ShopTourCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write({"pay_on_account": "allowed", "credit_limit": 1000.0})
        cls.env["payment.provider"].search([("custom_mode", "=", "on_account")]).is_published = True
        cls.shopper_user.password = "shopper at home"
        cls.person.write(
            {
                "street": "2 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )

    def test_a_private_customer_does_not_see_that_option(self):
        self.start_tour("/shop?search=Test+Wine", "customer_type_no_account", login="ct_shopper")
        order = self.env["sale.order"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(order.state, "draft")
