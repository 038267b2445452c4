from unittest.mock import patch

from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PricingCommon

RETAIL, WHOLESALE = "876.50", "613.55"
PASSWORD = "chef in the kitchen"
WARNING = "Your prices have changed because your customer type changed."


@tagged("post_install", "-at_install")
class TestPricingShop(PricingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        address = {
            "street": "1 Test Street",
            "city": "Scranton",
            "zip": "18503",
            "country_id": cls.env.ref("base.us").id,
            "state_id": cls.env.ref("base.state_us_39").id,
            "phone": "+1 555-555-5555",
        }
        (cls.restaurant + cls.chef + cls.person).write(address)
        cls.chef_user.password = PASSWORD
        cls.product_url = cls.product.product_tmpl_id.website_url

    def _sign_in(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def _open(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200, url)
        return response.text

    def _open_shop(self):
        return self._open("/shop?search=Test+Wine")

    def _add_to_cart(self):
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )

    def _get_combination_price(self):
        return self.make_jsonrpc_request(
            "/website_sale/get_combination_info",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "combination": [],
                "add_qty": 1,
            },
        )["price"]

    def _get_suggestions(self):
        return str(
            self.make_jsonrpc_request(
                "/website/snippet/autocomplete",
                {
                    "search_type": "products_only",
                    "term": "Test Wine",
                    "max_nb_chars": 50,
                    "options": {
                        "displayImage": False,
                        "displayDescription": False,
                        "displayExtraLink": False,
                        "displayDetail": True,
                    },
                },
            )
        )

    def _assert_shown(self, text, shown, hidden):
        self.assertTrue(shown in text, f"{shown} is not shown")
        self.assertFalse(hidden in text, f"{hidden} is shown")

    # -- Every page --------------------------------------------------------

    def test_each_visitor_sees_their_own_price_from_the_shop_to_the_checkout(self):
        for user, shown, hidden in (
            (False, RETAIL, WHOLESALE),
            (self.chef_user, WHOLESALE, RETAIL),
            (self.shopper_user, RETAIL, WHOLESALE),
        ):
            with self.subTest(user=user and user.login):
                self._sign_in(user)
                self._assert_shown(self._open_shop(), shown, hidden)
                self._assert_shown(self._open(self.product_url), shown, hidden)
                self._assert_shown(self._get_suggestions(), shown, hidden)
                self.assertEqual(self._get_combination_price(), float(shown))
                self._add_to_cart()
                self._assert_shown(self._open("/shop/cart"), shown, hidden)
                if user:
                    self._assert_shown(self._open("/shop/checkout"), shown, hidden)
                    cart = self.env["sale.order"].search(
                        [("partner_id", "=", user.partner_id.id)], limit=1
                    )
                    self.assertEqual(cart.amount_untaxed, float(shown))

    def test_the_cart_of_a_wholesaler_has_their_price_list_and_terms(self):
        self._sign_in(self.chef_user)
        self._add_to_cart()
        cart = self.env["sale.order"].search([("partner_id", "=", self.chef.id)], limit=1)
        self.assertEqual(cart.pricelist_id, self.wholesale_list)
        self.assertEqual(cart.payment_term_id, self.net_30)

    def test_two_customers_who_take_turns_each_keep_their_price(self):
        browsers = []
        for user in (self.chef_user, self.shopper_user):
            self._sign_in(user)
            browsers.append((self.session, self.opener))
            self.session = None
        seen = [(WHOLESALE, RETAIL), (RETAIL, WHOLESALE)]
        for _turn in range(3):
            for (self.session, self.opener), (shown, hidden) in zip(browsers, seen, strict=True):
                self._assert_shown(self._open_shop(), shown, hidden)
                self.assertEqual(self._get_combination_price(), float(shown))

    def test_a_type_price_list_needs_no_setting_of_the_shop_but_its_own_company(self):
        self.assertFalse(self.wholesale_list.website_id or self.wholesale_list.selectable)
        self._sign_in(self.chef_user)
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self.wholesale_list.company_id = self.env["res.company"].create({"name": "Test Branch"})
        self._assert_shown(self._open_shop(), RETAIL, WHOLESALE)

    def test_a_type_price_list_of_this_very_website_is_for_holders_only_too(self):
        self.wholesale_list.website_id = self.website
        for user, shown, hidden in (
            (False, RETAIL, WHOLESALE),
            (self.chef_user, WHOLESALE, RETAIL),
            (self.shopper_user, RETAIL, WHOLESALE),
        ):
            self._sign_in(user)
            self._assert_shown(self._open_shop(), shown, hidden)

    def test_an_open_type_price_list_works_for_holders_and_sets_no_price_for_others(self):
        self.wholesale_list.open_to_all = True
        self._sign_in(self.chef_user)
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self._sign_in(False)
        self._assert_shown(self._open_shop(), RETAIL, WHOLESALE)

    def test_discounts_of_a_reserved_list_on_a_reserved_list_are_struck_through(self):
        base_list = self._create_pricelist("Test Base", 700.0)
        self.reserve.pricelist_id = base_list
        self.wholesale_list.item_ids = [
            Command.clear(),
            Command.create(
                {
                    "compute_price": "percentage",
                    "percent_price": 10,
                    "base": "pricelist",
                    "base_pricelist_id": base_list.id,
                }
            ),
        ]
        self._sign_in(self.chef_user)
        for text in (self._open_shop(), self._open(self.product_url)):
            self.assertIn("630.00", text)
            self.assertIn("700.00", text)
            self.assertNotIn(RETAIL, text)

    def test_a_customer_with_a_price_list_of_their_own_sees_that(self):
        own = self._create_pricelist("Test Own", 555.55, website_id=self.website.id)
        for user in (self.chef_user, self.shopper_user):
            user.partner_id.specific_property_product_pricelist = own
            self._sign_in(user)
            self._assert_shown(self._open_shop(), "555.55", WHOLESALE)
            self._add_to_cart()
            self._assert_shown(self._open("/shop/cart"), "555.55", RETAIL)

    def test_a_reserved_price_list_set_on_a_customer_works_without_the_type(self):
        self.person.specific_property_product_pricelist = self.wholesale_list
        self._sign_in(self.shopper_user)
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self._assert_shown(self._open(self.product_url), WHOLESALE, RETAIL)

    def test_the_shop_shows_the_currency_of_the_type_price_list(self):
        currency = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T¤", "rounding": 0.01, "position": "after"}
        )
        self.wholesale_list.currency_id = currency
        self._sign_in(self.chef_user)
        self._assert_shown(self._open_shop(), "T¤", RETAIL)
        self._sign_in(False)
        self._assert_shown(self._open_shop(), RETAIL, "T¤")

    def test_guests_get_the_price_list_of_the_guest_type(self):
        guest_list = self._create_pricelist("Test Guest", 950.25)
        guest = self.env["customer.type"].create(
            {"name": "Test Guest", "pricelist_id": guest_list.id}
        )
        self.website.guest_customer_type_id = guest
        self._sign_in(False)
        self._assert_shown(self._open_shop(), "950.25", RETAIL)
        self.website.guest_customer_type_id = False
        self._assert_shown(self._open_shop(), RETAIL, "950.25")
        self._add_to_cart()
        self._assert_shown(self._open("/shop/cart"), RETAIL, WARNING)
        self.website.guest_customer_type_id = guest
        self._assert_shown(self._open_shop(), "950.25", RETAIL)
        cart_page = self._open("/shop/cart")
        self._assert_shown(cart_page, "950.25", RETAIL)
        self.assertIn(WARNING, cart_page)
        self._sign_in(self.shopper_user)
        self._assert_shown(self._open_shop(), RETAIL, "950.25")
        self.website.default_customer_type_id = guest
        self._assert_shown(self._open_shop(), "950.25", RETAIL)

    def test_a_cart_that_falls_back_to_the_price_list_of_a_country_has_its_prices(self):
        belgium = self.env.ref("base.be")
        self._create_pricelist(
            "Test Belgium",
            888.85,
            website_id=self.website.id,
            country_group_ids=[
                Command.create({"name": "Test Group", "country_ids": [Command.link(belgium.id)]})
            ],
        )
        guest_list = self._create_pricelist("Test Guest", 950.25)
        self.website.guest_customer_type_id = self.env["customer.type"].create(
            {"name": "Test Guest", "pricelist_id": guest_list.id}
        )
        self._sign_in(False)
        with patch.object(
            self.env.registry["website"], "_get_geoip_country_code", lambda website: "BE"
        ):
            self._add_to_cart()
            self._assert_shown(self._open("/shop/cart"), "950.25", "888.85")
            self.website.guest_customer_type_id = False
            self._assert_shown(self._open("/shop/cart"), "888.85", "950.25")

    # -- A change of type --------------------------------------------------

    def test_a_change_of_type_shows_on_the_next_page_of_the_same_session(self):
        self._sign_in(self.shopper_user)
        self._assert_shown(self._open_shop(), RETAIL, WHOLESALE)
        assignment = self.person._assign_customer_types(self.wholesale)
        self.assertEqual(self._get_combination_price(), float(WHOLESALE))
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self._assert_shown(self._open(self.product_url), WHOLESALE, RETAIL)
        assignment._end("No more")
        self._assert_shown(self._get_suggestions(), RETAIL, WHOLESALE)
        self._assert_shown(self._open_shop(), RETAIL, WHOLESALE)

    def test_an_open_cart_shows_new_prices_and_says_once_why(self):
        self._sign_in(self.shopper_user)
        self._add_to_cart()
        self._assert_shown(self._open("/shop/cart"), RETAIL, WARNING)
        self.person._assign_customer_types(self.wholesale)
        page = self._open("/shop/cart")
        self._assert_shown(page, WHOLESALE, RETAIL)
        self.assertIn(WARNING, page)
        page = self._open("/shop/cart")
        self._assert_shown(page, WHOLESALE, WARNING)

    def test_phones_and_desktops_are_told_once_on_each_page_of_checkout(self):
        self.product.type = "service"
        self.env.ref("payment.payment_provider_transfer").write(
            {"state": "enabled", "is_published": True}
        )
        cart = self._create_cart(self.chef)
        self._sign_in(self.chef_user)
        for url in ("/shop/cart", "/shop/checkout", "/shop/address", "/shop/payment"):
            with self.subTest(url=url):
                cart.shop_warning = WARNING
                page = html.fromstring(self._open(url))
                # Where the page is, not a summary that is hidden here or there.
                told = page.xpath("//div[contains(@class, 'alert')]")
                told = [alert for alert in told if WARNING in alert.text_content()]
                self.assertEqual(len(told), 1)
                self.assertEqual(page.text_content().count(WARNING), 1)
                classes = {name for e in told[0].iterancestors() for name in e.classes}
                self.assertFalse(classes & {"d-none", "offcanvas"})
                self.assertFalse(cart.shop_warning)

    def test_a_price_list_set_on_the_customer_shows_in_the_same_session_too(self):
        own = self._create_pricelist("Test Own", 555.55, website_id=self.website.id)
        self._sign_in(self.chef_user)
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self.restaurant.specific_property_product_pricelist = own
        self._assert_shown(self._open_shop(), "555.55", WHOLESALE)

    def test_a_price_list_that_a_customer_chose_stays_while_nothing_changes(self):
        chosen = self._create_pricelist(
            "Test Chosen", 801.15, selectable=True, website_id=self.website.id
        )
        self._sign_in(self.shopper_user)
        self._open(f"/shop/change_pricelist/{chosen.id}")
        self._assert_shown(self._open_shop(), "801.15", RETAIL)
        self.person._assign_customer_types(self.reserve)
        self._assert_shown(self._open_shop(), "801.15", RETAIL)
        self.person._assign_customer_types(self.wholesale)
        self._assert_shown(self._open_shop(), WHOLESALE, "801.15")

    def test_signing_in_and_out_changes_prices_and_the_cart(self):
        self._sign_in(False)
        self._add_to_cart()
        self._assert_shown(self._open("/shop/cart"), RETAIL, WHOLESALE)
        page = self._open("/web/login")
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(
            "/web/login",
            data={
                "login": self.chef_user.login,
                "password": PASSWORD,
                "csrf_token": token,
            },
        )
        self._assert_shown(self._open_shop(), WHOLESALE, RETAIL)
        self._assert_shown(self._open("/shop/cart"), WHOLESALE, RETAIL)
        self.url_open("/web/session/logout")
        self._assert_shown(self._open_shop(), RETAIL, WHOLESALE)
        self._assert_shown(self._open("/shop/cart"), "Your cart is empty", WHOLESALE)

    def test_coming_back_to_an_old_cart_brings_the_prices_of_today(self):
        cart = self._create_cart(self.chef)
        self.restaurant.customer_type_assignment_ids._end("No more")
        self.assertEqual(cart.pricelist_id, self.retail_list)
        self._sign_in(self.chef_user)
        page = self._open("/shop/cart")
        self._assert_shown(page, RETAIL, WHOLESALE)
        self.assertIn(WARNING, page)

    # -- The choice of price lists -----------------------------------------

    def test_the_list_of_price_lists_names_reserved_ones_to_their_holders_only(self):
        for name in ("Test Chosen", "Test Other"):
            self._create_pricelist(name, 801.15, selectable=True, website_id=self.website.id)
        for user, shown, hidden in (
            (False, "Test Chosen", "Test Wholesale"),
            (self.shopper_user, "Test Chosen", "Test Wholesale"),
            (self.chef_user, "Test Wholesale", "Test Retail"),
        ):
            self._sign_in(user)
            self._assert_shown(self._open_shop(), shown, hidden)

    def test_a_country_makes_no_difference_to_who_gets_a_reserved_price_list(self):
        belgium, usa = self.env.ref("base.be"), self.env.ref("base.us")
        group = self.env["res.country.group"].create(
            {"name": "Test Group", "country_ids": [Command.link(belgium.id)]}
        )
        self.wholesale_list.country_group_ids = group
        for browsed_from in (belgium, usa):
            for user, shown, hidden in (
                (self.chef_user, WHOLESALE, RETAIL),
                (self.shopper_user, RETAIL, WHOLESALE),
                (False, RETAIL, WHOLESALE),
            ):
                self._sign_in(user)
                with patch.object(
                    self.env.registry["website"],
                    "_get_geoip_country_code",
                    lambda website, code=browsed_from.code: code,
                ):
                    self._assert_shown(self._open_shop(), shown, hidden)
                    self._assert_shown(self._open(self.product_url), shown, hidden)
                    self._add_to_cart()
                partner = user.partner_id if user else self.website.user_id.partner_id
                cart = self.env["sale.order"].search([("partner_id", "=", partner.id)], limit=1)
                self.assertEqual(cart.order_line.price_unit, float(shown))

    # -- The portal --------------------------------------------------------

    def test_orders_on_the_portal_stay_readable_when_the_type_is_gone(self):
        order, quotation = self._create_order(self.chef), self._create_order(self.chef)
        order.action_confirm()
        quotation.action_quotation_sent()
        self.restaurant.customer_type_assignment_ids._end("No more")
        self._sign_in(self.chef_user)
        for document in (order, quotation):
            self._assert_shown(self._open(f"/my/orders/{document.id}"), WHOLESALE, RETAIL)
        self._assert_shown(self._open("/my/orders"), WHOLESALE, RETAIL)
        self._assert_shown(self._open("/my/quotes"), WHOLESALE, RETAIL)
        self._sign_in(False)
        url = f"/my/orders/{quotation.id}?access_token={quotation._portal_ensure_token()}"
        self._assert_shown(self._open(url), WHOLESALE, RETAIL)
