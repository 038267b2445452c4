from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .allocation_shop_common import AllocationShopCommon


@tagged("post_install", "-at_install")
class TestAllocationShop(AllocationShopCommon):
    """What the customer reads in the shop, and what the cart does."""

    def _told(self, product=None, user=None, cart=None, **kwargs):
        allocations = self.env["sale.allocation"].with_user(user or self.member)
        return allocations._get_shop_values(
            product or self.product, self.website.with_user(user or self.member), cart, **kwargs
        )

    # -- Words -------------------------------------------------------------

    @freeze_time("2030-06-10 10:00:00")
    def test_what_is_left_until_when(self):
        self.allocation.close_at = fields.Datetime.to_datetime("2030-06-30 16:00:00")
        self._buy(2)
        told = self._told()
        self.assertEqual(
            told["words"], "4 of 6 left for you until Sunday 30 June, 18:00 (Europe/Paris)"
        )
        self.assertEqual(told["badge"], "4 of 6 left for you")
        self.assertEqual((told["state"], told["left"]), ("open", 4))
        self.assertEqual(told["limits"], {"minimum": 1, "maximum": 4, "step": 1, "default": 1})

    @freeze_time("2030-06-10 10:00:00")
    def test_a_window_that_is_not_open_yet(self):
        self.allocation.open_at = fields.Datetime.to_datetime("2030-06-10 10:01:30")
        told = self._told()
        self.assertEqual((told["state"], told["is_buyable"]), ("coming", False))
        self.assertEqual(told["opens_in"], 90)
        self.assertIn("Monday 10 June, 12:01 (Europe/Paris)", told["words"])
        self.assertEqual(told["badge"], "From 10 Jun, 12:01")
        self.assertFalse(told["may_ask"])
        self.allocation.close_at = fields.Datetime.to_datetime("2030-06-10 10:02:00")
        with freeze_time("2030-06-10 10:01:30"):
            self.assertEqual(self._told()["state"], "open")
        with freeze_time("2030-06-10 10:02:00"):
            self.assertIn("Closed on Monday 10 June, 12:02", self._told()["words"])

    def test_sold_out_for_this_customer_or_for_everybody(self):
        self._buy(6)
        told = self._told()
        self.assertEqual((told["state"], told["is_buyable"]), ("sold_out", False))
        self.assertEqual(told["words"], "Sold out for you: you have had all 6")
        self.assertTrue(told["may_ask"])
        self.allocation.pool_quantity = 8
        self._buy(2, self.restaurant)
        told = self._told(user=self.chef_user)
        self.assertEqual((told["state"], told["words"]), ("gone", "Sold out"))

    @freeze_time("2030-06-10 10:00:00")
    def test_a_period_says_when_there_is_more(self):
        self.allocation.period = "month"
        self._buy(6)
        self.assertEqual(
            self._told()["words"],
            "Sold out for you: you have had all 6, and get more from Monday 1 July, 00:00 "
            "(Europe/Paris)",
        )

    def test_of_a_pool_only_little_is_told(self):
        self.allocation.write({"pool_quantity": 300})
        self.allocation.grant_ids.is_unlimited = True
        self.assertEqual(self._told()["badge"], "Limited supply")
        self.assertNotIn("300", str(self._told()["words"]))
        self.allocation.pool_quantity = 3
        self.assertEqual(self._told()["badge"], "Only 3 left")
        self.assertEqual(self._told()["limits"]["maximum"], 3)

    def test_what_others_bought_does_not_show(self):
        before = self._told()
        self._buy(5, self.restaurant)
        self.assertEqual(self._told(), before)
        stranger = self._told(user=self.stranger)
        self.assertEqual((stranger["state"], stranger["is_buyable"]), ("refused", False))
        self.assertFalse(stranger["may_ask"])
        guest = self._told(user=self.website.user_id)
        self.assertIn("sign in", guest["words"])

    def test_on_request_only(self):
        self.allocation.mode = "request"
        told = self._told()
        self.assertEqual((told["state"], told["badge"]), ("request", "On request"))
        self.assertTrue(told["may_ask"])
        self._grant(self.allocation, self.person, 2.0, origin="request")
        self.assertEqual(self._told()["words"], "2 of 2 left for you")

    def test_what_is_in_the_cart_is_not_left(self):
        cart = self._cart(4)
        told = self._told(cart=cart)
        self.assertEqual((told["left"], told["in_cart"]), (2, 4))
        self.assertEqual(told["limits"]["maximum"], 2)
        cart.order_line.product_uom_qty = 6
        told = self._told(cart=cart)
        self.assertEqual(told["words"], "All that is left for you is in your cart")
        self.assertFalse(told["is_buyable"])

    def test_quantities_start_and_step_as_granted(self):
        grant = self.allocation.grant_ids.filtered(lambda g: g.customer_type_id == self.reserve)
        grant.write({"minimum": 2, "multiple": 2, "default_quantity": 4})
        self.assertEqual(
            self._told()["limits"], {"minimum": 2, "maximum": 6, "step": 2, "default": 4}
        )
        self._buy(2)
        # The minimum is met; the proposal is what still fits.
        self._buy(2)
        self.assertEqual(
            self._told()["limits"], {"minimum": 2, "maximum": 2, "step": 2, "default": 2}
        )
        cart = self._cart(1)
        told = self._told(cart=cart)
        self.assertFalse(told["is_buyable"], "one is left, and two are the least")

    def test_units_are_converted(self):
        self.allocation.uom_id = self.dozen
        told = self._told()
        self.assertEqual(told["words"], "6 of 6 Dozens left for you")
        self.assertEqual(told["limits"]["maximum"], 72)
        self.assertEqual(self._told(uom=self.dozen)["limits"]["maximum"], 6)

    def test_quantity_rules_are_kept_too(self):
        self.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": self.reserve.ids,
                "applied_on": "product",
                "product_tmpl_id": self.template.id,
                "multiple": 3,
                "maximum": 60,
            }
        )
        grant = self.allocation.grant_ids.filtered(lambda g: g.customer_type_id == self.reserve)
        grant.write({"multiple": 2})
        self._sign_in()
        limits = self._get_combination(self.product)["quantity_limits"]
        self.assertEqual(
            (limits["minimum"], limits["maximum"], limits["step"], limits["default"]),
            (6, 6, 6, 6),
        )

    # -- Pages -------------------------------------------------------------

    def test_the_page_of_the_product(self):
        self._sign_in()
        page = self._get_text(self.product.website_url)
        self.assertIn("6 of 6 left for you", page)
        self.assertNotIn("o_allocation_not_for_sale", page)
        self._sign_in("ct_stranger")
        page = self._get_text(self.product.website_url)
        self.assertIn("Sold to those to whom it is allocated", page)
        self.assertIn("o_allocation_not_for_sale", page)
        self.assertNotIn("left for you", page)
        self.authenticate(None, None)
        self.assertIn("sign in to see what is yours", self._get_text(self.product.website_url))

    def test_a_product_that_is_not_allocated_says_nothing(self):
        self._sign_in()
        page = self._get_text(self.other.website_url)
        self.assertNotIn("o_allocation_words", page)
        combination = self._get_combination(self.other)
        self.assertEqual(combination["allocation"], {})
        self.assertNotIn("allocation_html", combination)

    def test_the_page_follows_the_variant(self):
        _wine, bottle, magnum = self._create_wine_in_two_sizes()
        self._create_allocation({self.reserve: 3.0}, product_ids=magnum.ids)
        self._sign_in()
        info = self._get_combination(magnum, product_id=bottle.id)
        self.assertEqual(info["allocation"]["left"], 3)
        self.assertIn("3 of 3 left for you", info["allocation_html"])
        self.assertEqual(info["quantity_limits"]["maximum"], 3)
        info = self._get_combination(bottle, product_id=magnum.id)
        self.assertEqual(info["allocation"], {})
        self.assertNotIn("quantity_limits", info)

    def test_badges_in_the_list(self):
        self._sign_in()
        page = self._get_text("/shop?search=Test+Wine")
        self.assertIn("6 of 6 left for you", page)
        self.assertIn("o_wsale_product_btn_primary", page)
        self._buy(6)
        page = self._get_text("/shop?search=Test+Wine")
        self.assertIn("Sold out for you", page)
        self.assertNotIn("o_wsale_product_btn_primary", page, "there is nothing to add")
        plain = {"name": "Test Wine for Everybody", "website_published": True}
        self.env["product.template"].create(plain)
        page = self._get_text("/shop?search=Test+Wine")
        self.assertIn("Test Wine for Everybody", page)
        self.assertIn("Sold out for you", page)

    def test_the_list_reads_what_is_left_once(self):
        wines = self.env["product.template"].create(
            [{"name": f"Test {n}", "website_published": True} for n in range(40)]
        )
        self._create_allocation({self.reserve: 3.0}, product_tmpl_ids=wines[:20].ids)
        self._create_allocation({self.reserve: 2.0}, product_tmpl_ids=wines[20:30].ids)
        wines = wines.with_user(self.member).with_context(website_id=self.website.id)
        # Warm what is kept from request to request.
        wines[0]._get_allocation_badge()
        self.env["sale.allocation"]._forget_quotas()
        with self.assertQueryCount(2):
            badges = [wine._get_allocation_badge().get("badge") for wine in wines]
        self.assertEqual(set(badges[:20]), {"3 of 3 left for you"})
        self.assertEqual(set(badges[20:30]), {"2 of 2 left for you"})
        self.assertEqual(set(badges[30:]), {None})
        self.env["sale.allocation"]._forget_quotas()
        with self.assertQueryCount(0):
            self.assertFalse(
                any(w._get_allocation_badge() for w in wines[30:].browse(wines[30:].ids))
            )

    # -- Cart --------------------------------------------------------------

    def test_the_cart_caps_and_says_why(self):
        self._sign_in()
        answer = self._add(7)
        self.assertEqual(answer["quantity"], 6)
        self.assertIn(
            "Only 6 of Test Réserve are left for you", answer["notification_info"]["warning"]
        )
        page = self._get_text("/shop/cart")
        self.assertIn("That is all of what is left for you", page)
        self.assertIn('data-rule-max="6"', page)
        answer = self._add(1)
        self.assertTrue(answer["notification_info"]["warning"])
        self.assertEqual(self._find_cart().order_line.product_uom_qty, 6)

    def test_the_cart_says_what_is_possible(self):
        self._sign_in()
        self._add(2)
        self.assertIn("4 more left for you", self._get_text("/shop/cart"))
        self._buy(3)
        self.assertIn("1 more left for you", self._get_text("/shop/cart"))
        self._buy(2)
        page = self._get_text("/shop/cart")
        self.assertIn("Only 1 of Test Réserve are left for you.", page)
        self.assertNotIn("more left for you", page)
        response = self.url_open("/shop/checkout")
        self.assertTrue(response.url.endswith("/shop/cart"), "the cart says what is wrong")

    def test_a_refused_payment_is_told_in_words(self):
        self._sign_in()
        self._add(6)
        cart = self._find_cart()
        self._buy(1)
        provider = self.env.ref("payment.payment_provider_transfer")
        provider.write({"state": "enabled", "is_published": True})
        with mute_logger("odoo.http"):
            error = self._call_and_fail(
                f"/shop/payment/transaction/{cart.id}",
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                    "token_id": None,
                    "flow": "redirect",
                    "tokenization_requested": False,
                    "landing_route": "/shop/payment/validate",
                    "access_token": cart._portal_ensure_token(),
                },
            )
        self.assertIn("Only 5 of Test Réserve are left for you", error)
        self.assertEqual(cart.state, "draft")
        self.assertFalse(cart.transaction_ids)

    def test_what_is_reserved_runs_on_the_clock_of_the_server(self):
        self.allocation.write({"mode": "reserve", "hold_minutes": 10})
        self._sign_in()
        self.assertEqual(self.make_jsonrpc_request("/shop/cart/allocation", {}), {"seconds": None})
        self._add(4)
        self.assertEqual(self._balance(self.person), (0, 4))
        seconds = self.make_jsonrpc_request("/shop/cart/allocation", {})["seconds"]
        self.assertTrue(590 <= seconds <= 600, seconds)
        page = self._get_text("/shop/cart")
        self.assertIn("o_allocation_timer", page)
        self.assertNotIn("Keep it for me again", page)
        cart = self._find_cart()
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self.env["sale.allocation"]._forget_quotas()
        page = self._get_text("/shop/cart")
        self.assertIn("is not kept for you any longer", page)
        self.assertNotIn("o_allocation_timer", page)
        self._post("/shop/cart/allocation/keep")
        self.assertTrue(cart.order_line.allocation_held_until > self._in(minutes=9))
        self.assertEqual(self._balance(self.person), (0, 4))

    def test_what_is_gone_cannot_be_kept_again(self):
        self.allocation.write({"mode": "reserve", "pool_quantity": 4})
        self._sign_in()
        self._add(4)
        cart = self._find_cart()
        cart.order_line.allocation_held_until = self._in(minutes=-1)
        self.env["sale.allocation"]._forget_quotas()
        self._buy(4, self.restaurant)
        response = self._post("/shop/cart/allocation/keep")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Nothing is left of Test Réserve", response.text)
        self.assertEqual(self._balance(), (4, 0))

    def test_quick_reorder_proposes_what_is_left(self):
        order = self._cart(5)
        order.action_confirm()
        self._sign_in()
        page = self._get_text("/shop/cart")
        self.assertIn("1 of 6 left for you", page)
        self.assertIn('data-quantity="1"', page)
        answer = self.make_jsonrpc_request(
            "/shop/cart/quick_add",
            {
                "product_template_id": self.template.id,
                "product_id": self.product.id,
                "quantity": 5,
            },
        )
        self.assertEqual(answer["quantity"], 1)
        self.assertIn("Only 1 of Test Réserve", answer["notification_info"]["warning"])
