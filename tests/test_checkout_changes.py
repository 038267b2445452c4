from typing import NamedTuple
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .checkout_common import CheckoutCommon

PAGES = ("/shop/cart", "/shop/address", "/shop/checkout", "/shop/extra_info", "/shop/payment")


class Change(NamedTuple):
    """What may change while somebody is on the way through checkout.

    :ivar words: what the customer reads about it
    :ivar record: what is changed
    :ivar values: and how
    :ivar answer: what the customer does about it, as (route, parameters); None for nothing
    """

    words: str
    record: object
    values: dict
    answer: tuple | None = None


@tagged("post_install", "-at_install")
class TestChangesOnTheWay(CheckoutCommon, HttpCase):
    """A type, or a rule, changes while a cart is open: at each step the customer is told, can do
    what there is to be done, and buys.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.env["customer.type.quantity.rule"].search([]).active = False
        cls.rare = cls.env["product.product"].create(
            {"name": "Test Rare", "list_price": 10.0, "website_published": True, "taxes_id": False}
        )
        cls.website.viewref("website_sale.extra_info").active = True
        cls.website._get_checkout_step("/shop/extra_info").is_published = True

    def _create_open_cart(self):
        """:return: two bottles, and one that is rare"""
        cart = self._create_cart(self.chef)
        cart.order_line = [Command.create({"product_id": self.rare.id})]
        cart.order_line[0].product_uom_qty = 2
        cart._set_delivery_method(self.parcel)
        return cart

    def _get_changes(self, cart):
        """:return: name and :class:`Change`"""
        wine, rare = cart.order_line[:2]
        update = "/shop/cart/update"
        return {
            "prices": Change(
                "Your prices have changed because your customer type changed.",
                self.wholesale,
                {"pricelist_id": self.retail_list.id},
            ),
            "delivery price": Change(
                "Delivery is free now.", self.wholesale, {"free_shipping_over": 50.0}
            ),
            "minimum": Change(
                "to your order minimum",
                self.wholesale,
                {"order_minimum_amount": 1500.0},
                (update, {"line_id": wine.id, "quantity": 3}),
            ),
            "maximum": Change(
                "over your order maximum",
                self.wholesale,
                {"order_maximum_amount": 1000.0},
                (update, {"line_id": wine.id, "quantity": 1}),
            ),
            "carriers": Change(
                "Test Parcel is not available to you",
                self.wholesale,
                {"carrier_ids": [Command.set(self.van.ids)]},
                ("/shop/set_delivery_method", {"dm_id": self.van.id}),
            ),
            "products": Change(
                "Test Rare is no longer available to you.",
                self.rare.product_tmpl_id,
                {"reserved_type_ids": [Command.set(self.reserve.ids)]},
                (update, {"line_id": rare.id, "quantity": 0}),
            ),
        }

    def _each_change(self):
        """:return: generator of a cart and a :class:`Change`, which is undone afterwards"""
        for name in self._get_changes(self._create_open_cart()):
            # Carts of before would come back; a session that has lost its cart looks for no other.
            self.env["sale.order"].search([("partner_id", "=", self.chef.id)])._action_cancel()
            cart = self._create_open_cart()
            self._sign_in(self.chef_user)
            self._read("/shop/checkout")
            change = self._get_changes(cart)[name]
            before = {fname: change.record[fname] for fname in change.values}
            yield cart, change
            for fname, value in before.items():
                change.record[fname] = value

    def _read(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200, url)
        return response.text

    def _pay(self, cart, **values):
        """:return: why the payment was not begun, or an empty string"""
        answer = self._post_transaction(cart, **values)
        self.assertTrue(("error" in answer) != ("result" in answer))
        return answer.get("error", {}).get("data", {}).get("message", "")

    def _check_step(self, page):
        """A change comes while somebody looks at a page of checkout."""
        for cart, change in self._each_change():
            self.assertNotIn(change.words, self._read(page))
            seen = cart.amount_total
            change.record.write(change.values)
            self.env.flush_all()
            told = ""
            for url in PAGES[PAGES.index(page) + 1 :]:
                told += self._read(url)
                seen = cart.amount_total
            refusal = self._pay(cart, amount=seen)
            if refusal:
                told += refusal + self._read("/shop/payment")
            self.assertIn(change.words, told)
            if refusal and change.answer:
                self.make_jsonrpc_request(*change.answer)
                self._read("/shop/payment")
            if refusal:
                self.assertFalse(self._pay(cart))
            transaction = cart.transaction_ids
            self.assertEqual(len(transaction), 1)
            transaction._set_pending()
            transaction._post_process()
            url = self.url_open("/shop/payment/validate").url
            self.assertTrue(url.endswith("/shop/confirmation"), url)
            self.assertEqual(cart.state, "sent")

    @mute_logger("odoo.http")
    def test_in_the_cart(self):
        self._check_step("/shop/cart")

    @mute_logger("odoo.http")
    def test_at_the_address(self):
        self._check_step("/shop/address")

    @mute_logger("odoo.http")
    def test_where_delivery_is_chosen(self):
        self._check_step("/shop/checkout")

    @mute_logger("odoo.http")
    def test_where_the_shop_asks_for_more(self):
        self._check_step("/shop/extra_info")

    @mute_logger("odoo.http")
    def test_where_payment_is_chosen(self):
        self._check_step("/shop/payment")

    def test_during_the_payment(self):
        """There is nothing to be told any more: the order stands, and staff look at it."""
        for cart, change in self._each_change():
            self._read("/shop/payment")
            self.assertFalse(self._pay(cart))
            change.record.write(change.values)
            cart.transaction_ids._set_done()
            # Which journal books it is another matter.
            with patch.object(self.env.registry["payment.transaction"], "_create_payment"):
                cart.transaction_ids._post_process()
            self.assertEqual(cart.state, "sale")
            self.assertTrue(cart.activity_ids)
            url = self.url_open("/shop/payment/validate").url
            self.assertTrue(url.endswith("/shop/confirmation"), url)
