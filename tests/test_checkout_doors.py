import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .checkout_common import EXPRESS_ADDRESS, SIGNATURE
from .common_payment import create_wallet, watch_providers
from .test_checkout_promotion import PromotionCommon

DOORS = (
    "cart",
    "payment_page",
    "shop_payment",
    "express",
    "signature",
    "portal_payment",
    "payment_link",
    "clerk",
    "rpc",
)
# Of a quotation, the link asks for so much.
LINK_SHARE = 0.4


class Answer(NamedTuple):
    """What somebody gets who tries to go on with an order through one of its doors.

    :ivar words: what there is to read
    :ivar done: whether the order has gone on
    """

    words: str
    done: bool


class Open(str):
    """Why a rule does not stop an order at a door."""


# Where nobody orders on account.
_NOT_ON_ACCOUNT = {
    "cart": Open("how it is paid is chosen later"),
    "express": Open("a wallet pays at once"),
}


def _everywhere(words, **exceptions):
    """:return: what a rule says at every door: words, or why it is :class:`Open`. Who writes
    requests by hand gets no other answer than a clerk at the form.
    """
    return dict.fromkeys(DOORS, words) | {"rpc": exceptions.get("clerk", words)} | exceptions


@tagged("post_install", "-at_install")
class TestCheckoutDoors(PromotionCommon, HttpCase):
    """Each rule that checkout knows, at each door through which an order can go on.

    An order is made first and the rule comes up then, as for a customer whose page is open. It is
    refused in the words of the rule, nothing has happened, and without the rule the very same
    request goes through.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type.quantity.rule"].search([]).active = False
        cls.auto.active = False
        cls.way = cls.transfer
        cls.account = cls.env["payment.provider"].search(
            [("custom_mode", "=", "on_account"), ("company_id", "=", cls.env.company.id)]
        )
        cls.account.write({"state": "enabled", "is_published": True})
        cls.wallet = create_wallet(cls.env)
        cls.card = cls.wallet.copy({"name": "Test Card", "express_checkout_form_view_id": False})
        cls.env.ref("customer_type.product_small_order_fee").taxes_id = False

    # -- The doors ---------------------------------------------------------

    def _create_for(self, door):
        """:return: an order that lacks nothing but to go through that door"""
        if door in ("cart", "payment_page", "shop_payment", "express"):
            cart = self._create_ready_cart(self.chef)
            self._programs_on(cart)
            return cart
        order = self._create_order(
            self.chef,
            require_signature=door == "signature",
            require_payment=door == "portal_payment",
        )
        order.set_delivery_line(self.parcel, self.parcel.fixed_price)
        self._programs_on(order)
        order._portal_ensure_token()
        order.action_quotation_sent()
        # What was due when it was sent is remembered from here on.
        self.env.flush_all()
        return order

    def _try(self, door, order):
        """:return: the :class:`Answer` of a door to an order"""
        return getattr(self, f"_try_{door}")(order)

    def _read(self, url):
        response = self.url_open(url)
        return response.url.partition("?")[0], unescape(response.text)

    def _try_cart(self, order):
        _url, page = self._read("/shop/cart")
        self.assertIn("Test Wine", page)
        disabled = re.search(r'name="website_sale_main_button"\s+class="[^"]*disabled', page)
        url, _page = self._read("/shop/checkout")
        done = not url.endswith("/shop/cart")
        self.assertEqual(done, not disabled, "the button to check out agrees")
        return Answer(page, done)

    def _try_payment_page(self, order):
        url, page = self._read("/shop/payment")
        is_offered = f'data-provider-id="{self.way.id}"' in page
        return Answer(page, url.endswith("/shop/payment") and is_offered)

    def _pay(self, order, route=None, provider=None, **values):
        """:return: the :class:`Answer` to a payment; it is done when the provider was asked"""
        provider = provider or self.way
        values = {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            **values,
        }
        with watch_providers(self.env) as asked:
            answer = self._post_transaction(order, route, **values)
        self.assertEqual(bool(asked), "result" in answer)
        words = answer.get("error", {}).get("data", {}).get("message", "")
        return Answer(words, bool(asked))

    def _try_shop_payment(self, order):
        return self._pay(order)

    def _try_express(self, order):
        _url, page = self._read("/shop/cart")
        hidden = re.search(r'class="o_customer_type_express[^"]*d-none', page)
        is_offered = "test_wallet_button" in page and not hidden
        self.make_jsonrpc_request(
            "/shop/express_checkout",
            {
                "billing_address": EXPRESS_ADDRESS,
                "shipping_address": EXPRESS_ADDRESS,
                "shipping_option": {"id": self.parcel.id},
            },
        )
        unknown = self.env.ref("payment.payment_method_unknown")
        answer = self._pay(order, provider=self.wallet, payment_method_id=unknown.id, flow="direct")
        self.assertEqual(answer.done, is_offered, "the button in the cart agrees")
        return answer

    def _try_signature(self, order):
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order.access_token, "name": "Me", "signature": SIGNATURE},
        )
        self.assertEqual(bool(order.signature), order.state == "sale")
        return Answer(answer.get("error", ""), order.state == "sale")

    def _try_portal_payment(self, order):
        return self._pay(order, f"/my/orders/{order.id}/transaction")

    def _try_payment_link(self, order):
        """Nobody is signed in, and the link asks for a part only, where a part can be paid."""
        self.authenticate(None, None)
        share = 1.0 if self.way == self.account else LINK_SHARE
        amount = order.currency_id.round(order.amount_total * share)
        wizard = self.env["payment.link.wizard"].create(
            {
                "res_model": "sale.order",
                "res_id": order.id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
            }
        )
        _url, page = self._read(wizard.link)
        self.assertIn(order.name, page)
        read_by = order.with_user(self.env.ref("base.public_user")).sudo()
        for issue in read_by._get_policy_blocks("payment"):
            self.assertIn(issue.message, page, "nobody pays in vain")
        return self._pay(order, f"/my/orders/{order.id}/transaction", amount=amount)

    def _try_clerk(self, order):
        words = ""
        try:
            order.with_user(self.salesman).action_confirm()
        except UserError as error:
            words = str(error)
        return Answer(words, order.state == "sale")

    def _call(self, order, method, *args, **context):
        """:return: the error that a request written by hand gets, or an empty string"""
        params = {
            "model": "sale.order",
            "method": method,
            "args": [order.ids, *args],
            "kwargs": {"context": context},
        }
        answer = self.url_open(
            f"/web/dataset/call_kw/sale.order/{method}", json={"params": params}
        ).json()
        return answer.get("error", {}).get("data", {}).get("message", "")

    def _try_rpc(self, order):
        """A clerk past the form: without its button, with a context and keys of their own."""
        self._sign_in(self.salesman)
        keys = [issue.key for issue in order._get_policy_issues("confirm")]
        forged = self._call(order, "write", {"policy_override_keys": keys})
        self.assertIn("policy_override_keys", forged)
        context = {"policy_gate_asked": 1, "policy_override_keys": keys, "su": True}
        words = self._call(order, "write", {"state": "sale"}, **context)
        if order.state != "sale":
            self.assertEqual(self._call(order, "action_confirm", **context), words)
        return Answer(words, order.state == "sale")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_customers_do_not_go_on_with_orders_by_writing_to_them(self):
        order = self._create_order(self.chef)
        self._sign_in(self.chef_user)
        line = order.order_line[0]
        values = {"provider_id": self.transfer.id, "amount": 1.0, "sale_order_ids": [order.id]}
        for model, method, *args in (
            ("sale.order", "action_confirm", order.ids),
            ("sale.order", "write", order.ids, {"state": "sale"}),
            ("sale.order", "create", [{"partner_id": self.person.id, "state": "sale"}]),
            ("sale.order.line", "write", line.ids, {"product_uom_qty": 1000}),
            ("payment.transaction", "create", [values]),
        ):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                json={"params": {"model": model, "method": method, "args": args, "kwargs": {}}},
            ).json()
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")

    # -- Rules and doors ---------------------------------------------------

    @contextmanager
    def _with_values(self, *records, **values):
        """Let records have other values for a while."""
        before = [(record, fname, record[fname]) for record in records for fname in values]
        for record in records:
            record.write(values)
        try:
            yield
        finally:
            for record, fname, value in before:
                record[fname] = value

    def _check_doors(self, rule, expected):
        """:param rule: gets an order and is a context manager, in which the rule holds
        :param dict expected: by door, the words of the refusal or why it is :class:`Open`
        """
        self.assertEqual(set(expected), set(DOORS))
        for door, words in expected.items():
            with self.subTest(door=door):
                self._check_door(door, rule, words)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def _check_door(self, door, rule, words):
        self._sign_in(self.chef_user)
        order = self._create_for(door)
        state, total = order.state, order.amount_total
        with rule(order):
            answer = self._try(door, order)
            if isinstance(words, Open):
                self.assertTrue(answer.done, f"{words}: {answer.words[-500:]}")
            else:
                self.assertFalse(answer.done)
                self.assertIn(words, answer.words)
                self.assertEqual(order.state, state)
                self.assertFalse(order.transaction_ids)
                self.assertFalse(order.invoice_ids)
        if not answer.done:
            answer = self._try(door, order)
            self.assertTrue(answer.done, f"without the rule: {answer.words[-500:]}")
            self.assertEqual(order.amount_total, total)
        order._action_cancel()

    def _check_type_rule(self, expected, **values):
        self._check_doors(lambda order: self._with_values(self.wholesale, **values), expected)

    # -- The rules ---------------------------------------------------------

    WAY_TO_PAY = {
        "cart": Open("how it is paid is chosen later"),
        "payment_page": "No payment method available",
        "signature": Open("who signs pays nothing"),
        "clerk": Open("who confirms pays nothing"),
    }

    def test_providers(self):
        self._check_type_rule(
            _everywhere("not for this kind of customer", **self.WAY_TO_PAY),
            payment_provider_ids=[Command.set(self.card.ids)],
        )

    def test_methods(self):
        method = self.wallet.payment_method_ids.copy(
            {"code": "test_other", "provider_ids": [Command.set(self.card.ids)]}
        )
        self._check_type_rule(
            _everywhere("not for this kind of customer", **self.WAY_TO_PAY),
            payment_method_ids=[Command.set(method.ids)],
        )

    def test_amounts_of_a_method(self):
        methods = (self.wallet + self.transfer).payment_method_ids
        self._check_type_rule(
            _everywhere("only for amounts", **self.WAY_TO_PAY),
            payment_limit_ids=[
                Command.create({"payment_method_id": method.id, "maximum": 10.0})
                for method in methods
            ],
        )

    def test_reserved_providers(self):
        self._check_doors(
            lambda order: self._with_values(self.wallet, self.transfer, reserved_for_types=True),
            _everywhere("not for this kind of customer", **self.WAY_TO_PAY),
        )

    def test_reserved_methods(self):
        methods = (self.wallet + self.transfer).payment_method_ids
        self._check_doors(
            lambda order: self._with_values(*methods, reserved_for_types=True),
            _everywhere("not for this kind of customer", **self.WAY_TO_PAY),
        )

    def test_on_account(self):
        self.way = self.account
        self.wholesale.pay_on_account = "allowed"
        self._check_type_rule(
            _everywhere(
                "not for this kind of customer",
                **self.WAY_TO_PAY
                | {
                    "payment_page": "o_payment_form",  # with other ways to pay
                    "express": Open("a wallet pays at once"),
                },
            ),
            pay_on_account=False,
        )

    def test_credit(self):
        self.way = self.account
        self.wholesale.pay_on_account = "allowed"
        self._check_type_rule(
            _everywhere(
                "The credit limit is",
                **_NOT_ON_ACCOUNT,
            ),
            credit_limit=50.0,
        )

    def test_overdue(self):
        self.way = self.account
        self.wholesale.pay_on_account = "allowed"
        due = self.today - timedelta(days=30)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.chef.id,
                "invoice_payment_term_id": False,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create({"name": "Wine", "price_unit": 5.0, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        self._check_type_rule(
            _everywhere(
                "overdue for more than 10 days",
                **_NOT_ON_ACCOUNT,
            ),
            overdue_days=10,
        )

    def test_minimum_of_bottles(self):
        self._check_type_rule(_everywhere("to your order minimum of 6"), order_minimum_quantity=6.0)

    def test_maximum_by_weight(self):
        self.product.weight = 1.5
        self._check_type_rule(_everywhere("over your order maximum of 1"), order_maximum_weight=1.0)

    def test_below_the_minimum_on_request(self):
        self._check_type_rule(
            _everywhere(Open("a person looks at it")),
            order_minimum_amount=10000.0,
            order_below_minimum="request",
        )

    def test_order_minimum(self):
        self._check_type_rule(_everywhere("to your order minimum"), order_minimum_amount=10000.0)

    def test_order_maximum(self):
        self._check_type_rule(_everywhere("over your order maximum"), order_maximum_amount=10.0)

    def test_small_order_fee(self):
        follows = Open("the cart has the fee by itself")
        self._check_type_rule(
            _everywhere("small-order fee", cart=follows, payment_page=follows, express=follows),
            order_minimum_amount=10000.0,
            order_below_minimum="fee",
            order_minimum_fee=15.0,
        )

    def test_quantities(self):
        rule = self.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": self.wholesale.ids,
                "applied_on": "product",
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "multiple": 6,
                "active": False,
            }
        )
        self._check_doors(
            lambda order: self._with_values(rule, active=True), _everywhere("cannot be ordered")
        )

    def test_carriers(self):
        self._check_type_rule(
            _everywhere(
                "Test Parcel is not available to you.",
                cart=Open("another one is chosen at checkout"),
                express="No shipping method is selected.",  # of those that are offered
            ),
            carrier_ids=[Command.set(self.van.ids)],
        )

    def test_reserved_carriers(self):
        self._check_doors(
            lambda order: self._with_values(self.parcel, only_for_types=True),
            _everywhere(
                "Test Parcel is not available to you.",
                cart=Open("another one is chosen at checkout"),
                express="No shipping method is selected.",  # of those that are offered
            ),
        )

    def test_quotes(self):
        @contextmanager
        def rule(order):
            if order.website_id:
                with self._with_values(self.wholesale, checkout_mode="quote"):
                    yield
            else:
                order.quote_state = "requested"
                yield
                order._answer_quote()

        self._check_doors(
            rule,
            _everywhere(
                "We are preparing your quotation.",
                cart=Open("what is asked for goes through checkout"),
                payment_page="Request a quote",
                shop_payment="Please request a quote.",
                express="Please request a quote.",
                signature="not in a state requiring customer signature",
                clerk=Open("who confirms answers"),
            ),
        )

    def test_references(self):
        self._check_type_rule(
            _everywhere("Your reference (PO number) is missing.", cart=Open("asked for later")),
            po_mode="require",
        )

    def test_promotions(self):
        """What is in a cart follows the types; a quotation is the word of a person."""
        self.auto.active = True

        @contextmanager
        def rule(order):
            self.assertEqual(order.order_line.reward_id.program_id, self.auto)
            with self._with_values(self.auto, customer_type_ids=[Command.set(self.reserve.ids)]):
                yield
                if order.transaction_ids:
                    left = self.auto if order.state == "sent" else self.auto.browse()
                    self.assertEqual(order.order_line.reward_id.program_id, left)

        follows = Open("the cart loses it by itself")
        kept = Open("it was promised")
        self._check_doors(
            rule,
            _everywhere(
                "applied reward was changed",
                cart=follows,
                payment_page=follows,
                express=follows,
                signature=kept,
                portal_payment=kept,
                payment_link=kept,
                clerk=kept,
            ),
        )

    # -- What other parts have to say ----------------------------------------

    def _check_product_rule(self, expected, **values):
        wine = self.product.product_tmpl_id
        self._check_doors(lambda order: self._with_values(wine, **values), expected)

    def test_reserved_products(self):
        self._check_product_rule(
            _everywhere(
                "Test Wine is ",  # staff and customers read it in their own words
                **dict.fromkeys(
                    ("cart", "payment_page", "shop_payment", "express"),
                    "Test Wine is no longer available to you.",
                ),
            ),
            reserved_type_ids=[Command.set(self.reserve.ids)],
        )

    def test_products_of_the_sales_team(self):
        words = Open("a person sells it")
        self._check_product_rule(
            _everywhere(
                "Test Wine is sold by our sales team only.",
                signature=words,
                portal_payment=words,
                payment_link=words,
                clerk=words,
            ),
            sold_type_ids=[Command.set(self.reserve.ids)],
        )

    # -- Doors of few rules ------------------------------------------------

    def _rules_of_free_orders(self):
        """:return: what stops also an order that costs nothing: values of the type, and words"""
        return (
            ({"order_minimum_quantity": 6.0}, "to your order minimum of 6"),
            ({"order_maximum_quantity": 0.5}, "over your order maximum"),
            ({"po_mode": "require"}, "Your reference (PO number) is missing."),
            ({"carrier_ids": [Command.set(self.van.ids)]}, "Test Parcel is not available to you."),
            ({"checkout_mode": "quote"}, "Please request a quote."),
        )

    @mute_logger("odoo.http")
    def test_an_order_that_costs_nothing(self):
        """Nothing is paid, so it is confirmed on the way to the last page."""
        self.parcel.fixed_price = 0.0
        self.wholesale_list.item_ids.fixed_price = 0.0
        self._sign_in(self.chef_user)
        cart = self._create_ready_cart(self.chef)
        self.assertEqual(cart.amount_total, 0.0)
        for values, words in self._rules_of_free_orders():
            with self.subTest(words=words), self._with_values(self.wholesale, **values):
                _url, page = self._read("/shop/payment/validate")
                self.assertIn(words, page)
                self.assertEqual(cart.state, "draft")
        self._read("/shop/payment/validate")
        self.assertEqual(cart.state, "sale")

    def test_a_request_for_a_quote(self):
        """It is no order: what is chosen in the cart holds, what is about paying does not."""
        self.wholesale.checkout_mode = "quote"
        self._sign_in(self.chef_user)
        cart = self._create_ready_cart(self.chef)
        for values, words in self._rules_of_free_orders()[:2]:
            with self.subTest(words=words), self._with_values(self.wholesale, **values):
                page = self._post_form("/shop/quote/request").text
                self.assertIn(words, page)
                self.assertEqual(cart.state, "draft")
        self._post_form("/shop/quote/request")
        self.assertEqual((cart.state, cart.quote_state), ("sent", "requested"))
