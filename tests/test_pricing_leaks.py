import json
import re
from unittest.mock import patch
from urllib.parse import quote

from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PricingCommon

RETAIL, WHOLESALE = 876.5, 613.55


@tagged("post_install", "-at_install")
class TestPricingLeaks(PricingCommon, HttpCase):
    """Customers cannot see or use price lists that are reserved for others, whatever they send."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id
        cls.base_list = cls._create_pricelist("Test Base", 444.44)
        cls.reserve.pricelist_id = cls.base_list
        cls.combo_product = cls.env["product.product"].create(
            {
                "name": "Test Combo",
                "type": "combo",
                "list_price": 999.0,
                "taxes_id": False,
                "website_published": True,
                "combo_ids": [
                    Command.create(
                        {
                            "name": "Test Choice",
                            "combo_item_ids": [Command.create({"product_id": cls.product.id})],
                        }
                    )
                ],
            }
        )
        cls.wholesale_list.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": cls.combo_product.id,
                    "compute_price": "fixed",
                    "fixed_price": WHOLESALE,
                }
            )
        ]

    def setUp(self):
        super().setUp()
        self._sign_in(self.shopper_user)

    def _sign_in(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _get_visitors(self):
        """:return: (user, price they see) of a customer, a guest and a wholesaler"""
        return (self.shopper_user, RETAIL), (False, RETAIL), (self.chef_user, WHOLESALE)

    def _shown_price(self):
        text = self.url_open("/shop?search=Test+Wine").text
        [price] = {p for p in (str(RETAIL) + "0", str(WHOLESALE), "444.44") if p in text}
        return float(price)

    # -- RPC ---------------------------------------------------------------

    def _get_seen(self):
        """:return: ids of the price lists that the signed-in customer finds, one way or another"""
        lists = self.retail_list + self.wholesale_list + self.base_list
        domain = [("id", "in", lists.ids)]
        of_items = [("pricelist_id", "in", lists.ids)]
        pricelist, item = "product.pricelist", "product.pricelist.item"
        found = [
            {row["id"] for row in self._call(pricelist, "search_read", domain, ["name"])},
            set(self._call(pricelist, "search", domain)),
            {
                row["id"]
                for row in self._call(
                    pricelist, "web_search_read", domain=domain, specification={"name": {}}
                )["records"]
            },
            {row[0] for row in self._call(pricelist, "name_search", "Test", domain)},
            {
                row["pricelist_id"][0]
                for row in self._call(item, "search_read", of_items, ["pricelist_id"])
            },
            {
                row["pricelist_id"][0]
                for row in self._call(
                    item, "formatted_read_group", of_items, ["pricelist_id"], ["fixed_price:max"]
                )
            },
        ]
        self.assertEqual(self._call(pricelist, "search_count", domain), len(found[0]))
        for ids in found:
            self.assertEqual(ids, found[0])
        return found[0]

    def test_rpc_finds_no_price_list_that_is_reserved_for_others(self):
        self.assertEqual(self._get_seen(), set(self.retail_list.ids))
        self._sign_in(self.chef_user)
        self.assertEqual(self._get_seen(), set((self.retail_list + self.wholesale_list).ids))

    def test_rpc_shows_the_price_lists_from_which_the_own_one_starts(self):
        self.wholesale_list.item_ids = [
            Command.create({"base": "pricelist", "base_pricelist_id": self.base_list.id})
        ]
        self.assertEqual(self._get_seen(), set(self.retail_list.ids))
        self._sign_in(self.chef_user)
        lists = self.retail_list + self.wholesale_list + self.base_list
        self.assertEqual(self._get_seen(), set(lists.ids))
        self.wholesale_list.item_ids.filtered("base_pricelist_id").unlink()
        self.assertEqual(self._get_seen(), set((lists - self.base_list).ids))

    def test_rpc_follows_the_types_of_the_customer_at_once(self):
        self.assertEqual(self._get_seen(), set(self.retail_list.ids))
        assignment = self.person._assign_customer_types(self.wholesale)
        self.assertEqual(self._get_seen(), set((self.retail_list + self.wholesale_list).ids))
        assignment._end("No more")
        self.assertEqual(self._get_seen(), set(self.retail_list.ids))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_rpc_shows_no_price_list_of_a_website_that_the_context_names(self):
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        self.wholesale.website_ids = elsewhere
        self.person._assign_customer_types(self.wholesale)
        # Odoo's own code names it, and is heard.
        shopper = self.shopper_user.partner_id
        self.assertEqual(self._pricelist_of(shopper, elsewhere), self.wholesale_list)
        domain = [("id", "=", self.wholesale_list.id)]
        for names in ({"policy_website_id": elsewhere.id}, {"policy_website_id": [elsewhere.id]}):
            with self.subTest(context=names):
                found = self._call(
                    "product.pricelist", "search_read", domain, ["name"], context=names
                )
                self.assertFalse(found)
                [partner] = self._call(
                    "res.partner",
                    "read",
                    shopper.ids,
                    ["property_product_pricelist"],
                    context=names,
                )
                self.assertNotIn(
                    self.wholesale_list.id, partner["property_product_pricelist"] or ()
                )

    def test_rpc_refuses_reserved_price_lists_by_id(self):
        items = self.wholesale_list.item_ids
        for model, ids in (
            ("product.pricelist", self.wholesale_list.ids),
            ("product.pricelist.item", items.ids),
        ):
            for method in ("read", "web_read", "export_data", "copy"):
                args = {"web_read": [{"display_name": {}}], "export_data": [["id"]]}.get(method, [])
                with (
                    self.subTest(model=model, method=method),
                    self.assertRaises(JsonRpcException) as error,
                ):
                    self._call(model, method, ids, *args)
                self.assertEqual(error.exception.code, 0, error.exception)
        self._sign_in(self.chef_user)
        rows = self._call("product.pricelist.item", "read", items.ids, ["fixed_price"])
        self.assertEqual({row["fixed_price"] for row in rows}, {WHOLESALE})

    def test_rpc_lists_no_rules_behind_a_product_or_an_open_price_list(self):
        item = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.retail_list.id,
                "base": "pricelist",
                "base_pricelist_id": self.wholesale_list.id,
                "compute_price": "percentage",
            }
        )
        [row] = self._call("product.pricelist.item", "read", item.ids, ["base_pricelist_id"])
        self.assertEqual(row["base_pricelist_id"][0], self.wholesale_list.id)
        domain = [("base_pricelist_id.item_ids.fixed_price", "=", WHOLESALE)]
        self.assertFalse(self._call("product.pricelist.item", "search", domain))
        domain = [("pricelist_rule_ids.fixed_price", "=", WHOLESALE)]
        self.assertFalse(self._call("product.template", "search", domain))

    def test_rpc_prices_a_product_by_no_reserved_price_list(self):
        for user, pricelist, price in (
            (self.shopper_user, self.wholesale_list, None),
            (self.shopper_user, self.retail_list, RETAIL),
            (self.chef_user, self.wholesale_list, WHOLESALE),
            (self.chef_user, self.base_list, None),
        ):
            self._sign_in(user)
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                try:
                    answer = self._call(
                        "product.product",
                        "get_contextual_price",
                        self.product.ids,
                        context={"pricelist": pricelist.id},
                    )
                except JsonRpcException:
                    answer = None
            self.assertEqual(answer, price)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_rpc_prints_no_reserved_price_list(self):
        data = {
            "pricelist_id": self.wholesale_list.id,
            "active_model": "product.product",
            "active_ids": self.product.ids,
            "quantities": [1],
        }
        with self.assertRaises(JsonRpcException):
            self._call("report.product.report_pricelist", "get_html", data)
        url = "/product/export/pricelist/?export_format=csv&report_data="
        response = self.url_open(url + quote(json.dumps(data)))
        self.assertNotIn(str(WHOLESALE), response.text)
        self._sign_in(self.chef_user)
        response = self.url_open(url + quote(json.dumps(data)))
        self.assertIn(str(WHOLESALE), response.text)

    def test_an_api_key_opens_no_more_than_the_session(self):
        self._sign_in(False)
        self.env["ir.config_parameter"].set_param("portal.allow_api_keys", True)
        for user, names in (
            (self.shopper_user, {"Test Retail"}),
            (self.chef_user, {"Test Retail", "Test Wholesale"}),
        ):
            key = (
                self.env["res.users.apikeys"]
                .with_user(user)
                .sudo()
                ._generate("rpc", "Test Key", Datetime.add(Datetime.now(), days=1))
            )
            response = self.url_open(
                "/json/2/product.pricelist/search_read",
                json={"domain": [("name", "=like", "Test %")], "fields": ["name"]},
                headers={"Authorization": f"bearer {key}"},
            )
            self.assertEqual({row["name"] for row in response.json()}, names)

    def test_internal_users_see_every_price_list(self):
        lists = self.retail_list + self.wholesale_list + self.base_list
        found = lists.with_user(self.salesman).search([("id", "in", lists.ids)])
        self.assertEqual(len(found), 3)
        self.assertEqual(self.wholesale_list.item_ids.with_user(self.salesman)[:1].price_markup, 0)

    def test_guests_see_no_reserved_price_list(self):
        public = self.website.user_id
        lists = self.retail_list + self.wholesale_list
        seen = lists.with_user(public).search([("id", "in", lists.ids)])
        self.assertEqual(seen, self.retail_list)
        items = self.env["product.pricelist.item"].with_user(public)
        seen = items.search([("pricelist_id", "in", lists.ids)])
        self.assertEqual(seen.pricelist_id, self.retail_list)
        self.assertFalse(self.wholesale_list.with_user(public).has_access("read"))
        self.assertFalse(self.wholesale_list.item_ids.with_user(public).has_access("read"))

    # -- Choosing a price list in the shop ---------------------------------

    def test_the_product_page_takes_no_reserved_price_list(self):
        for user, price in self._get_visitors():
            self._sign_in(user)
            self.url_open(f"{self.template.website_url}?pricelist={self.wholesale_list.id}")
            self.assertEqual(self._shown_price(), price)
            self.url_open(f"{self.template.website_url}?pricelist={self.base_list.id}")
            self.assertEqual(self._shown_price(), price)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_reserved_price_list_cannot_be_chosen(self):
        for user, price in self._get_visitors():
            self._sign_in(user)
            for pricelist in (self.wholesale_list, self.base_list):
                self.url_open(f"/shop/change_pricelist/{pricelist.id}")
                self.assertEqual(self._shown_price(), price)

    def test_the_code_of_a_reserved_price_list_works_for_its_holders_only(self):
        self.wholesale_list.code = "TEST-TRADE"
        self.base_list.code = "TEST-BASE"
        for user, price in self._get_visitors():
            self._sign_in(user)
            self._add_to_cart()
            for code in ("TEST-TRADE", "TEST-BASE"):
                response = self.url_open(f"/shop/pricelist?promo={code}")
                refused = "code_not_available=1" in response.url
                self.assertEqual(refused, price == RETAIL or code == "TEST-BASE")
                self.assertEqual(self._shown_price(), price)
        self.wholesale_list.open_to_all = True
        self._sign_in(self.shopper_user)
        response = self.url_open("/shop/pricelist?promo=TEST-TRADE")
        self.assertNotIn("code_not_available", response.url)
        self.assertEqual(self._shown_price(), WHOLESALE)

    def test_the_cache_of_price_lists_gives_away_nothing_that_another_customer_may_use(self):
        usa = self.env.ref("base.us")
        own = self._create_pricelist("Test Own", 444.44, website_id=self.website.id)
        (self.restaurant + self.person).specific_property_product_pricelist = own
        self.wholesale_list.write(
            {
                "code": "TEST-TRADE",
                "country_group_ids": [
                    Command.create({"name": "Test Group", "country_ids": [Command.link(usa.id)]})
                ],
            }
        )
        with patch.object(
            self.env.registry["website"], "_get_geoip_country_code", lambda website: "US"
        ):
            for user, refused in ((self.chef_user, False), (self.shopper_user, True)):
                self._sign_in(user)
                self._add_to_cart()
                self.assertEqual(self._shown_price(), 444.44)
                response = self.url_open("/shop/pricelist?promo=TEST-TRADE")
                self.assertEqual("code_not_available=1" in response.url, refused)

    def test_a_price_list_left_in_the_session_is_not_used_by_others(self):
        self.wholesale_list.website_id = self.website
        for user, price in ((self.shopper_user, RETAIL), (self.chef_user, WHOLESALE)):
            extra = {
                "website_sale_current_pl": self.wholesale_list.id,
                "website_sale_selected_pl_id": self.wholesale_list.id,
            }
            self.authenticate(user.login, None, session_extra=extra)
            self.assertEqual(self._shown_price(), price)
            self._add_to_cart()
            cart = self.env["sale.order"].search([("partner_id", "=", user.partner_id.id)])
            self.assertEqual(cart.order_line.price_unit, price)

    # -- Routes that take a price list -------------------------------------

    def _add_to_cart(self):
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.template.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )

    def _post_to_configurators(self, prefix, pricelist):
        """:return: the prices that the routes of both configurators answer, by route"""
        common = {
            "currency_id": pricelist.currency_id.id,
            "pricelist_id": pricelist.id,
            "company_id": self.env.company.id,
            "quantity": 1,
        }
        of_product = {
            **common,
            "product_template_id": self.template.id,
            "ptav_ids": [],
            "so_date": "2026-01-01",
        }
        of_combo = {
            **common,
            "product_tmpl_id": self.combo_product.product_tmpl_id.id,
            "date": "2026-01-01",
        }
        product_route = f"{prefix}/product_configurator"
        combo_route = f"{prefix}/combo_configurator"
        post = self.make_jsonrpc_request
        values = post(f"{product_route}/get_values", of_product)
        combination = post(f"{product_route}/update_combination", of_product)
        combo = post(f"{combo_route}/get_data", of_combo)
        [optional] = post(
            f"{product_route}/get_optional_products", {**of_product, "parent_ptav_ids": []}
        )
        return {
            "values": values["products"][0]["price"],
            "values_optional": values["optional_products"][0]["price"],
            "combination": combination["price"],
            "optional": optional["price"],
            "combo": combo["price"],
            "combo_price": post(f"{combo_route}/get_price", of_combo),
        }

    def test_the_configurators_use_the_price_list_of_the_customer_whatever_they_post(self):
        optional = self.env["product.product"].create(
            {"name": "Test Optional", "taxes_id": False, "website_published": True}
        )
        self.template.optional_product_ids = optional.product_tmpl_id
        products = optional + self.combo_product
        for pricelist, price in ((self.retail_list, RETAIL), (self.wholesale_list, WHOLESALE)):
            pricelist.item_ids = [
                Command.create(
                    {
                        "applied_on": "0_product_variant",
                        "product_id": product.id,
                        "compute_price": "fixed",
                        "fixed_price": price,
                    }
                )
                for product in products
            ]
        everybody = self.retail_list + self.wholesale_list + self.base_list
        for user, price in ((self.shopper_user, RETAIL), (self.chef_user, WHOLESALE)):
            self._sign_in(user)
            for prefix in ("/sale", "/website_sale"):
                for pricelist in everybody:
                    prices = self._post_to_configurators(prefix, pricelist)
                    self.assertEqual(
                        prices, dict.fromkeys(prices, price), (user.login, prefix, pricelist.name)
                    )
        self._sign_in(self.salesman)
        for pricelist, price in ((self.retail_list, RETAIL), (self.wholesale_list, WHOLESALE)):
            prices = self._post_to_configurators("/sale", pricelist)
            self.assertEqual(prices, dict.fromkeys(prices, price))

    def test_the_configurators_of_the_shop_answer_guests_with_their_price(self):
        self._sign_in(False)
        answer = self.make_jsonrpc_request(
            "/website_sale/product_configurator/get_values",
            {
                "product_template_id": self.template.id,
                "quantity": 1,
                "currency_id": self.wholesale_list.currency_id.id,
                "pricelist_id": self.wholesale_list.id,
                "so_date": "2026-01-01",
                "ptav_ids": [],
            },
        )
        self.assertEqual(answer["products"][0]["price"], RETAIL)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_the_catalog_of_an_order_gives_away_no_reserved_price(self):
        order = self._create_order(self.person)
        order.pricelist_id = self.wholesale_list
        try:
            answer = self.make_jsonrpc_request(
                "/product/catalog/order_lines_info",
                {"res_model": "sale.order", "order_id": order.id, "product_ids": self.product.ids},
            )
        except JsonRpcException:
            answer = {}
        self.assertFalse(re.search(r"613[.,]55", str(answer)))

    def test_the_product_feed_says_the_price_of_guests_whoever_opens_it(self):
        self.website.enabled_gmc_src = True
        self.product.default_code = "TEST-WINE"
        feed = self.env["product.feed"].create({"name": "Test Feed", "website_id": self.website.id})
        url = f"/gmc.xml?feed_id={feed.id}&access_token={feed.access_token}"
        self._sign_in(self.chef_user)
        text = self.url_open(url).text
        self.assertIn("TEST-WINE", text)
        self.assertIn(str(RETAIL), text)
        self.assertNotIn(str(WHOLESALE), text)
