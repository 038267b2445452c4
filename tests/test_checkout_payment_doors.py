from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .common_payment import CheckoutPaymentCommon, create_express_button, watch_providers


@tagged("post_install", "-at_install")
class TestPaymentDoors(CheckoutPaymentCommon, PaymentHttpCommon):
    """The restaurant may pay by card only: on every page, and whatever its browser posts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
        cls.wholesale.payment_method_ids = cls.card
        cls.chef_user.password = "ct_chef"
        (cls.restaurant + cls.chef).write(
            {
                "street": "1 Test Street",
                "city": "Namur",
                "zip": "5000",
                "phone": "+32 81 81 37 00",
                "country_id": cls.env.ref("base.be").id,
            }
        )
        cls.token = cls._create_saved_token(cls.chef, cls.wire, cls.wire_provider)
        cls.good_token = cls._create_saved_token(cls.chef, cls.card, cls.card_provider)

    def setUp(self):
        super().setUp()
        self.authenticate("ct_chef", "ct_chef")

    def _values(self, method, provider=None, token=None, **values):
        return {
            "provider_id": (provider or method.provider_ids)[:1].id,
            "payment_method_id": method.id,
            "token_id": token and token.id,
            "flow": "token" if token else "redirect",
            "tokenization_requested": False,
            "landing_route": "/my",
            **values,
        }

    def _request(self, route, values):
        """:return: the answer of a JSON route, and its error in words"""
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            answer = self.url_open(route, json={"params": values}).json()
        error = answer.get("error", {}).get("data", {})
        return answer.get("result"), f"{error.get('name')}: {error.get('message')}"

    def _post(self, route, method, **values):
        with watch_providers(self.env) as asked:
            result, error = self._request(route, self._values(method, **values))
        self.assertTrue(result, error)
        self.assertTrue(asked)
        return result

    def _assert_refused(self, route, method, words="can't be used here", **values):
        """Posting it answers in words, before any provider is asked."""
        with watch_providers(self.env) as asked:
            result, error = self._request(route, self._values(method, **values))
        self.assertFalse(result)
        self.assertIn(words, error)
        self.assertFalse(asked)

    def _assert_door(self, page, route, **values):
        """The page offers the card only, and its route takes nothing else."""
        form = self._get_payment_context(self.url_open(page))
        self.assertIn(self.card.id, form["payment_method_ids"])
        self.assertNotIn(self.wire.id, form["payment_method_ids"])
        self.assertIn(self.good_token.id, form["token_ids"])
        self.assertNotIn(self.token.id, form["token_ids"])
        self._assert_refused(route, self.wire, **values)
        self._assert_refused(route, self.wire, token=self.token, **values)
        self._assert_refused(route, self.card, provider=self.wire_provider, **values)
        self.assertTrue(self._post(route, self.card, **values)["reference"])

    def _create_chef_cart(self):
        return self._create_cart(self.chef)

    def _create_quotation(self, **values):
        values = {"state": "sent", "require_payment": True, "require_signature": False} | values
        return self._create_order(self.chef, **values)

    def test_shop(self):
        cart = self._create_chef_cart()
        token = cart._portal_ensure_token()
        self._assert_door(
            "/shop/payment",
            f"/shop/payment/transaction/{cart.id}",
            access_token=token,
        )

    def test_quotation_in_the_portal(self):
        order = self._create_quotation()
        token = order._portal_ensure_token()
        self._assert_door(
            order.get_portal_url(),
            f"/my/orders/{order.id}/transaction",
            access_token=token,
            amount=100.0,
        )

    def test_payment_link_of_a_quotation_that_asks_for_no_payment(self):
        order = self._create_quotation(require_payment=False)
        token = order._portal_ensure_token()
        self._assert_door(
            order.get_portal_url(query_string="&payment_amount=40.0"),
            f"/my/orders/{order.id}/transaction",
            access_token=token,
            amount=40.0,
        )

    def _create_invoice(self, partner, **values):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    Command.create({"name": "Wine", "price_unit": 100.0, "tax_ids": False})
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def test_invoice_in_the_portal(self):
        invoice = self._create_invoice(self.chef)
        token = invoice._portal_ensure_token()
        self._assert_door(
            invoice.get_portal_url(),
            f"/invoice/transaction/{invoice.id}",
            access_token=token,
            amount=100.0,
        )

    def test_the_rest_of_an_invoice_that_is_paid_in_part(self):
        self.wholesale.payment_method_ids += self.wire
        self.wholesale.payment_limit_ids = [
            Command.create({"payment_method_id": self.card.id, "maximum": 50.0})
        ]
        invoice = self._create_invoice(self.chef)
        form = self._get_payment_context(self.url_open(invoice.get_portal_url()))
        self.assertNotIn(self.card.id, form["payment_method_ids"])
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 60.0}).action_create_payments()
        form = self._get_payment_context(self.url_open(invoice.get_portal_url()))
        self.assertIn(self.card.id, form["payment_method_ids"])
        route = f"/invoice/transaction/{invoice.id}"
        values = {"access_token": invoice._portal_ensure_token()}
        self._assert_refused(route, self.card, "only for amounts", amount=60.0, **values)
        self.assertTrue(self._post(route, self.card, amount=40.0, **values))

    def test_an_invoice_of_somebody_else_follows_its_own_customer(self):
        """Whoever is signed in and has the link: the customer is that of the invoice."""
        invoice = self._create_invoice(self.person)
        token = invoice._portal_ensure_token()
        form = self._get_payment_context(self.url_open(invoice.get_portal_url()))
        self.assertIn(self.wire.id, form["payment_method_ids"])
        route = f"/invoice/transaction/{invoice.id}"
        self.assertTrue(self._post(route, self.wire, access_token=token, amount=100.0))

    def test_overdue_invoices_together(self):
        for _number in range(2):
            self._create_invoice(
                self.chef, invoice_date_due="2020-01-01", invoice_date="2020-01-01"
            )
        self._assert_door(
            "/my/invoices/overdue",
            "/invoice/transaction/overdue",
            payment_reference="TEST/OVERDUE",
            amount=200.0,
        )

    def test_payment_link_without_a_document(self):
        currency = self.env.company.currency_id
        token = payment_utils.generate_access_token(self.chef.id, 100.0, currency.id, env=self.env)
        page = (
            f"/payment/pay?amount=100.0&currency_id={currency.id}&partner_id={self.chef.id}"
            f"&company_id={self.env.company.id}&access_token={token}"
        )
        self._assert_door(
            page,
            "/payment/transaction",
            amount=100.0,
            currency_id=currency.id,
            partner_id=self.chef.id,
            access_token=token,
        )

    def test_saving_a_method(self):
        form = self._get_payment_context(self.url_open("/my/payment_method"))
        self.assertIn(self.card.id, form["payment_method_ids"])
        self.assertNotIn(self.wire.id, form["payment_method_ids"])
        self.assertIn(self.token.id, form["token_ids"], "what is saved can be deleted")
        values = {
            "amount": None,
            "currency_id": None,
            "partner_id": self.chef.id,
            "access_token": payment_utils.generate_access_token(
                self.chef.id, None, None, env=self.env
            ),
            "is_validation": True,
        }
        self._assert_refused("/payment/transaction", self.wire, **values)
        self.assertTrue(self._post("/payment/transaction", self.card, **values))

    def test_a_payment_is_not_passed_off_as_saving_a_method(self):
        cart = self._create_chef_cart()
        self._assert_refused(
            f"/shop/payment/transaction/{cart.id}",
            self.wire,
            access_token=cart._portal_ensure_token(),
            is_validation=True,
        )

    def test_the_token_of_somebody_else(self):
        cart = self._create_chef_cart()
        foreign = self._create_saved_token(self.person, self.card, self.card_provider)
        self._assert_refused(
            f"/shop/payment/transaction/{cart.id}",
            self.card,
            "do not have access to this payment token",
            token=foreign,
            access_token=cart._portal_ensure_token(),
        )

    def test_express_checkout(self):
        self.env["payment.provider"].search([]).allow_express_checkout = False
        for provider in self.card_provider + self.wire_provider:
            name = f"test_button_{provider.id}"
            provider.write(
                {
                    "allow_express_checkout": True,
                    "express_checkout_form_view_id": create_express_button(self.env, name).id,
                }
            )
        (self.card + self.wire).write({"support_express_checkout": True})
        cart = self._create_chef_cart()
        providers = self.env["payment.provider"].sudo()
        kwargs = {
            "currency_id": cart.currency_id.id,
            "sale_order_id": cart.id,
            "website_id": self.website.id,
            "is_express_checkout": True,
        }
        offer = providers._get_compatible_providers(
            self.env.company.id, self.chef.id, 100.0, **kwargs
        )
        self.assertIn(self.card_provider, offer)
        self.assertNotIn(self.wire_provider, offer)
        # Odoo shows the button of the first provider only.
        self.assertIn(f"test_button_{self.card_provider.id}", self.url_open("/shop/cart").text)
        self.card_provider.allow_express_checkout = False
        self.assertNotIn("test_button", self.url_open("/shop/cart").text)
        self.wholesale.payment_method_ids = False
        self.assertIn(f"test_button_{self.wire_provider.id}", self.url_open("/shop/cart").text)
        self.card_provider.allow_express_checkout = True
        self.wholesale.payment_method_ids = self.card
        route = f"/shop/payment/transaction/{cart.id}"
        token = cart._portal_ensure_token()
        unknown = self.pm_unknown
        self._assert_refused(route, unknown, provider=self.wire_provider, access_token=token)
        self.assertTrue(self._post(route, unknown, provider=self.card_provider, access_token=token))

    def test_a_type_that_changes_while_the_payment_page_is_open(self):
        """The customer reads that it can't be used any more, and pays in another way."""
        cart = self._create_chef_cart()
        self.wholesale.payment_method_ids = self.card + self.wire
        form = self._get_payment_context(self.url_open("/shop/payment"))
        self.assertIn(self.wire.id, form["payment_method_ids"])
        self.wholesale.payment_method_ids = self.card
        route = f"/shop/payment/transaction/{cart.id}"
        token = cart._portal_ensure_token()
        self._assert_refused(route, self.wire, "choose another way to pay", access_token=token)
        self.assertTrue(self._post(route, self.card, access_token=token))

    def test_a_limit_also_hides_what_was_saved(self):
        self.wholesale.payment_method_ids = False
        self.wholesale.payment_limit_ids = [
            Command.create({"payment_method_id": self.wire.id, "minimum": 1000.0})
        ]
        cart = self._create_chef_cart()
        self.assertLess(cart.amount_total, 1000.0)
        form = self._get_payment_context(self.url_open("/shop/payment"))
        self.assertNotIn(self.wire.id, form["payment_method_ids"])
        self.assertNotIn(self.token.id, form["token_ids"])
        cart.order_line.product_uom_qty = 2
        form = self._get_payment_context(self.url_open("/shop/payment"))
        self.assertIn(self.wire.id, form["payment_method_ids"])
        self.assertIn(self.token.id, form["token_ids"])

    def test_the_administrator_reads_why_in_the_report(self):
        order = self._create_quotation()
        self.authenticate("admin", "admin")
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("not for this kind of customer", page)

    def test_rpc_starts_no_payment_and_reads_no_rules(self):
        values = {
            "provider_id": self.wire_provider.id,
            "payment_method_id": self.wire.id,
            "amount": 100.0,
            "currency_id": self.env.company.currency_id.id,
            "partner_id": self.chef.id,
            "operation": "offline",
        }
        for model, method, *args in (
            ("payment.transaction", "create", [values]),
            ("customer.type.payment.limit", "search_read", []),
            ("customer.credit", "search_read", []),
            ("payment.method", "write", [self.wire.id], {"reserved_for_types": True}),
        ):
            result, error = self._request(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": {}},
            )
            self.assertFalse(result)
            self.assertIn("AccessError", error)
