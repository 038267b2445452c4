import contextlib
import json
import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .checkout_common import EXPRESS_ADDRESS
from .common import PricingCommon

PRICE, SIZE_EXTRA, ENGRAVING_EXTRA, COMBO_EXTRA = 1234.56, 77.77, 66.66, 55.55
COMBO_PRICE, COMPARED_PRICE = 4321.98, 1777.77


def _pattern(*amounts):
    """:return: a pattern for these amounts however they are written, with or without 10 % tax"""
    patterns = []
    for amount in {round(amount * tax, 2) for amount in amounts for tax in (1, 1.1)}:
        whole, cents = f"{amount:.2f}".split(".")
        # Between thousands may stand a comma, a space, or the HTML entity of one.
        patterns.append(r"(?:[^\d<>]{1,7})?".join(re.split(r"(?<=\d)(?=\d{3}$)", whole)))
        patterns[-1] += rf"[.,]{cents.removesuffix('0')}"
    return re.compile(rf"(?<![\d.])(?:{'|'.join(patterns)})")


# Every amount of the catalogue below.
SECRETS = _pattern(
    PRICE,
    PRICE + SIZE_EXTRA,
    PRICE + ENGRAVING_EXTRA,
    PRICE / 0.75,
    SIZE_EXTRA,
    ENGRAVING_EXTRA,
    COMBO_EXTRA,
    COMBO_PRICE,
    COMPARED_PRICE,
)


class PriceVisibilityCommon(PricingCommon):
    """A catalogue in which every amount is a number that stands nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden_type = cls.env["customer.type"].create(
            {"name": "Test Stranger", "sequence": 90, "price_visibility": "hidden"}
        )
        cls.wholesale.write({"price_visibility": "visible", "pricelist_id": False})
        cls.website.write(
            {
                "guest_customer_type_id": cls.hidden_type.id,
                "google_analytics_key": "UA-TEST",
                "enabled_gmc_src": True,
                "shop_default_sort": "website_sequence asc",
                "shop_ppg": 2,
            }
        )
        internal = cls.env.ref("base.group_user")
        for feature in (
            "website_sale.group_product_price_comparison",
            "website_sale.group_show_uom_price",
            "website_sale.group_product_feed",
        ):
            internal._apply_group(cls.env.ref(feature))
        cls.env["website"].with_context(website_id=cls.website.id).viewref(
            "website_sale.filter_products_price"
        ).active = True
        cls.applicant = cls.env["res.partner"].create({"name": "Test Applicant"})
        cls.applicant._assign_customer_types(cls.hidden_type)
        cls.applicant_user = new_test_user(
            cls.env, "ct_applicant", groups="base.group_portal", partner_id=cls.applicant.id
        )
        cls._create_catalogue()

    @classmethod
    def _create_catalogue(cls):
        cls.tax = cls.env["account.tax"].create(
            {"name": "Test 10 %", "amount": 10.0, "price_include_override": "tax_excluded"}
        )
        cls.category = cls.env["product.public.category"].create({"name": "Test Cellar"})
        cls.product.product_tmpl_id.write(
            {
                "name": "Secretwine",
                "list_price": PRICE,
                "compare_list_price": COMPARED_PRICE,
                "taxes_id": [Command.set(cls.tax.ids)],
                "public_categ_ids": [Command.set(cls.category.ids)],
                "base_unit_count": 0.75,
                "is_published": True,
            }
        )
        cls.retail_list.item_ids.unlink()
        cls.wholesale_list.item_ids.unlink()
        cls.sized = cls._create_configurable("Secretsized", "always", SIZE_EXTRA, "pills")
        cls.engraved = cls._create_configurable(
            "Secretengraved", "no_variant", ENGRAVING_EXTRA, "radio"
        )
        combo = cls.env["product.combo"].create(
            {
                "name": "Test Bottle",
                "combo_item_ids": [
                    Command.create({"product_id": cls.product.id, "extra_price": COMBO_EXTRA}),
                    Command.create({"product_id": cls.sized.product_variant_ids[:1].id}),
                ],
            }
        )
        cls.combo = cls.env["product.template"].create(
            {
                "name": "Secretcombo",
                "type": "combo",
                "list_price": COMBO_PRICE,
                "combo_ids": [Command.link(combo.id)],
                "is_published": True,
            }
        )
        cls.wine = cls.product.product_tmpl_id
        cls.wine.write(
            {
                "accessory_product_ids": [Command.set(cls.sized.product_variant_ids[:1].ids)],
                "alternative_product_ids": [Command.set(cls.engraved.ids)],
                "optional_product_ids": [Command.set(cls.sized.ids)],
            }
        )
        # Before whatever else the shop sells.
        (cls.wine + cls.sized + cls.engraved + cls.combo).website_sequence = -1000

    @classmethod
    def _create_configurable(cls, name, create_variant, extra, display_type):
        """:return: a product at the secret price, with a choice that costs a secret extra"""
        attribute = cls.env["product.attribute"].create(
            {
                "name": f"{name} choice",
                "create_variant": create_variant,
                "display_type": display_type,
                "value_ids": [
                    Command.create({"name": "plain"}),
                    Command.create({"name": "fancy", "default_extra_price": extra}),
                ],
            }
        )
        return cls.env["product.template"].create(
            {
                "name": name,
                "list_price": PRICE,
                "taxes_id": [Command.set(cls.tax.ids)],
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


@tagged("post_install", "-at_install")
class TestPriceVisibilityDoors(PriceVisibilityCommon, HttpCase):
    """No price leaves the server for those who may not see prices, whichever door they try."""

    def _get(self, path):
        """:return: what a page shows; failing on pages that break"""
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200, path)
        return response.text

    def _post(self, route, **params):
        return json.dumps(self.make_jsonrpc_request(route, params))

    def _snippet(self, xmlid, **params):
        return self._post(
            "/website/snippet/filters",
            filter_id=xmlid and self.env.ref(f"website_sale.{xmlid}").id,
            template_key="website_sale.dynamic_filter_template_product_product_products_item",
            **{"limit": 16, "search_domain": [], "with_sample": False, **params},
        )

    def _get_doors(self):
        """:return: what opens each door to prices of the catalogue, by name of the door"""
        wine, sized, engraved, combo = self.wine, self.sized, self.engraved, self.combo
        slug = self.env["ir.http"]._slug
        fancy = sized.attribute_line_ids.product_template_value_ids[1]
        engraving = engraved.attribute_line_ids.product_template_value_ids[1]
        configurator = {
            "product_template_id": wine.id,
            "ptav_ids": [],
            "currency_id": self.env.company.currency_id.id,
            "so_date": "2026-01-01",
            "quantity": 1,
        }
        combo_configurator = {
            "product_tmpl_id": combo.id,
            "currency_id": self.env.company.currency_id.id,
            "date": "2026-01-01",
            "quantity": 1,
        }
        return self._get_optional_doors() | {
            "list": lambda: self._get("/shop"),
            "second page": lambda: self._get("/shop/page/2"),
            "category": lambda: self._get(f"/shop/category/{slug(self.category)}"),
            "search": lambda: self._get("/shop?search=Secretwine"),
            "sorted list": lambda: self._get("/shop?order=list_price+desc"),
            "price range": lambda: self._get("/shop?min_price=1200&max_price=5000"),
            "product": lambda: self._get(wine.website_url),
            "product in category": lambda: self._get(f"/shop/{slug(self.category)}/{slug(wine)}"),
            "variants": lambda: self._get(sized.website_url),
            "no variants": lambda: self._get(engraved.website_url),
            "combo": lambda: self._get(combo.website_url),
            "site search": lambda: self._get("/website/search?search=Secretwine"),
            "suggestions": lambda: self._post(
                "/website/snippet/autocomplete",
                search_type="products",
                term="Secret",
                order="list_price asc",
                options={
                    "displayDetail": True,
                    "displayDescription": True,
                    "displayExtraLink": True,
                    "displayImage": False,
                },
            ),
            "combination": lambda: self._post(
                "/website_sale/get_combination_info",
                product_template_id=sized.id,
                product_id=False,
                combination=fancy.ids,
                add_qty=1,
            ),
            "combination without variants": lambda: self._post(
                "/website_sale/get_combination_info",
                product_template_id=engraved.id,
                product_id=engraved.product_variant_id.id,
                combination=engraving.ids,
                add_qty=3,
            ),
            "newest products": lambda: self._snippet("dynamic_filter_newest_products"),
            "newest templates": lambda: self._snippet(
                "dynamic_filter_newest_products", search_domain=["hide_variants"]
            ),
            "latest sold": lambda: self._snippet("dynamic_filter_latest_sold_products"),
            "accessories": lambda: self._snippet(
                "dynamic_filter_cross_selling_accessories", productTemplateId=wine.id
            ),
            "alternatives": lambda: self._snippet(
                "dynamic_filter_cross_selling_alternative_products", productTemplateId=wine.id
            ),
            "one product": lambda: self._snippet(
                False, limit=1, res_model="product.product", res_id=self.product.id
            ),
            "configurator": lambda: self._post(
                "/website_sale/product_configurator/get_values", **configurator
            ),
            "configurator of options": lambda: self._post(
                "/website_sale/product_configurator/get_optional_products",
                **configurator,
                parent_ptav_ids=[],
            ),
            "configurator, changed": lambda: self._post(
                "/website_sale/product_configurator/update_combination",
                **{**configurator, "product_template_id": sized.id, "ptav_ids": fancy.ids},
            ),
            "combo configurator": lambda: self._post(
                "/website_sale/combo_configurator/get_data", **combo_configurator
            ),
            "combo price": lambda: self._post(
                "/website_sale/combo_configurator/get_price", **combo_configurator
            ),
        }

    def _get_optional_doors(self):
        """:return: the doors of modules that may or may not be there"""
        doors = {}
        if "product.wishlist" in self.env:
            doors["wish"] = lambda: self._post("/shop/wishlist/add", product_id=self.product.id)
            doors["wishlist"] = lambda: self._get("/shop/wishlist")
        if self.env["ir.module.module"]._get("website_sale_comparison").state == "installed":
            product_ids = (self.product + self.sized.product_variant_ids).ids
            path = "/shop/compare?products=" + ",".join(map(str, product_ids))
            doors["comparison page"] = lambda: self._get(path)
            doors["comparison"] = lambda: self._post(
                "/shop/compare/get_product_data", product_ids=product_ids
            )
        return doors

    def setUp(self):
        super().setUp()
        self.orders_before = self.env["sale.order"].search([])
        sold = self._create_order(self.person, website_id=self.website.id)
        sold.action_confirm()

    def _show_prices_to_guests(self, shown=True):
        self.website.guest_customer_type_id = self.wholesale if shown else self.hidden_type

    def test_wholesaler_sees_prices_at_every_door(self):
        """Else the next tests would prove nothing."""
        self.authenticate("ct_chef", "ct_chef")
        for name, door in self._get_doors().items():
            with self.subTest(name):
                said = door()
                if name != "wish":  # which says nothing, and fills the wishlist
                    self.assertRegex(said, SECRETS)

    def test_guest_sees_no_price_at_any_door(self):
        self.authenticate(None, None)
        for name, door in self._get_doors().items():
            with self.subTest(name):
                self.assertNotRegex(door(), SECRETS)

    def test_signed_in_stranger_sees_no_price_at_any_door(self):
        self.authenticate("ct_applicant", "ct_applicant")
        for name, door in self._get_doors().items():
            with self.subTest(name):
                self.assertNotRegex(door(), SECRETS)

    def test_staff_sees_prices_whatever_the_type(self):
        self.salesman.partner_id._assign_customer_types(self.hidden_type)
        self.authenticate("ct_salesman", "ct_salesman")
        self.assertRegex(self._get(self.wine.website_url), SECRETS)

    def test_guests_are_asked_to_sign_in_and_customers_to_get_in_touch(self):
        self.authenticate(None, None)
        for page in ("/shop", self.wine.website_url):
            self.assertIn("Sign in to see prices", self._get(page))
        self.assertIn(
            f"/web/login?redirect={self.wine.website_url}", self._get(self.wine.website_url)
        )
        self.authenticate("ct_applicant", "ct_applicant")
        for page in ("/shop", self.wine.website_url):
            text = self._get(page)
            self.assertIn("Price on request", text)
            self.assertNotIn("Sign in to see prices", text)

    # -- Guessing ----------------------------------------------------------

    def _get_products_shown(self, path):
        """:return: names of the products on a page of the shop, in the order of the page"""
        return re.findall(r'role="article"[^>]* aria-label="(Secret\w+)"', self._get(path))

    def test_prices_cannot_be_guessed_from_filters(self):
        self.website.shop_ppg = 20
        guess = "/shop?search=Secret&min_price=2000&max_price=9999"
        self.authenticate("ct_chef", "ct_chef")
        self.assertEqual(self._get_products_shown(guess), ["Secretcombo"])
        self.authenticate(None, None)
        self.assertCountEqual(
            self._get_products_shown(guess),
            ["Secretwine", "Secretsized", "Secretengraved", "Secretcombo"],
        )

    def test_prices_cannot_be_guessed_from_filters_of_suggestions(self):
        def guess():
            return self._post(
                "/website/snippet/autocomplete",
                search_type="products",
                term="Secret",
                options={
                    "displayDetail": True,
                    "displayDescription": False,
                    "displayImage": False,
                    "displayExtraLink": False,
                    "min_price": 2000,
                },
            )

        self.authenticate("ct_chef", "ct_chef")
        self.assertNotIn(self.wine.website_url, guess())
        self.authenticate(None, None)
        self.assertIn(self.wine.website_url, guess())

    def test_prices_cannot_be_guessed_from_sorting(self):
        self.wine.list_price = 1.0
        self.website.write({"shop_default_sort": "list_price asc", "shop_ppg": 20})
        shop = "/shop?search=Secret"
        cheapest, dearest = f"{shop}&order=list_price+asc", f"{shop}&order=list_price+desc"
        self.authenticate("ct_chef", "ct_chef")
        self.assertEqual(self._get_products_shown(cheapest)[0], "Secretwine")
        self.assertEqual(self._get_products_shown(dearest)[-1], "Secretwine")
        self.authenticate(None, None)
        shown = self._get_products_shown(cheapest)
        self.assertEqual(len(shown), 4)
        self.assertEqual(shown, self._get_products_shown(dearest))
        self.assertEqual(shown, self._get_products_shown(shop))
        self.assertNotIn("Low to High", self._get(shop))

    def test_prices_cannot_be_guessed_from_snippets(self):
        for fname, operator in (
            ("list_price", "<"),
            ("product_tmpl_id.list_price", ">"),
            ("product_tmpl_id.pricelist_rule_ids.fixed_price", "<"),
        ):
            for snippet in (
                "dynamic_filter_newest_products",
                "dynamic_filter_latest_sold_products",
            ):
                with self.subTest(fname=fname, snippet=snippet):
                    self.authenticate(None, None)
                    shown = {
                        self._snippet(snippet, search_domain=[(fname, operator, bound)])
                        for bound in (0, 1000, 99999)
                    }
                    self.assertEqual(len(shown), 1)

    def test_snippets_still_follow_other_filters(self):
        self.authenticate(None, None)
        for snippet in ("dynamic_filter_newest_products", "dynamic_filter_latest_sold_products"):
            for search_domain in ([], ["hide_variants"]):
                wanted = [*search_domain, ("name", "ilike", "Secretwine")]
                self.assertIn("Secretwine", self._snippet(snippet, search_domain=wanted))
                other = [*search_domain, ("name", "ilike", "Secretcombo")]
                self.assertNotIn("Secretwine", self._snippet(snippet, search_domain=other))

    # -- Ordering ----------------------------------------------------------

    def _add_to_cart(self):
        return self._post(
            "/shop/cart/add",
            product_template_id=self.wine.id,
            product_id=self.product.id,
            quantity=3,
        )

    def _get_carts(self):
        orders = self.env["sale.order"].search([("state", "=", "draft")]) - self.orders_before
        return orders.filtered("website_id")

    def test_nothing_can_be_ordered_without_prices(self):
        for login in (None, "ct_applicant"):
            self.authenticate(login, login)
            self.assertFalse(
                json.loads(
                    self._post("/shop/product/is_add_to_cart_allowed", product_id=self.product.id)
                )
            )
            with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "UserError"):
                self._add_to_cart()
            self.assertNotIn("Add to Cart", self._get("/shop"))
        self.assertFalse(self._get_carts())

    def _walk_cart_doors(self, order):
        """:return: everything the shop says of a cart"""
        doors = [
            self._get(path)
            for path in (
                "/shop/cart",
                "/shop/checkout",
                "/shop/address",
                "/shop/payment",
                "/shop/extra_info",
                "/shop/confirmation",
                "/shop/payment/validate",
            )
        ]
        doors.append(self._post("/shop/cart/update", line_id=order.order_line[0].id, quantity=2))
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._post("/shop/express/shipping_address_change/compute_taxes")
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "UserError"):
            self._post("/shop/express_checkout", billing_address=EXPRESS_ADDRESS)
        return "\n".join(doors)

    def test_cart_from_before_shows_no_price_and_is_kept(self):
        self.authenticate(None, None)
        self._show_prices_to_guests()
        self._add_to_cart()
        order = self._get_carts()
        self.assertRegex(self._get("/shop/cart"), _pattern(3 * PRICE))
        self._get("/shop/checkout")  # the session remembers it as the last order now

        self._show_prices_to_guests(False)
        said = self._walk_cart_doors(order)
        self.assertNotRegex(said, _pattern(PRICE, 2 * PRICE, 3 * PRICE))
        self.assertIn("What you had put into your cart is kept for you", said)
        self.assertEqual(order.order_line.product_uom_qty, 3)
        pdf = self.url_open("/shop/print", allow_redirects=False)
        self.assertEqual(pdf.status_code, 303)
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self._post(
                f"/shop/payment/transaction/{order.id}", access_token=order._portal_ensure_token()
            )

        self._show_prices_to_guests()
        self.assertRegex(self._get("/shop/cart"), _pattern(3 * PRICE))
        self.assertEqual(self._get_carts(), order)

    def test_cart_of_a_customer_who_lost_prices_is_not_in_the_portal_either(self):
        cart = self._create_cart(self.applicant)
        quotation = self._create_order(self.applicant, state="sent")
        self.authenticate("ct_applicant", "ct_applicant")
        for path in (
            cart.access_url,
            cart.get_portal_url(),
            cart.get_portal_url(report_type="pdf"),
        ):
            self.assertNotRegex(self._get(path), SECRETS)
        self.assertRegex(self._get(quotation.access_url), SECRETS)

    def test_cart_without_visible_prices_stops_at_the_order_gate(self):
        cart = self._create_cart(self.applicant)
        for stage in ("cart", "checkout", "payment"):
            [issue] = cart._get_policy_issues(stage)
            self.assertEqual((issue.code, issue.level), ("price_hidden", "block"))
        self.assertFalse(cart._get_policy_issues("confirm"))
        self.assertFalse(self._create_cart(self.restaurant)._get_policy_issues("cart"))
        self.assertFalse(self._create_order(self.applicant)._get_policy_issues("payment"))

    def test_no_mail_calls_back_to_a_cart_that_is_not_shown(self):
        carts = self._create_cart(self.applicant) + self._create_cart(self.restaurant)
        carts.partner_id.email = "someone@test.example"
        self.assertEqual(carts._filter_can_send_abandoned_cart_mail(), carts[1])

    def test_reorder_offers_nothing_without_prices(self):
        order = self._create_order(self.applicant, website_id=self.website.id)
        order.action_confirm()
        self.authenticate("ct_applicant", "ct_applicant")
        self.assertNotIn("Secretwine", self._get("/shop/cart"))
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self._post("/my/orders/reorder", order_id=order.id)
        self.assertFalse(self._get_carts())

    def test_prices_on_orders_stay_true_while_they_are_hidden(self):
        order = self._create_cart(self.applicant)
        order._recompute_prices()
        self.assertEqual(order.order_line.price_unit, PRICE)

    # -- The feed ----------------------------------------------------------

    def test_feed_says_what_guests_may_know_whoever_asks(self):
        feed = self.env["product.feed"].create({"name": "Test", "website_id": self.website.id})
        path = f"/gmc.xml?feed_id={feed.id}&access_token={feed.access_token}"
        self.authenticate("ct_salesman", "ct_salesman")
        self.assertNotRegex(self._get(path), SECRETS)
        self._show_prices_to_guests()
        self.authenticate("ct_applicant", "ct_applicant")
        self.assertRegex(self._get(path), SECRETS)
        self.assertTrue(feed.feed_cache)
        self._show_prices_to_guests(False)
        self.assertNotRegex(self._get(path), SECRETS)


@tagged("post_install", "-at_install")
class TestPriceVisibilityRpc(PriceVisibilityCommon, HttpCase):
    """What a page does not show, nobody reads past the pages."""

    GUARDED = {
        "product.template": "list_price",
        "product.product": "list_price",
        "product.template.attribute.value": "price_extra",
        "product.attribute.value": "default_extra_price",
        "product.combo": "base_price",
        "product.combo.item": "extra_price",
        "product.pricelist.item": "fixed_price",
    }

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _assert_refused(self, model, method, *args, **kwargs):
        with (
            self.subTest(model=model, method=method, args=args),
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "AccessError"),
        ):
            self._call(model, method, *args, **kwargs)

    def test_customers_with_prices_read_them(self):
        """Else the next tests would prove nothing."""
        self.authenticate("ct_chef", "ct_chef")
        for model, fname in self.GUARDED.items():
            if self.env[model].with_user(self.chef_user).has_access("read"):
                self._call(model, "search_read", [(fname, ">", 0)], [fname], order="id")
        for model in self.GUARDED.keys() - {"product.pricelist.item"}:
            if self.env[model].with_user(self.chef_user).has_access("read"):
                self.assertRegex(self._read_all(model, self.chef_user), SECRETS)

    def test_no_price_is_read_searched_sorted_or_grouped(self):
        self.authenticate("ct_applicant", "ct_applicant")
        for model, fname in self.GUARDED.items():
            self._assert_refused(model, "search_read", [], [fname])
            self._assert_refused(model, "search_count", [(fname, "<", 10)])
        for model in ("product.template", "product.product"):
            self._assert_refused(model, "name_search", "", [("list_price", ">", 10)])
            self._assert_refused(model, "formatted_read_group", [], [], ["list_price:max"])
            self._assert_refused(model, "web_read_group", [], ["list_price"])
            self._assert_refused(model, "search", [], order="list_price asc")
        self._assert_refused("product.product", "read", self.product.ids, ["lst_price"])
        self._assert_refused("product.product", "get_contextual_price", self.product.ids)
        self._assert_refused("product.template", "get_contextual_price", self.wine.ids)
        self._assert_refused("product.product", "search", [("product_tmpl_id.list_price", "<", 10)])
        self._assert_refused(
            "product.template", "search_count", [("product_variant_ids.lst_price", "<", 10)]
        )
        self._assert_refused(
            "product.product", "search", [], context={"website_id": 0}, order="list_price desc"
        )

    def test_nothing_readable_tells_a_price(self):
        self.retail_list.item_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "fixed_price": PRICE,
                    "applied_on": "0_product_variant",
                    "compute_price": "fixed",
                }
            )
        ]
        for model in self.GUARDED:
            if self.env[model].with_user(self.applicant_user).has_access("read"):
                with self.subTest(model):
                    self.assertNotRegex(self._read_all(model, self.applicant_user), SECRETS)

    def _read_all(self, model, user):
        """:return: every field of every record that a user may read, as text"""
        records = self.env[model].with_user(user).search([])
        read = []
        for fname in records.fields_get():
            with contextlib.suppress(AccessError), mute_logger("odoo.models", "odoo.addons.base"):
                read.append(records.read([fname]))
        self.assertGreater(len(read), 5)
        return str(read)

    def test_products_stay_readable_without_their_prices(self):
        self.authenticate("ct_applicant", "ct_applicant")
        [product] = self._call("product.template", "read", self.wine.ids, ["name"])
        self.assertEqual(product["name"], "Secretwine")
        self.assertNotIn("list_price", self._call("product.product", "fields_get"))

    def test_carts_are_not_read_but_quotations_are(self):
        cart = self._create_cart(self.applicant)
        quotation = self._create_order(self.applicant, state="sent")
        self.authenticate("ct_applicant", "ct_applicant")
        read = self._call("sale.order", "search_read", [], ["amount_untaxed"])
        self.assertEqual([order["id"] for order in read], quotation.ids)
        read = self._call("sale.order.line", "search_read", [], ["price_unit"])
        self.assertEqual([line["id"] for line in read], quotation.order_line.ids)
        self._assert_refused("sale.order", "read", cart.ids, ["amount_untaxed"])

    def test_sales_desk_routes_say_no_price(self):
        self.authenticate("ct_applicant", "ct_applicant")
        currency = self.env.company.currency_id.id
        common = {"quantity": 1, "currency_id": currency, "pricelist_id": False}
        routes = {
            "product_configurator/get_values": {
                **common,
                "product_template_id": self.wine.id,
                "so_date": "2026-01-01",
            },
            "product_configurator/update_combination": {
                **common,
                "product_template_id": self.sized.id,
                "so_date": "2026-01-01",
                "ptav_ids": self.sized.attribute_line_ids.product_template_value_ids[1:].ids,
            },
            "combo_configurator/get_data": {
                **common,
                "product_tmpl_id": self.combo.id,
                "date": "2026-01-01",
            },
            "combo_configurator/get_price": {
                **common,
                "product_tmpl_id": self.combo.id,
                "date": "2026-01-01",
            },
        }
        for route, params in routes.items():
            with self.subTest(route), mute_logger("odoo.http"):
                try:
                    said = json.dumps(self.make_jsonrpc_request(f"/sale/{route}", params))
                except JsonRpcException as error:
                    said = str(error)
                    self.assertIn("AccessError", said)
                self.assertNotRegex(said, SECRETS)

    def test_reports_say_no_price(self):
        self.authenticate("ct_applicant", "ct_applicant")
        data = {"active_model": "product.template", "active_ids": self.wine.ids, "quantities": [1]}
        self._assert_refused("report.product.report_pricelist", "get_html", data)
        for path in (
            f"/report/html/product.report_pricelist?options={json.dumps(data)}",
            f"/product/export/pricelist/?export_format=csv&report_data={json.dumps(data)}",
            "/report/html/product.report_producttemplatelabel2x7?options="
            + json.dumps(
                {
                    "quantity_by_product": {str(self.wine.id): 1},
                    "active_model": "product.template",
                    "layout_wizard": 1,
                    "price_included": True,
                }
            ),
        ):
            with self.subTest(path), mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb"):
                self.assertNotRegex(self.url_open(path).text, SECRETS)
