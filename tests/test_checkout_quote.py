from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged

from .checkout_common import SIGNATURE, CheckoutCommon


class QuoteCommon(CheckoutCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"portal_confirmation_sign": True, "portal_confirmation_pay": False})
        cls.website.salesperson_id = cls.salesman
        cls.wholesale.checkout_mode = "quote"
        cls.cart = cls._create_ready_cart(cls.chef, user_id=cls.salesman.id)


@tagged("post_install", "-at_install")
class TestQuote(QuoteCommon):
    def test_a_cart_becomes_a_quotation_and_somebody_is_asked(self):
        self.cart._request_quote("For the <b>wedding</b> of June")
        self.assertEqual((self.cart.state, self.cart.quote_state), ("sent", "requested"))
        self.assertEqual(self.cart.website_id, self.website)
        self.assertFalse(self.cart._is_cart())
        activity = self.cart.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("customer_type.mail_activity_quote_request")
        )
        messages = self.cart.message_ids
        own = messages.filtered(lambda m: m.author_id == self.chef)
        self.assertIn("For the &lt;b&gt;wedding&lt;/b&gt; of June", own.body)
        mail = messages.filtered(lambda m: self.chef in m.partner_ids)
        self.assertIn("your request for a quote", mail.subject)
        self.assertIn(self.chef, self.cart.message_partner_ids)

    def test_prices_and_delivery_stay_as_the_customer_saw_them(self):
        total = self.cart.amount_total
        self.cart._request_quote()
        self.assertEqual(self.cart.amount_total, total)
        self.assertEqual(self.cart.pricelist_id, self.wholesale_list)

    def test_nothing_is_accepted_before_it_was_sent(self):
        self.cart._request_quote()
        self.assertFalse(self.cart._has_to_be_signed() or self.cart._has_to_be_paid())
        self.assertEqual([i.code for i in self.cart._get_policy_blocks("payment")], ["quote"])
        self.cart.with_user(self.salesman).action_answer_quote()
        self.assertEqual(self.cart.quote_state, "answered")
        self.assertTrue(self.cart._has_to_be_signed())
        self.assertFalse(self.cart._get_policy_blocks("payment"))
        self.assertFalse(self.cart.activity_ids)

    def test_sending_it_answers(self):
        self.cart._request_quote()
        order = self.cart.with_user(self.salesman)
        action = order.action_quotation_send()
        order.with_context(**action["context"]).message_post(body="Here it is")
        self.assertEqual(self.cart.quote_state, "answered")

    def test_a_note_does_not_answer(self):
        self.cart._request_quote()
        self.cart.with_user(self.salesman).message_post(body="Let me see")
        self.assertEqual(self.cart.quote_state, "requested")

    def test_a_salesperson_may_confirm_at_once(self):
        self.cart._request_quote()
        self.cart.with_user(self.salesman).action_confirm()
        self.assertEqual((self.cart.state, self.cart.quote_state), ("sale", "answered"))

    def test_a_quotation_can_be_accepted_in_one_way_at_least(self):
        for sign, pay, signed in ((True, False, True), (False, True, False), (False, False, True)):
            self.env.company.write(
                {"portal_confirmation_sign": sign, "portal_confirmation_pay": pay}
            )
            cart = self._create_ready_cart(self.chef)
            cart._request_quote()
            cart._answer_quote()
            self.assertEqual((cart._has_to_be_signed(), cart._has_to_be_paid()), (signed, pay))

    def test_it_is_valid_from_the_day_it_was_asked_for(self):
        self.env.company.quotation_validity_days = 30
        self.cart.validity_date = "2020-01-01"
        self.cart._request_quote()
        self.assertFalse(self.cart.is_expired)

    def test_cancelled_or_copied_nobody_is_waiting(self):
        self.cart._request_quote()
        copy = self.cart.copy()
        self.assertFalse(copy.quote_state)
        self.cart._action_cancel()
        self.assertEqual(self.cart.quote_state, "answered")
        self.assertFalse(self.cart.activity_ids)

    def test_a_cart_is_neither_signed_nor_paid(self):
        self.cart.require_signature = True
        self.assertFalse(self.cart._has_to_be_signed())
        with self.assertRaisesRegex(ValidationError, "request a quote"):
            self.cart._check_cart_is_ready_to_be_paid()

    def test_a_quotation_of_the_sales_desk_is_accepted_as_ever(self):
        quotation = self._create_order(self.chef, state="sent", require_signature=True)
        self.assertTrue(quotation._has_to_be_signed())
        self.assertFalse(quotation._get_policy_blocks("payment"))

    def test_others_pay(self):
        cart = self._create_ready_cart(self.person)
        self.assertFalse(cart._asks_for_quote())
        cart._check_cart_is_ready_to_be_paid()

    def test_the_strongest_type_decides(self):
        self.reserve.checkout_mode = "pay"
        self.restaurant._assign_customer_types(self.reserve)
        self.assertTrue(self.cart._asks_for_quote())
        self.reserve.sequence = 0
        self.assertFalse(self.cart._asks_for_quote())

    def test_what_was_paid_for_meanwhile_is_confirmed(self):
        self.wholesale.checkout_mode = False
        self.env["payment.transaction"].create(
            {
                "provider_id": self.transfer.id,
                "payment_method_id": self.transfer.payment_method_ids[:1].id,
                "operation": "online_redirect",
                "reference": self.cart.name,
                "amount": self.cart.amount_total,
                "currency_id": self.cart.currency_id.id,
                "partner_id": self.chef.id,
                "sale_order_ids": [Command.set(self.cart.ids)],
                "state": "done",
            }
        )
        self.wholesale.checkout_mode = "quote"
        self.cart.sudo()._validate_order()
        self.assertEqual(self.cart.state, "sale")


@tagged("post_install", "-at_install")
class TestQuoteDoors(QuoteCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self._sign_in(self.chef_user)

    def _request(self, **data):
        return self._post_form("/shop/quote/request", data)

    def _accept(self):
        return self.make_jsonrpc_request(
            f"/my/orders/{self.cart.id}/accept",
            {
                "access_token": self.cart._portal_ensure_token(),
                "name": "Me",
                "signature": SIGNATURE,
            },
        )

    def test_checkout_asks_for_a_quote_in_the_place_of_a_payment(self):
        self.assertIn("Request a quote", self.url_open("/shop/cart").text)
        page = self.url_open("/shop/payment").text
        self.assertIn('id="o_quote_request"', page)
        self.assertNotIn("o_payment_form", page)
        self.assertNotIn("o_payment_submit_button", page)

    def test_others_see_nothing_of_it(self):
        self._create_ready_cart(self.person)
        self._sign_in(self.shopper_user)
        self.assertNotIn("Request a quote", self.url_open("/shop/cart").text)
        page = self.url_open("/shop/payment").text
        self.assertNotIn("Request a quote", page)
        self.assertIn("o_payment_form", page)
        self._request()
        self.assertFalse(
            self.env["sale.order"].search(
                [("partner_id", "=", self.person.id), ("quote_state", "!=", False)]
            )
        )

    def test_the_customer_asks_follows_and_accepts(self):
        page = self._request(message="By Friday, please").text
        self.assertIn("Thank you for your request.", page)
        self.assertIn(self.cart.name, page)
        self.assertEqual(self.cart.quote_state, "requested")
        self.assertIn(self.cart.name, self.url_open("/my/quotes").text)
        page = self.url_open(f"/my/orders/{self.cart.id}").text
        self.assertIn("We are preparing this quotation.", page)
        self.assertIn("By Friday, please", str(self.cart.message_ids.mapped("body")))
        self.assertNotIn("Accept & Sign", page)
        self.assertIn("not in a state requiring", self._accept()["error"])
        self.cart.with_user(self.salesman).action_answer_quote()
        self.assertIn("Accept & Sign", self.url_open(f"/my/orders/{self.cart.id}").text)
        self.assertNotIn("error", self._accept())
        self.assertEqual(self.cart.state, "sale")

    def test_asking_twice_makes_one_quotation(self):
        self._request()
        response = self._request()
        self.assertIn("/shop", response.url)
        self.assertEqual(len(self.cart.activity_ids), 1)
        self.assertIn("Thank you", self.url_open("/shop/quote/requested").text)

    def test_the_next_cart_is_a_new_one(self):
        self._request()
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )
        new = self.env["sale.order"].search([("partner_id", "=", self.chef.id)]) - self.cart
        self.assertEqual((new.state, self.cart.quote_state), ("draft", "requested"))

    def test_payments_of_carts_and_requests_are_refused(self):
        for route in ("/shop/payment/transaction/%s", "/my/orders/%s/transaction"):
            with self.assertLogs("odoo.http", "WARNING"):
                answer = self._post_transaction(self.cart, route % self.cart.id)
            self.assertIn("request a quote", answer["error"]["data"]["message"])
        self._request()
        for route in ("/shop/payment/transaction/%s", "/my/orders/%s/transaction"):
            with self.assertLogs("odoo.http", "WARNING"):
                answer = self._post_transaction(self.cart, route % self.cart.id)
            self.assertIn("preparing your quotation", answer["error"]["data"]["message"])
        self.assertFalse(self.cart.transaction_ids)

    def test_an_answered_quotation_is_paid(self):
        self.env.company.write({"portal_confirmation_sign": False, "portal_confirmation_pay": True})
        self._request()
        self.cart._answer_quote()
        answer = self._post_transaction(self.cart, f"/my/orders/{self.cart.id}/transaction")
        self.assertNotIn("error", answer)
        self.assertEqual(self.cart.transaction_ids.state, "draft")

    def test_a_free_cart_is_not_confirmed_on_the_way(self):
        self.cart.order_line.price_unit = 0.0
        with self.assertLogs("odoo.http", "WARNING"):
            self._post_form("/shop/payment/validate")
        self.assertEqual(self.cart.state, "draft")

    def test_no_signature_on_a_cart(self):
        self.cart.require_signature = True
        self.assertIn("not in a state requiring", self._accept()["error"])
        self.assertEqual(self.cart.state, "draft")

    def test_a_type_that_comes_while_the_payment_page_is_open(self):
        self.wholesale.checkout_mode = False
        self.assertIn("o_payment_form", self.url_open("/shop/payment").text)
        self.wholesale.checkout_mode = "quote"
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(self.cart)
        self.assertIn("Please request a quote.", answer["error"]["data"]["message"])
        self.assertIn('id="o_quote_request"', self.url_open("/shop/payment").text)
        self._request()
        self.assertEqual(self.cart.quote_state, "requested")

    def test_a_type_that_goes_while_the_quote_page_is_open(self):
        self.assertIn('id="o_quote_request"', self.url_open("/shop/payment").text)
        self.wholesale.checkout_mode = False
        response = self._request()
        self.assertTrue(response.url.endswith("/shop/payment"), response.url)
        self.assertIn("o_payment_form", response.text)
        self.assertEqual(self.cart.state, "draft")

    def test_the_address_comes_first(self):
        self.chef.street = False
        response = self._request()
        self.assertIn("/shop/address", response.url)
        self.assertEqual(self.cart.state, "draft")

    def test_a_reference_is_taken_along(self):
        self.wholesale.po_mode = "require"
        self.assertNotIn("is missing", self.url_open("/shop/payment").text)
        self._request(client_order_ref="PO-3")
        self.assertEqual((self.cart.quote_state, self.cart.client_order_ref), ("requested", "PO-3"))

    def test_a_wrong_reference_stops_the_request_and_says_why(self):
        self.wholesale.po_mode = "ask"
        page = self._request(client_order_ref="x" * 200).text
        self.assertIn("too long", page)
        self.assertEqual(self.cart.state, "draft")

    def test_guests_ask_and_follow_by_the_link(self):
        self.reserve.checkout_mode = "quote"
        self.website.guest_customer_type_id = self.reserve
        self.authenticate(None, None)
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )
        self.assertIn("Request a quote", self.url_open("/shop/cart").text)
        self.assertIn("/shop/address", self._request().url)
        cart = self.env["sale.order"].search([], order="id desc", limit=1)
        cart.partner_id = self.person.copy({"user_ids": False, "email": "guest@test.example"})
        page = self._request(message="Hello").text
        self.assertEqual((cart.state, cart.quote_state), ("sent", "requested"))
        self.assertIn(f"/my/orders/{cart.id}?access_token={cart.access_token}", page)
        self.assertIn("We are preparing", self.url_open(cart.get_portal_url()).text)

    def test_requests_forged_from_other_sites_are_refused(self):
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open("/shop/quote/request", data={"message": "x"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.cart.state, "draft")

    def test_customers_answer_nothing_by_rpc(self):
        self._request()
        for method in ("action_answer_quote", "_answer_quote", "action_confirm"):
            with self.assertLogs("odoo.http", "WARNING"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/sale.order/{method}",
                    {
                        "model": "sale.order",
                        "method": method,
                        "args": [self.cart.ids],
                        "kwargs": {},
                    },
                )
        self.assertEqual((self.cart.state, self.cart.quote_state), ("sent", "requested"))
