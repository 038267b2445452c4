from odoo.tests import tagged

from .allocation_shop_common import AllocationShopCommon


@tagged("post_install", "-at_install")
class TestAllocationPortal(AllocationShopCommon):
    """What is allocated to a customer, on one page."""

    def _rows(self, user=None):
        allocations = self.env["sale.allocation"].with_user(user or self.member)
        return {
            row["allocation"].name: row
            for row in allocations._get_portal_allocations(
                self.website.with_user(user or self.member)
            )
        }

    def test_open_coming_used_and_left(self):
        self._create_allocation(
            {self.reserve: 3.0},
            name="Test Coming",
            product_ids=self.other.ids,
            open_at=self._in(hours=2),
        )
        self._buy(2)
        self._sign_in()
        page = self._get_text("/my/allocations")
        self.assertIn("Test Réserve", page)
        self.assertIn("4 of 6 left for you", page)
        self.assertIn("Bought: 2", page)
        self.assertIn("Test Coming", page)
        self.assertIn("Opens for you on", page)
        self.assertLess(page.index("Test Réserve"), page.index("Test Coming"))
        rows = self._rows()
        self.assertTrue(rows["Test Réserve"]["is_buyable"])
        self.assertFalse(rows["Test Coming"]["is_buyable"])

    def test_nothing_is_allocated(self):
        self._sign_in("ct_stranger")
        page = self._get_text("/my/allocations")
        self.assertIn("Nothing is allocated to you at the moment", page)
        self.assertNotIn("Test Réserve", page)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["allocation_count"]})
        self.assertEqual(counters["allocation_count"], 0)

    def test_the_card(self):
        self._sign_in()
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["allocation_count"]})
        self.assertEqual(counters["allocation_count"], len(self._rows()))
        self.assertIn("/my/allocations", self._get_text("/my"))

    def test_a_contact_sees_what_its_company_has(self):
        self._buy(5, self.restaurant)
        self.assertEqual(
            self._rows(self.chef_user)["Test Réserve"]["words"], "7 of 12 left for you"
        )

    def test_guests_are_asked_to_sign_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/allocations").url)

    def test_products_that_are_not_for_the_customer_are_not_named(self):
        self.template.reserved_type_ids = self.wholesale
        self.assertNotIn("Test Réserve", self._rows())
        self.assertIn("Test Réserve", self._rows(self.chef_user))
        self.template.website_published = False
        self.assertNotIn("Test Réserve", self._rows(self.chef_user))

    def test_what_was_bought_stays_when_the_product_goes(self):
        self._buy(2)
        self.template.website_published = False
        self.assertEqual(self._rows()["Test Réserve"]["products"], [])

    def test_what_is_over_shows_to_those_who_bought(self):
        self._buy(2)
        self.allocation.close_at = self._in(hours=-1)
        self.assertEqual(self._rows()["Test Réserve"]["state"], "closed")
        self.assertNotIn("Test Réserve", self._rows(self.chef_user))

    def test_other_websites_and_companies_are_not_shown(self):
        elsewhere = self.env["website"].create({"name": "Test Elsewhere"})
        self.allocation.website_ids = elsewhere
        self.assertNotIn("Test Réserve", self._rows())
        self.allocation.website_ids = False
        self.assertIn("Test Réserve", self._rows())

    def test_on_request_shows_to_holders(self):
        self.allocation.mode = "request"
        self.assertEqual(self._rows()["Test Réserve"]["state"], "request")
        self.assertNotIn("Test Réserve", self._rows(self.stranger))

    def test_buying_now_adds_the_proposed_quantity(self):
        grant = self.allocation.grant_ids.filtered(lambda g: g.customer_type_id == self.reserve)
        grant.default_quantity = 4
        self._sign_in()
        values = {"allocation_id": self.allocation.id, "product_id": self.product.id}
        response = self._post("/my/allocations/buy", **values)
        self.assertTrue(response.url.endswith("/shop/cart"))
        line = self._find_cart().order_line
        self.assertEqual((line.product_id, line.product_uom_qty), (self.product, 4))
        self._post("/my/allocations/buy", **values)
        self.assertEqual(line.product_uom_qty, 6, "as much as is left")
        response = self._post("/my/allocations/buy", **values)
        self.assertIn("All that is left for you is in your cart", response.text)
        self.assertEqual(line.product_uom_qty, 6)

    def test_a_product_in_sizes_is_chosen_first(self):
        wine, bottle, _magnum = self._create_wine_in_two_sizes()
        self._create_allocation(
            {self.reserve: 3.0}, name="Test Sizes", product_ids=False, product_tmpl_ids=wine.ids
        )
        row = self._rows()["Test Sizes"]
        self.assertEqual(row["products"], [wine])
        self.assertIsNone(wine._get_allocated_variant())
        self.assertEqual(bottle._get_allocated_variant(), bottle)

    def test_asking_for_more(self):
        self._sign_in()
        response = self._post(
            "/my/allocations/ask",
            allocation_id=self.allocation.id,
            quantity="6",
            note="For a wedding",
        )
        self.assertIn("we have your wish", response.text)
        self.assertIn("For a wedding", response.text)
        request = self.env["sale.allocation.request"].search([("partner_id", "=", self.person.id)])
        self.assertEqual((request.quantity, request.state), (6, "requested"))
        self.assertEqual(request.allocation_id, self.allocation)
        self.assertEqual(request.note, "For a wedding")
        self._sign_in("ct_chef")
        self.assertNotIn("For a wedding", self._get_text("/my/allocations"))

    def test_asking_where_it_is_over_is_refused_in_words(self):
        self._buy(2)
        self.allocation.close_at = self._in(hours=-1)
        self._sign_in()
        response = self._post("/my/allocations/ask", allocation_id=self.allocation.id, quantity="6")
        self.assertIn("closed on", response.text)
        self.assertFalse(
            self.env["sale.allocation.request"].search([("partner_id", "=", self.person.id)])
        )
