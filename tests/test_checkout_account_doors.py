from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .common_payment import CheckoutPaymentCommon

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("post_install", "-at_install")
class TestAccountDoors(CheckoutPaymentCommon, PaymentHttpCommon):
    """A restaurant that may owe 1000 orders in the shop and in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write({"pay_on_account": "allowed", "credit_limit": 1000.0})
        cls.chef_user.password = "ct_chef"
        cls.shopper_user.password = "ct_shopper"
        (cls.restaurant + cls.chef + cls.person).write(
            {
                "street": "1 Test Street",
                "city": "Namur",
                "zip": "5000",
                "phone": "+32 81 81 37 00",
                "country_id": cls.env.ref("base.be").id,
            }
        )

    def _request(self, route, values):
        """:return: the answer of a JSON route, and its error in words"""
        with mute_logger("odoo.http"):
            answer = self.url_open(route, json={"params": values}).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("message", "")

    def _choose(self, route, **values):
        """Choose to pay on account, as the payment form posts it."""
        return self._request(
            route,
            {
                "provider_id": self.account_provider.id,
                "payment_method_id": self.on_account.id,
                "token_id": None,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
                **values,
            },
        )

    def _follow(self, reference):
        """Follow the redirection, and wait on the status page."""
        self.url_open("/payment/custom/process", data={"reference": reference})
        return self.make_jsonrpc_request("/payment/status/poll", {})

    def _quotation(self, price, partner=None, **values):
        values = {"state": "sent", "require_payment": True, "require_signature": False} | values
        return self._create_priced_order(partner or self.chef, price, **values)

    # -- Shop --------------------------------------------------------------

    def test_a_restaurant_orders_on_account_in_the_shop(self):
        self.authenticate("ct_chef", "ct_chef")
        cart = self._create_cart(self.chef)
        self.url_open("/shop/checkout")
        page = self.url_open("/shop/payment").text
        self.assertIn("On your account, due", page)
        self.assertIn("left of", page)
        result, error = self._choose(
            f"/shop/payment/transaction/{cart.id}", access_token=cart._portal_ensure_token()
        )
        self.assertFalse(error)
        answer = self._follow(result["reference"])
        self.assertEqual(answer["state"], "pending")
        self.assertEqual(cart.state, "sale")
        page = self.url_open(answer["landing_route"]).text
        self.assertIn("On your account, due", page)
        self.assertNotIn("Communication:", page)
        self.assertIn("On your account, due", self.url_open(cart.get_portal_url()).text)

    def test_a_session_that_lost_its_payment_waits_without_an_error(self):
        """Two tabs save one session, and the last one did not know of the payment."""
        self.authenticate("ct_chef", "ct_chef")
        answer, error = self._request("/payment/status/poll", {})
        self.assertFalse(error)
        self.assertFalse(answer["state"])

    def test_a_private_customer_neither_sees_nor_gets_it(self):
        self.authenticate("ct_shopper", "ct_shopper")
        cart = self._create_cart(self.person)
        page = self.url_open("/shop/payment").text
        self.assertNotIn("On your account", page)
        self.assertNotIn("o_account_status", page)
        result, error = self._choose(
            f"/shop/payment/transaction/{cart.id}", access_token=cart._portal_ensure_token()
        )
        self.assertFalse(result)
        self.assertIn("choose another way to pay", error)
        self.assertFalse(cart.transaction_ids)

    def test_over_the_limit_the_customer_reads_why_and_pays_in_another_way(self):
        self.authenticate("ct_chef", "ct_chef")
        cart = self._create_cart(self.chef)
        self.url_open("/shop/payment")
        self.wholesale.credit_limit = 500.0
        page = self.url_open("/shop/payment").text
        self.assertNotIn("On your account, due", page)
        self.assertIn("go on your account", page)
        self.assertIn("The credit limit is", page)
        route = f"/shop/payment/transaction/{cart.id}"
        token = cart._portal_ensure_token()
        result, error = self._choose(route, access_token=token)
        self.assertFalse(result)
        self.assertIn("The credit limit is", error)
        result, error = self._choose(
            route,
            access_token=token,
            provider_id=self.card_provider.id,
            payment_method_id=self.card.id,
        )
        self.assertTrue(result, error)

    def test_a_limit_that_shrinks_while_the_status_page_waits(self):
        self.authenticate("ct_chef", "ct_chef")
        cart = self._create_cart(self.chef)
        self.url_open("/shop/payment")
        result, _error = self._choose(
            f"/shop/payment/transaction/{cart.id}", access_token=cart._portal_ensure_token()
        )
        self.wholesale.credit_limit = 500.0
        answer = self._follow(result["reference"])
        self.assertEqual(answer["state"], "cancel")
        self.assertEqual(cart.state, "draft")
        response = self.url_open(answer["landing_route"])
        self.assertTrue(response.url.endswith("/shop/payment"))
        self.assertIn("The credit limit is", response.text)

    # -- Portal ------------------------------------------------------------

    def test_a_quotation_is_accepted_on_account(self):
        order = self._quotation(100.0)
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("On your account, due", page)
        result, error = self._choose(
            f"/my/orders/{order.id}/transaction",
            access_token=order.access_token,
            amount=100.0,
            landing_route=order.get_portal_url(),
        )
        self.assertTrue(result, error)
        self._follow(result["reference"])
        self.assertEqual(order.state, "sale")
        self.assertIn("On your account, due", self.url_open(order.get_portal_url()).text)

    def test_a_forged_amount_confirms_nothing(self):
        order = self._quotation(100.0)
        result, error = self._choose(
            f"/my/orders/{order.id}/transaction",
            access_token=order._portal_ensure_token(),
            amount=0.01,
        )
        self.assertFalse(result)
        self.assertIn("as a whole", error)
        self.assertEqual(order.state, "sent")

    def _sign(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Me",
                "signature": SIGNATURE,
            },
        )

    def test_a_signature_does_not_get_around_the_limit(self):
        order = self._quotation(2000.0, require_payment=False, require_signature=True)
        self.assertIn("The credit limit is", self._sign(order)["error"])
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.signature)
        order.order_line.price_unit = 1000.0
        self.assertNotIn("error", self._sign(order))
        self.assertEqual(order.state, "sale")

    def test_who_signs_and_then_pays_needs_no_credit(self):
        order = self._quotation(2000.0, require_signature=True)
        self.assertNotIn("error", self._sign(order))
        self.assertTrue(order.signature)
        self.assertEqual(order.state, "sent")

    def test_a_payment_link_of_an_invoice_does_not_offer_it(self):
        order = self._quotation(100.0)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
        invoice._portal_ensure_token()
        page = self.url_open(invoice.get_portal_url()).text
        self.assertIn(self.card.name, page)
        self.assertNotIn("On your account", page)
        result, error = self._choose(
            f"/invoice/transaction/{invoice.id}", access_token=invoice.access_token, amount=100.0
        )
        self.assertFalse(result)
        self.assertIn("not confirmed yet", error)
