import sys
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged

from .order_size_common import OrderSizeShopCommon

ADDON = "odoo.addons.customer_type"
# The catalogue counts its own.
COUNTED = (
    f"{ADDON}.controllers",
    *(f"{ADDON}.models.{part}" for part in ("segment", "policy", "pricing", "checkout")),
)
# Whole rows of the customer and of the lines of the cart: whoever comes first reads them for Odoo.
READ_BY_ODOO = ('"res_partner"."complete_name"', 'FROM "sale_order_line"')


@tagged("post_install", "-at_install")
class TestCheckoutQueries(OrderSizeShopCommon, HttpCase):
    """What the cart asks the database because of customer types, once caches are warm."""

    @contextmanager
    def _queries_of_types(self):
        """:return: a list that fills with the statements for which code of this addon asks, and
        not code of Odoo that it calls
        """
        statements = []
        execute = Cursor.execute

        def execute_and_look(cursor, query, *args, **kwargs):
            frame = sys._getframe(1)
            while frame:
                module = frame.f_globals.get("__name__", "")
                if module.startswith("odoo.addons."):
                    if module.startswith(COUNTED) and not any(
                        words in str(query) for words in READ_BY_ODOO
                    ):
                        place = f"{module}:{frame.f_lineno} {frame.f_code.co_name}"
                        statements.append(f"{place}: {str(query)[:300]}")
                    break
                frame = frame.f_back
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", execute_and_look):
            yield statements

    def _count(self, visit):
        visit()
        with self._queries_of_types() as statements:
            visit()
        return statements

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
        """The types of the customer, and the price list set on the customer."""
        self._sign_in()
        for visit in (self._add_to_cart, self._visit_cart):
            statements = self._count(visit)
            self.assertEqual(len(statements), 2, "\n".join(statements))

    def test_the_cart_of_a_guest(self):
        for visit in (self._add_to_cart, self._visit_cart):
            self.assertFalse(self._count(visit))
