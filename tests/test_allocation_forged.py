from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .allocation_shop_common import AllocationShopCommon


@tagged("post_install", "-at_install")
class TestAllocationForged(AllocationShopCommon):
    """Hiding is not enforcing: whoever asks past the pages is refused by the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls._create_allocation(
            {cls.restaurant: 5.0}, name="Test Secret", product_ids=cls.other.ids
        )

    def _count_rows(self):
        """:return: what reading must not change: rows, and when they were written last"""
        self.env.flush_all()
        counts = {}
        for model in self._get_models():
            table = self.env[model]._table
            self.env.cr.execute(f"SELECT count(*), max(write_date) FROM {table}")
            counts[model] = self.env.cr.fetchone()
        self.env.cr.execute(
            "SELECT count(*), count(allocation_held_until), max(write_date) FROM sale_order_line"
        )
        counts["sale.order.line"] = self.env.cr.fetchone()
        return counts

    @classmethod
    def _get_models(cls):
        models = [
            name
            for name, model in cls.env.registry.items()
            if name.startswith("sale.allocation")
            and model._auto
            and not model._abstract
            and not model._transient
        ]
        assert len(models) >= 5, models
        return models

    def test_reading_writes_nothing(self):
        self.allocation.mode = "reserve"
        self._sign_in()
        self._add(2)
        before = self._count_rows()
        for url in (
            "/shop",
            "/shop?search=Test+Wine",
            self.product.website_url,
            self.other.website_url,
            "/shop/cart",
            "/my",
            "/my/allocations",
        ):
            self._get_text(url)
        self._get_combination(self.product)
        self.make_jsonrpc_request("/shop/cart/allocation", {})
        self.make_jsonrpc_request("/my/counters", {"counters": ["allocation_count"]})
        self.assertEqual(self._count_rows(), before)

    def test_looking_past_the_hold_writes_nothing(self):
        self.allocation.mode = "reserve"
        self._sign_in()
        self._add(2)
        self._find_cart().order_line.allocation_held_until = self._in(minutes=-1)
        self.env["sale.allocation"]._forget_quotas()
        before = self._count_rows()
        self._get_text("/shop/cart")
        self.assertEqual(self._count_rows(), before)

    def test_forms_are_not_opened_by_a_link(self):
        self._sign_in()
        for url in ("/my/allocations/buy", "/my/allocations/ask", "/shop/cart/allocation/keep"):
            with mute_logger("odoo.http"):
                response = self.url_open(f"{url}?allocation_id={self.allocation.id}&quantity=1")
            self.assertIn(response.status_code, (404, 405), url)

    def test_the_allocation_of_another_customer(self):
        self._sign_in()
        requests = self.env["sale.allocation.request"]
        for url in ("/my/allocations/buy", "/my/allocations/ask"):
            for forged in (self.secret.id, 0, -1, "x", "", self.secret.id + 10**6):
                with self.subTest(url=url, forged=forged), mute_logger("odoo.http"):
                    response = self._post(
                        url, allocation_id=forged, product_id=self.other.id, quantity="1"
                    )
                    self.assertEqual(response.status_code, 404)
                    self.assertNotIn("Test Secret", response.text)
        self.assertFalse(requests.search([("partner_id", "=", self.person.id)]))
        self.assertFalse(self._find_cart().order_line)
        self.assertNotIn("Test Secret", self._get_text("/my/allocations"))

    def test_the_product_of_another_allocation(self):
        self._sign_in()
        with mute_logger("odoo.http"):
            response = self._post(
                "/my/allocations/buy", allocation_id=self.allocation.id, product_id=self.other.id
            )
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self._find_cart().order_line)

    def test_quantities_that_are_none(self):
        self._sign_in()
        for quantity in ("0", "-3", "nan", "inf", "1e99", "six", "", "1;2"):
            with self.subTest(quantity=quantity):
                response = self._post(
                    "/my/allocations/ask", allocation_id=self.allocation.id, quantity=quantity
                )
                self.assertIn("Please say how many more you would like", response.text)
        self.assertFalse(
            self.env["sale.allocation.request"].search([("partner_id", "=", self.person.id)])
        )

    def test_more_than_is_left_by_json(self):
        self._sign_in()
        self.assertEqual(self._add(100)["quantity"], 6)
        line = self._find_cart().order_line
        answer = self.make_jsonrpc_request(
            "/shop/cart/update",
            {"line_id": line.id, "product_id": self.product.id, "quantity": 50},
        )
        self.assertEqual(answer["quantity"], 6)
        self.assertIn("Only 6 of Test Réserve are left for you", answer["warning"])
        self.assertEqual(line.product_uom_qty, 6)

    def test_a_closed_window_by_json(self):
        self.allocation.close_at = self._in(seconds=-1)
        self._sign_in()
        answer = self._add(1)
        self.assertFalse(answer["quantity"])
        self.assertIn("Test Réserve closed on", answer["notification_info"]["warning"])
        self.assertFalse(self._find_cart().order_line.filtered("product_uom_qty"))
        response = self._post(
            "/my/allocations/buy", allocation_id=self.allocation.id, product_id=self.product.id
        )
        self.assertFalse(self._find_cart().order_line.filtered("product_uom_qty"))
        self.assertIn(response.status_code, (200, 404))

    def test_a_window_that_is_not_open_yet_by_json(self):
        self.allocation.open_at = self._in(hours=1)
        self._sign_in()
        self.assertFalse(self._add(1)["quantity"])
        response = self._post(
            "/my/allocations/buy", allocation_id=self.allocation.id, product_id=self.product.id
        )
        self.assertIn("Opens for you on", response.text)
        self.assertFalse(self._find_cart().order_line.filtered("product_uom_qty"))

    def test_a_cart_from_before_the_window_closed_is_not_paid(self):
        self._sign_in()
        self._add(2)
        self.allocation.close_at = self._in(seconds=-1)
        response = self.url_open("/shop/payment")
        self.assertTrue(response.url.endswith("/shop/cart"))
        self.assertIn("Test Réserve closed on", response.text)

    def test_customers_have_no_access_by_rpc(self):
        self._buy(2)
        self._sign_in()
        for model in self._get_models():
            records = self.env[model].with_user(self.member)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))
            with self.assertRaises(AccessError):
                records.search([])
            with mute_logger("odoo.http"):
                words = self._call_and_fail(
                    f"/web/dataset/call_kw/{model}/search_read",
                    {"model": model, "method": "search_read", "args": [[]], "kwargs": {}},
                )
            self.assertIn("not allowed", words)
            self.assertNotIn("Test Secret", words)

    def test_customers_cannot_set_what_holds_by_rpc(self):
        cart = self._cart(2)
        line = cart.order_line.with_user(self.member)
        with self.assertRaises(AccessError):
            line.write({"allocation_held_until": self._in(hours=9)})
        with self.assertRaises(AccessError):
            cart.with_user(self.member).write({"allocation_override_reason": "please"})
        self._sign_in()
        for method in ("_sync_allocations", "_renew_allocation_holds", "_get_cart_allocations"):
            with mute_logger("odoo.http"):
                self._call_and_fail(
                    f"/web/dataset/call_kw/sale.order/{method}",
                    {"model": "sale.order", "method": method, "args": [[cart.id]], "kwargs": {}},
                )
