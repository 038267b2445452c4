from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from .allocation_common import AllocationCommon


class AllocationShopCommon(AllocationCommon, HttpCase):
    """A member of a club who may have six, and a chef who may have twelve, in the shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id
        cls.member = cls._create_shopper("ct_member", cls.person)
        cls.chef_user = cls._create_shopper("ct_chef", cls.chef)
        cls.stranger = cls._create_shopper(
            "ct_stranger", cls.env["res.partner"].create({"name": "Test Stranger"})
        )
        cls.other.website_published = True

    @classmethod
    def _create_shopper(cls, login, partner):
        partner.write(
            {
                "email": f"{login}@test.example",
                "street": "1 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        return new_test_user(
            cls.env,
            login,
            password="a glass of wine",
            groups="base.group_portal",
            partner_id=partner.id,
        )

    @classmethod
    def _create_wine_in_two_sizes(cls):
        """:return: a published product.template, and its two variants"""
        size = cls.env["product.attribute"].create(
            {
                "name": "Test Size",
                "value_ids": [Command.create({"name": n}) for n in ("Bottle", "Magnum")],
            }
        )
        line = {"attribute_id": size.id, "value_ids": [Command.set(size.value_ids.ids)]}
        wine = cls.env["product.template"].create(
            {
                "name": "Test Barolo",
                "type": "consu",
                "list_price": 50.0,
                "taxes_id": False,
                "website_published": True,
                "attribute_line_ids": [Command.create(line)],
            }
        )
        return wine, *wine.product_variant_ids

    def _sign_in(self, login="ct_member"):
        self.authenticate(login, "a glass of wine")

    def _get_text(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response.text

    def _get_combination(self, product, **params):
        """:return: what the page of a product reads when a variant is chosen"""
        return self.make_jsonrpc_request(
            "/website_sale/get_combination_info",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "combination": product.product_template_attribute_value_ids.ids,
                "add_qty": 1,
                **params,
            },
        )

    def _add(self, quantity, product=None):
        """Put something into the cart of the session.

        :return: what the shop answers
        """
        product = product or self.product
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "quantity": quantity,
            },
        )

    def _find_cart(self, partner=None):
        return self.env["sale.order"].search(
            [("partner_id", "=", (partner or self.person).id), ("state", "=", "draft")], limit=1
        )

    def _call_and_fail(self, route, params):
        """:return: why a JSON route refused, in the customer's words"""
        answer = self.url_open(route, json={"jsonrpc": "2.0", "params": params}).json()
        self.assertIn("error", answer)
        return answer["error"]["data"]["message"]

    def _post(self, url, **data):
        """Post a form, as a page of this session would."""
        return self.url_open(url, data={"csrf_token": self._get_token(), **data})

    def _get_token(self):
        page = self.url_open("/my/security" if self.session.uid else "/shop/cart").text
        return page.split('csrf_token: "')[1].split('"')[0]
