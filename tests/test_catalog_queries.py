from odoo.tests import HttpCase, tagged

from .order_size_common import OrderSizeShopCommon
from .query_common import QueryCommon


@tagged("post_install", "-at_install")
class TestCatalogQueries(QueryCommon, OrderSizeShopCommon, HttpCase):
    """What the cart asks the database because of the catalogue, once caches are warm."""

    counted = (
        "odoo.addons.customer_type.controllers.catalog",
        "odoo.addons.customer_type.models.catalog",
    )
    # Whole rows of the lines of the cart, and of what is put into it: Odoo reads them anyway.
    read_by_odoo = (
        'FROM "sale_order_line"',
        '"product_product"."default_code"',
        '"res_users"."signature"',
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("product.template", "product.public.category", "product.tag"):
            cls.env[model].search([]).write(
                {
                    "reserved_type_ids": False,
                    "priced_type_ids": False,
                    "sold_type_ids": False,
                    "public_from": False,
                }
            )
        cls.env["product.product"].search([]).variant_reserved_type_ids = False
        cls.env["customer.type"].search([]).catalog_mode = "public"

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

    def test_nothing_reserved_costs_nothing(self):
        for sign_in in (lambda: None, self._sign_in):
            sign_in()
            for visit in (self._add_to_cart, self._visit_cart):
                statements = self._count(visit)
                self.assertFalse(statements, "\n".join(statements))
