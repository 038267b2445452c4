from odoo.fields import Command
from odoo.tests import new_test_user

from .common import CustomerTypeCommon


class OrderSizeCommon(CustomerTypeCommon):
    """A restaurant that buys wine at 10 a bottle, in a shop in the currency of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.company_id = cls.env.company
        cls.website.show_line_subtotals_tax_selection = "tax_excluded"
        cls.env["loyalty.program"].search([]).active = False
        cls.env["customer.type.quantity.rule"].search([]).active = False
        cls.company_currency = cls.env.company.currency_id
        cls.product.write({"list_price": 10.0, "website_published": True, "weight": 1.5})
        cls.restaurant._assign_customer_types(cls.wholesale)
        cls.tax = cls.env["account.tax"].create(
            {"name": "Test 20 %", "amount": 20.0, "amount_type": "percent"}
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Test List", "currency_id": cls.company_currency.id}
        )
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T$",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        cls.foreign_list = cls.env["product.pricelist"].create(
            {"name": "Test Foreign List", "currency_id": cls.foreign.id}
        )

    @classmethod
    def _create_sized_order(cls, quantity, partner=None, **values):
        """:return: a quotation over so many bottles, without a website unless said otherwise"""
        order = cls._create_order(
            partner or cls.restaurant, **{"pricelist_id": cls.pricelist.id, **values}
        )
        order.order_line.product_uom_qty = quantity
        return order

    @classmethod
    def _create_sized_cart(cls, quantity, **values):
        return cls._create_sized_order(quantity, website_id=cls.website.id, **values)

    @classmethod
    def _add_line(cls, order, product=None, quantity=1, **values):
        """:return: a new line of the order"""
        return cls.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": (product or cls.product).id,
                "product_uom_qty": quantity,
                "name": "Test Line",
                **values,
            }
        )

    @classmethod
    def _create_wine(cls, **values):
        """:return: another product that is like the test wine"""
        return cls.env["product.product"].create(
            {
                "name": "Test Other Wine",
                "list_price": 10.0,
                "weight": 1.5,
                "type": "consu",
                "taxes_id": False,
                "website_published": True,
                "public_categ_ids": [Command.set(cls.product.public_categ_ids.ids)],
                "product_tag_ids": [Command.set(cls.product.product_tag_ids.ids)],
                **values,
            }
        )

    def _codes(self, order, stage="checkout", level="block"):
        """:return: codes of what the order gate says at a stage, of one level"""
        return [i.code for i in order._get_policy_issues(stage) if i.level == level]


class OrderSizeShopCommon(OrderSizeCommon):
    """The chef of the restaurant, who can check out: nothing to deliver, one way to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chef_user = new_test_user(
            cls.env,
            "ct_chef",
            groups="base.group_portal",
            partner_id=cls.chef.id,
            password="chef in the kitchen",
        )
        (cls.restaurant + cls.chef).write(
            {
                "street": "1 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        cls.product.type = "service"
        cls.env["payment.provider"].search([]).is_published = False
        cls.transfer = cls.env.ref("payment.payment_provider_transfer")
        cls.transfer.write({"state": "enabled", "is_published": True})
        cls.transfer._transfer_ensure_pending_msg_is_set()

    @classmethod
    def _create_chef_cart(cls, quantity, **values):
        return cls._create_sized_cart(quantity, partner=cls.chef, **values)

    def _sign_in(self):
        self.authenticate("ct_chef", "chef in the kitchen")

    def _change(self, line, quantity):
        """:return: what the cart page gets when the customer changes a quantity"""
        params = {"line_id": line.id, "quantity": quantity}
        return self.make_jsonrpc_request("/shop/cart/update", params)

    def _pay(self, order, route="/shop/payment/transaction/%s", **params):
        """:return: the answer to a request for a payment: a dict with ``result`` or ``error``"""
        return self.url_open(
            route % order.id,
            json={
                "params": {
                    "access_token": order._portal_ensure_token(),
                    "amount": order.amount_total,
                    "provider_id": self.transfer.id,
                    "payment_method_id": self.transfer.payment_method_ids[:1].id,
                    "token_id": None,
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": "/shop/payment/validate",
                    **params,
                }
            },
        ).json()
