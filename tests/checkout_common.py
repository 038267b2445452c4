from odoo import http

from .common import PricingCommon

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="
# What the wallet of a browser says about its owner.
EXPRESS_ADDRESS = {
    "name": "Test Chef",
    "email": "chef@test.example",
    "phone": "+1 555-555-5555",
    "street": "1 Test Street",
    "street2": "",
    "city": "Scranton",
    "zip": "18503",
    "country": "US",
    "state": "PA",
}


class CheckoutCommon(PricingCommon):
    """A shop that delivers by parcel or by its own van, and is paid by bank transfer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.restaurant + cls.chef + cls.person).write(
            {
                "street": "1 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        cls.env["delivery.carrier"].search([]).active = False
        cls.parcel = cls._create_carrier("Test Parcel", 20.0)
        cls.van = cls._create_carrier("Test Van", 50.0)
        cls.env["payment.provider"].search([]).is_published = False
        cls.transfer = cls.env.ref("payment.payment_provider_transfer")
        cls.transfer.write({"state": "enabled", "is_published": True})
        cls.transfer._transfer_ensure_pending_msg_is_set()

    @classmethod
    def _create_carrier(cls, name, price, **values):
        """:return: a delivery method at a fixed price that the shop offers"""
        product = cls.env["product.product"].create(
            {"name": name, "type": "service", "list_price": price, "taxes_id": False}
        )
        return cls.env["delivery.carrier"].create(
            {
                "name": name,
                "product_id": product.id,
                "delivery_type": "fixed",
                "fixed_price": price,
                "is_published": True,
                **values,
            }
        )

    @classmethod
    def _create_ready_cart(cls, partner, **values):
        """:return: a cart of the customer that lacks nothing but the payment"""
        cart = cls._create_cart(partner, **values)
        if "carrier_id" not in values:
            cart._set_delivery_method(cls.parcel)
        return cart

    def _sign_in(self, user):
        self.authenticate(user.login, user.login + "x" * (8 - len(user.login)))

    def _post_transaction(self, order, route=None, **values):
        """Ask for a payment as a page, or somebody who writes its requests by hand, would.

        :param values: what to post instead of a payment of all of it by bank transfer
        :return: the answer of the server, decoded
        """
        route = route or f"/shop/payment/transaction/{order.id}"
        params = {
            "access_token": order._portal_ensure_token(),
            "amount": order.amount_total,
            "provider_id": self.transfer.id,
            "payment_method_id": self.transfer.payment_method_ids[:1].id,
            "token_id": None,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/shop/payment/validate",
            **values,
        }
        return self.url_open(route, json={"params": params}).json()

    def _post_form(self, url, data=None, files=None):
        """:return: the page after a form was sent, with its token against forged requests"""
        data = {"csrf_token": http.Request.csrf_token(self), **(data or {})}
        return self.url_open(url, data=data, files=files)
