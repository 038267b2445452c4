from odoo.tests import HttpCase, tagged

from .order_size_common import OrderSizeShopCommon
from .query_common import QueryCommon

# So many queries a page may take more where a fifth of the products is reserved. That of a product,
# and all that holders open, has reserved ones on it.
MORE = 2


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

    def _create_wines(self):
        self.category, self.rare = self.env["product.public.category"].create(
            [{"name": "Test Red"}, {"name": "Test Rare"}]
        )
        self.tag = self.env["product.tag"].create({"name": "Test Trade only"})
        self.wines = self.env["product.template"].create(
            [
                {
                    "name": f"Test Query {number}",
                    "website_published": True,
                    "public_categ_ids": (self.category if number % 20 else self.rare).ids,
                    "product_tag_ids": self.tag.ids if number % 20 == 1 else [],
                }
                for number in range(60)
            ]
        )

    def _reserve(self):
        """A fifth of the products: by themselves for one type or another, by category, by tag."""
        others = self.env["customer.type"].create([{"name": f"Test {n}"} for n in range(5)])
        for number, wine in enumerate(self.wines[2::20] + self.wines[3::20]):
            wine.reserved_type_ids = self.wholesale + others[number % 5]
        self.rare.reserved_type_ids = self.wholesale
        self.tag.reserved_type_ids = self.wholesale + others[0]
        self.env.flush_all()

    def _visit(self, path):
        def visit():
            self.assertEqual(self.url_open(path).status_code, 200)

        return visit

    def test_what_is_reserved_costs_few_queries(self):
        """For a guest who does not see it, and for a holder who does."""
        self._create_wines()
        pages = {
            "list": "/shop",
            "search": "/shop?search=test+query",
            "category": f"/shop/category/{self.category.id}",
            "product": self.wines[4].website_url,
        }
        reserved = {
            **pages,
            "category": f"/shop/category/{self.rare.id}",
            "product": self.wines[2].website_url,
        }
        askers = {"guest": (lambda: None, pages), "holder": (self._sign_in, reserved)}
        counts = {}
        for is_reserved in (False, True):
            if is_reserved:
                self._reserve()
            for who, (sign_in, paths) in askers.items():
                self.authenticate(None, None)
                sign_in()
                for what, path in paths.items():
                    counts[who, what, is_reserved] = self._count_all(self._visit(path))
        self.authenticate(None, None)
        self.assertEqual(self.url_open(reserved["product"]).status_code, 404)
        more = {
            (who, what): count - counts[who, what, False]
            for (who, what, is_reserved), count in counts.items()
            if is_reserved
        }
        for asked, count in more.items():
            with self.subTest(asked=asked):
                self.assertLessEqual(count, MORE, counts)

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
