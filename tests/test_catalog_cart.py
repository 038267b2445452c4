from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .checkout_common import SIGNATURE, CheckoutCommon

QUIET = ("odoo.http", "odoo.addons.payment.models.payment_transaction")


@tagged("post_install", "-at_install")
class TestCatalogCart(CheckoutCommon, HttpCase):
    """What is in a cart, or was offered, and then is no longer for the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type"].search([]).catalog_mode = "public"
        cls.wine = cls.product.product_tmpl_id
        cls.cart = cls._create_ready_cart(cls.person)

    def _withhold(self):
        """Each way in which a product is kept from a customer who has it in their cart.

        :return: generator of what they read about it
        """
        hidden = "Test Wine is no longer available to you."
        unsold = "Test Wine is sold by our sales team only."
        for record, fname, words in (
            (self.wine, "reserved_type_ids", hidden),
            (self.wine, "sold_type_ids", unsold),
            (self.wine, "priced_type_ids", unsold),
        ):
            with self.subTest(fname=fname):
                record[fname] = self.wholesale
                self.env.flush_all()
                yield words
                record[fname] = False

    def test_the_cart_names_it_and_leads_nowhere(self):
        self._sign_in(self.shopper_user)
        for words in self._withhold():
            page = self.url_open("/shop/cart").text
            self.assertIn(words, page)
            self.assertIn("Remove it to go on.", page)
            self.assertRegex(page, r'name="website_sale_main_button"\s+class="[^"]*disabled')
            for path in ("/shop/checkout", "/shop/payment"):
                response = self.url_open(path)
                self.assertTrue(response.url.endswith("/shop/cart"), path)
                self.assertIn(words, response.text)
        self.assertNotIn("Remove it to go on.", self.url_open("/shop/cart").text)
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))

    @mute_logger(*QUIET)
    def test_it_is_not_paid_in_the_shop(self):
        self._sign_in(self.shopper_user)
        for words in self._withhold():
            answer = self._post_transaction(self.cart)
            self.assertIn(words, answer["error"]["data"]["message"])
            self.assertFalse(self.cart.transaction_ids)
        self.assertIn("reference", self._post_transaction(self.cart)["result"])

    def _create_quotation(self, **values):
        return self._create_order(self.person, state="sent", **values)

    def _accept(self, order):
        params = {
            "access_token": order._portal_ensure_token(),
            "name": "Test Person",
            "signature": SIGNATURE,
        }
        return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", params)

    def test_a_quotation_over_it_is_not_signed(self):
        order = self._create_quotation(require_signature=True, require_payment=False)
        self.wine.reserved_type_ids = self.wholesale
        self._sign_in(self.shopper_user)
        self.assertIn("Test Wine is no longer available to you.", self._accept(order)["error"])
        self.assertEqual((order.state, order.signature), ("sent", False))
        self.wine.reserved_type_ids = False
        self.assertTrue(self._accept(order)["force_refresh"])
        self.assertEqual(order.state, "sale")

    @mute_logger(*QUIET)
    def test_a_quotation_over_it_is_not_paid_in_the_portal_nor_by_a_link(self):
        order = self._create_quotation(require_signature=False, require_payment=True)
        self.wine.reserved_type_ids = self.wholesale
        route = f"/my/orders/{order.id}/transaction"
        for user in (self.shopper_user, None):
            self._sign_in(user) if user else self.authenticate(None, None)
            for amount in ("", f"&payment_amount={order.amount_total}"):
                page = self.url_open(order.get_portal_url(query_string=amount)).text
                self.assertIn("Test Wine is no longer available to you.", page)
            answer = self._post_transaction(order, route)
            self.assertIn("is no longer available to you", answer["error"]["data"]["message"])
            self.assertFalse(order.transaction_ids)
        self.wine.reserved_type_ids = False
        self.assertIn("reference", self._post_transaction(order, route)["result"])

    def test_what_the_sales_desk_offers_is_accepted(self):
        """Whoever cannot order it by themselves was offered it by a person."""
        for fname in ("sold_type_ids", "priced_type_ids"):
            with self.subTest(fname=fname):
                self.wine[fname] = self.wholesale
                order = self._create_quotation(require_signature=True, require_payment=False)
                self._sign_in(self.shopper_user)
                self.assertTrue(self._accept(order)["force_refresh"])
                self.assertEqual(order.state, "sale")
                self.wine[fname] = False

    # -- Gifts -------------------------------------------------------------

    def _give(self, cart, **values):
        """:return: the line of a cart that gives a bottle, as a promotion of the shop does"""
        gift = self.env["product.product"].create(
            {"name": "Test Gift", "website_published": True, "list_price": 5.0, **values}
        )
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Gifts",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"product_ids": self.product.ids})],
                "reward_ids": [
                    Command.create({"reward_type": "product", "reward_product_id": gift.id})
                ],
            }
        )
        cart._update_programs_and_rewards()
        cart._auto_apply_rewards()
        line = cart.order_line.filtered(lambda line: line.reward_id.program_id == program)
        self.assertEqual(line.product_id, gift)
        return line

    @mute_logger(*QUIET)
    def test_a_gift_for_others_is_not_kept(self):
        cart = self._create_ready_cart(self.chef)
        line = self._give(cart, reserved_type_ids=self.wholesale.ids)
        self._sign_in(self.chef_user)
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))
        self.restaurant.customer_type_assignment_ids._end("No more")
        answer = self._post_transaction(cart)
        words = "Test Gift is no longer available to you."
        self.assertIn(words, answer["error"]["data"]["message"])
        page = self.url_open("/shop/cart").text
        self.assertIn(words, page)
        self.make_jsonrpc_request("/shop/cart/update", {"line_id": line.id, "quantity": 0})
        self.assertNotIn(words, self.url_open("/shop/cart").text)
        self.assertFalse(line.exists())
        self.url_open("/shop/payment")
        self.assertIn("result", self._post_transaction(cart))

    def test_a_gift_is_not_sold_and_may_be_taken(self):
        cart = self._create_ready_cart(self.person)
        self._give(cart, sold_type_ids=self.wholesale.ids)
        self.assertFalse(cart._get_policy_blocks("payment"))

    # -- Cards -------------------------------------------------------------

    def _create_card(self, partner, program_type, **values):
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Card",
                "program_type": program_type,
                "trigger": "auto",
                "applies_on": "both",
                "portal_visible": True,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": product.id,
                            "required_points": 1,
                        }
                    )
                    for product in (self.product, self.plain)
                ],
                "rule_ids": [
                    Command.create({"product_ids": [Command.set((self.product + self.plain).ids)]})
                ],
                **values,
            }
        )
        return self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": partner.id, "points": 10}
        )

    @mute_logger(*QUIET)
    def test_a_card_tells_of_nothing_that_is_not_for_its_owner(self):
        self.plain = self.env["product.product"].create(
            {"name": "Test Plain", "website_published": True, "list_price": 5.0}
        )
        self.wine.reserved_type_ids = self.wholesale
        for user, names in (
            (self.shopper_user, ["Test Plain"]),
            (self.chef_user, ["Test Plain", "Test Wine"]),
        ):
            card = self._create_card(user.partner_id, "loyalty")
            self._sign_in(user)
            values = self.make_jsonrpc_request(f"/my/loyalty_card/{card.id}/values")
            told = sorted(reward["description"] for reward in values["rewards"])
            self.assertEqual(told, [f"Free Product - {name}" for name in names])
            triggers = {product["id"] for product in values["program"]["trigger_products"]}
            shown = self.env["product.product"].browse(triggers)
            self.assertEqual(sorted(shown.mapped("name")), names)
            page = self.url_open(f"/my/loyalty_card/{card.id}/history")
            self.assertTrue(page.url.endswith(f"/{card.id}/history"))
            self.assertNotIn("Test Wine", page.text)

    @mute_logger(*QUIET, "odoo.addons.base.models.ir_rule")
    def test_a_wallet_is_not_topped_up_with_what_is_not_for_the_customer(self):
        self.wine.reserved_type_ids = self.wholesale
        for user, is_sold in ((self.shopper_user, False), (self.chef_user, True)):
            carts = self.env["sale.order"].search([("website_id", "=", self.website.id)])
            carts.filtered(lambda order: order.state == "draft").unlink()
            self._sign_in(user)
            response = self.url_open(f"/wallet/top_up?trigger_product_id={self.product.id}")
            lines = self.env["sale.order.line"].search(
                [
                    ("order_id.partner_id", "=", user.partner_id.id),
                    ("product_id", "=", self.product.id),
                ]
            )
            self.assertEqual(bool(lines), is_sold)
            self.assertEqual("Test Wine" in response.text, is_sold)
