import re

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.website_sale.tests.common import MockRequest

from .common import PricingCommon

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestPriceComparison(PricingCommon, HttpCase):
    """Retail is 876.50, wholesale 613.55: wholesalers are told what they save."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.price_comparison = "show"
        cls.website.show_line_subtotals_tax_selection = "tax_excluded"
        cls.website.shop_default_sort = "name asc"
        cls.template = cls.product.product_tmpl_id
        cls.dollar = cls.env.company.currency_id
        cls.dollar.write({"symbol": "$", "position": "before"})

    def setUp(self):
        super().setUp()
        self.authenticate("ct_chef", "ct_chef")

    def _get_combination(self, quantity=1.0, product=None):
        product = product or self.product
        return self.make_jsonrpc_request(
            "/website_sale/get_combination_info",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "combination": product.product_template_attribute_value_ids.ids,
                "add_qty": quantity,
            },
        )

    def _assert_saves(self, public_price, price, label=None, **kwargs):
        info = self._get_combination(**kwargs)
        self.assertAlmostEqual(info["price"], price, 2)
        self.assertAlmostEqual(info["list_price"], public_price, 2)
        self.assertTrue(info["has_discounted_price"])
        self.assertAlmostEqual(info["public_saving"], public_price - price, 2)
        if label:
            self.assertEqual(info["public_saving_label"], label)

    def _assert_saves_nothing(self, **kwargs):
        info = self._get_combination(**kwargs)
        self.assertNotIn("public_saving_label", info)
        self.assertFalse(info["has_discounted_price"])

    def _get_text(self, path):
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        text = response.text.replace("&nbsp;", NBSP).replace("\ufeff", "")
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text.replace(NBSP, " ")))

    def _set_price(self, pricelist, price):
        pricelist.item_ids.fixed_price = price

    # -- What is told ------------------------------------------------------

    def test_product_page_says_what_a_wholesaler_saves(self):
        self._assert_saves(876.5, 613.55, f"You save ${NBSP}262.95 (30{NBSP}%)")
        text = self._get_text(self.template.website_url)
        self.assertIn("You save $ 262.95 (30 %)", text)
        self.assertIn("876.50", text)

    def test_list_says_it_on_the_card(self):
        text = self._get_text("/shop?search=Test+Wine")
        self.assertIn("876.50 You save $ 262.95 (30 %)", text)

    def test_cart_strikes_the_public_price_and_sums_up(self):
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.template.id,
                "product_id": self.product.id,
                "quantity": 3,
            },
        )
        text = self._get_text("/shop/cart")
        self.assertIn("2,629.50", text)  # three times the public price
        self.assertIn("You save $ 788.85", text)

    def test_only_types_that_ask_for_it_tell(self):
        self.wholesale.price_comparison = "hide"
        self._assert_saves_nothing()
        self.wholesale.price_comparison = False
        self._assert_saves_nothing()

    def test_guests_and_those_who_pay_the_public_price_are_told_nothing(self):
        self.authenticate(None, None)
        self.website.guest_customer_type_id = self.reserve
        self.reserve.price_comparison = "show"
        self._assert_saves_nothing()
        self.person._assign_customer_types(self.reserve)
        self.authenticate("ct_shopper", "ct_shopper")
        self._assert_saves_nothing()

    def test_the_public_price_is_that_of_guests_whatever_their_type_says(self):
        guest_list = self._create_pricelist("Test Guests", 700.0)
        self.reserve.pricelist_id = guest_list
        self.website.guest_customer_type_id = self.reserve
        self._assert_saves(700.0, 613.55)
        self._set_price(guest_list, 800.0)
        self._assert_saves(800.0, 613.55)
        self.reserve.pricelist_id = False
        self._assert_saves(876.5, 613.55)

    # -- How it is counted -------------------------------------------------

    def test_quantity_counts_on_both_sides(self):
        for pricelist, price in ((self.wholesale_list, 500.0), (self.retail_list, 850.0)):
            pricelist.item_ids = [
                Command.create(
                    {
                        "applied_on": "0_product_variant",
                        "product_id": self.product.id,
                        "min_quantity": 10,
                        "compute_price": "fixed",
                        "fixed_price": price,
                    }
                )
            ]
        self._assert_saves(876.5, 613.55, quantity=9)
        self._assert_saves(850.0, 500.0, quantity=10)

    def test_variants_have_their_own_saving(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Test Size",
                "value_ids": [
                    Command.create({"name": "bottle"}),
                    Command.create({"name": "magnum", "default_extra_price": 50.0}),
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Test Magnum",
                "list_price": 100.0,
                "taxes_id": False,
                "is_published": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        self.wholesale_list.item_ids = [
            Command.create(
                {
                    "applied_on": "3_global",
                    "base": "list_price",
                    "compute_price": "percentage",
                    "percent_price": 20.0,
                }
            )
        ]
        bottle, magnum = template.product_variant_ids
        self._assert_saves(100.0, 80.0, f"You save ${NBSP}20.00 (20{NBSP}%)", product=bottle)
        self._assert_saves(150.0, 120.0, f"You save ${NBSP}30.00 (20{NBSP}%)", product=magnum)

    def test_taxes_count_as_the_shop_shows_them(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "Test 10 %", "amount": 10.0, "price_include_override": "tax_excluded"}
        )
        self._assert_saves(876.5, 613.55)
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self._assert_saves(964.15, 674.91, f"You save ${NBSP}289.24 (30{NBSP}%)")
        self.test_cart_total_with_taxes(289.24)

    def test_cart_total_with_taxes(self, saving=262.95):
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {"product_template_id": self.template.id, "product_id": self.product.id},
        )
        self.assertIn(f"You save $ {saving}", self._get_text("/shop/cart"))

    def test_prices_that_include_their_tax_count_as_the_shop_shows_them(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "Test 10 % incl.", "amount": 10.0, "price_include_override": "tax_included"}
        )
        self._assert_saves(796.82, 557.77)
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self._assert_saves(876.5, 613.55)

    def test_public_price_is_told_in_the_currency_of_the_customer(self):
        other = self.env["res.currency"].create(
            {
                "name": "TTT",
                "symbol": "T",
                "rate_ids": [
                    Command.create(
                        {
                            "name": fields.Date.today(),
                            "company_rate": 2.0,
                            "company_id": self.env.company.id,
                        }
                    )
                ],
            }
        )
        self.wholesale_list.currency_id = other
        self._assert_saves(1753.0, 613.55)
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {"product_template_id": self.template.id, "product_id": self.product.id},
        )
        self.assertIn("1,139.45", self._get_text("/shop/cart"))

    def test_rounding_is_no_saving(self):
        decimals = self.env["decimal.precision"].search([("name", "=", "Product Price")])
        decimals.digits = 4
        self._set_price(self.retail_list, 3.3349)
        self._set_price(self.wholesale_list, 3.3301)
        self._assert_saves_nothing()
        self._set_price(self.wholesale_list, 3.3249)
        self._assert_saves(3.33, 3.32, f"You save ${NBSP}0.01")

    def test_dearer_than_the_public_price_is_not_told(self):
        self._set_price(self.retail_list, 600.0)
        self._assert_saves_nothing()
        self.assertNotIn("You save", self._get_text("/shop?search=Test+Wine"))

    def test_free_products_are_not_compared_where_they_are_not_sold(self):
        self.website.prevent_zero_price_sale = True
        self._set_price(self.wholesale_list, 0.0)
        self.assertNotIn("public_price", self._get_combination())
        self.assertNotIn("You save", self._get_text("/shop?search=Test+Wine"))

    def test_one_price_is_struck_through_not_two(self):
        """Odoo strikes the price before the discount of the customer's own list."""
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("website_sale.group_product_price_comparison")
        )
        self.template.compare_list_price = 1555.0
        self.wholesale_list.item_ids = [
            Command.clear(),
            Command.create(
                {
                    "applied_on": "3_global",
                    "base": "list_price",
                    "compute_price": "percentage",
                    "percent_price": 40.0,
                }
            ),
        ]
        self._assert_saves(876.5, 599.4)
        self.assertFalse(self._get_combination()["compare_list_price"])
        self.assertEqual(self.url_open("/shop?search=Test+Wine").text.count("<del"), 1)
        text = self._get_text("/shop?search=Test+Wine")
        self.assertIn("876.50", text)
        self.assertNotIn("999.00", text)
        self.assertNotIn("1,555.00", text)

    def test_the_struck_public_price_is_no_sale(self):
        self.env["product.ribbon"].search([("assign", "=", "sale")]).assign = "manual"
        self.env["product.ribbon"].create({"name": "Test Bargain", "assign": "sale"})
        self.assertNotIn("Test Bargain", self.url_open("/shop?search=Test+Wine").text)
        self.assertNotIn("Test Bargain", self.url_open(self.template.website_url).text)

    # -- What it costs -----------------------------------------------------

    def _count_queries(self, function, compared):
        self.wholesale.price_comparison = "show" if compared else False
        counts = []
        for _warm in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            env = self.env(user=self.chef_user)
            website = self.website.with_env(env)
            with MockRequest(env, website=website):
                before = self.env.cr.sql_log_count
                function(env, website)
                counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def _assert_costs_two_queries_at_most(self, function):
        more = self._count_queries(function, True) - self._count_queries(function, False)
        self.assertLessEqual(more, 2)

    def test_comparing_costs_two_queries_whatever_the_number_of_products(self):
        templates = self.template + self.env["product.template"].create(
            [
                {"name": f"Test {n}", "list_price": n, "taxes_id": False, "is_published": True}
                for n in range(1, 20)
            ]
        )

        def show_list(env, website):
            templates.with_env(env)._get_sales_prices(website)

        def show_product(env, website):
            self.template.with_env(env)._get_combination_info()

        self._assert_costs_two_queries_at_most(show_list)
        self._assert_costs_two_queries_at_most(show_product)

    def test_comparing_suggestions_costs_two_queries_whatever_their_number(self):
        self.env["product.template"].create(
            [
                {"name": f"Test Wine {n}", "list_price": n, "taxes_id": False, "is_published": True}
                for n in range(1, 10)
            ]
        )
        options = {
            "displayDetail": True,
            "displayDescription": False,
            "displayExtraLink": False,
            "displayImage": False,
            "display_currency": self.dollar,
        }

        def suggest(env, website):
            order = "name asc"
            _count, details, _term = website._search_with_fuzzy(
                "products_only", "Test Wine", 10, order, options
            )
            [found] = website._search_render_results(details, 10)
            self.assertEqual(len(found["results_data"]), 10)

        self._assert_costs_two_queries_at_most(suggest)

    def test_comparing_a_cart_costs_the_same_whatever_its_number_of_lines(self):
        products = self.product + self.env["product.product"].create(
            [
                {"name": f"Test {n}", "list_price": n, "taxes_id": False, "is_published": True}
                for n in range(1, 10)
            ]
        )
        carts = [
            self._create_cart(
                self.restaurant,
                order_line=[
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for quantity, product in enumerate(products[:size], 1)
                ],
            )
            for size in (2, 10)
        ]

        def count(cart):
            return self._count_queries(
                lambda env, website: cart.with_env(env).sudo()._get_public_price_totals(), True
            )

        self.assertEqual(count(carts[0]), count(carts[1]))

    def test_finding_out_whether_to_show_prices_costs_nothing_twice(self):
        for user in (self.chef_user, self.website.user_id):
            website = self.website.with_user(user)
            with MockRequest(website.env, website=website):
                website._hides_prices()
                website._compares_prices()
                with self.assertQueryCount(0):
                    website._hides_prices()
                    website._compares_prices()
