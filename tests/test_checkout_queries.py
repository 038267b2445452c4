from odoo.tests import HttpCase, tagged

from .order_size_common import OrderSizeShopCommon
from .query_common import QueryCommon


@tagged("post_install", "-at_install")
class TestCheckoutQueries(QueryCommon, OrderSizeShopCommon, HttpCase):
    """What the cart asks the database because of customer types, once caches are warm."""

    # The catalogue counts its own.
    counted = (
        "odoo.addons.customer_type.controllers",
        *(
            f"odoo.addons.customer_type.models.{part}"
            for part in ("segment", "policy", "pricing", "checkout")
        ),
    )
    # Whole rows of the customer and of the lines of the cart: whoever comes first reads them.
    read_by_odoo = (
        '"res_partner"."complete_name"',
        '"res_users"."signature"',
        'FROM "sale_order_line"',
    )

    def _visit_cart(self):
        self.assertIn("Test Wine", self.url_open("/shop/cart").text)

    def _add_to_cart(self):
        answer = self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )
        self.assertTrue(answer["cart_quantity"])

    def test_the_cart_of_a_customer(self):
        """The price list set on the customer; the types come with the customer's row."""
        self._sign_in()
        for visit in (self._add_to_cart, self._visit_cart):
            statements = self._count(visit)
            self.assertEqual(len(statements), 1, "\n".join(statements))

    def test_the_cart_of_a_guest(self):
        for visit in (self._add_to_cart, self._visit_cart):
            self.assertFalse(self._count(visit))
