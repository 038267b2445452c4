from odoo.tests import tagged

from .allocation_shop_common import AllocationShopCommon


@tagged("post_install", "-at_install")
class TestAllocationTours(AllocationShopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.type = "service"
        cls.env["payment.provider"].search([]).is_published = False
        transfer = cls.env.ref("payment.payment_provider_transfer")
        transfer.write({"state": "enabled", "is_published": True})
        transfer._transfer_ensure_pending_msg_is_set()

    def test_a_member_buys_six_is_told_why_not_seven_asks_and_buys_what_staff_grants(self):
        self.allocation.close_at = self._in(days=20)
        self.person.name = "Test Person"
        self.start_tour(
            "/shop?search=Test+Wine", "customer_type_allocation_member", login="ct_member"
        )
        order = self.env["sale.order"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(order.order_line.product_uom_qty, 6)
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._balance(self.person), (0, 6), "kept until the transfer arrives")
        request = self.env["sale.allocation.request"].search([("partner_id", "=", self.person.id)])
        self.assertEqual((request.quantity, request.state), (6, "requested"))
        self.start_tour(
            f"/odoo/allocations/{self.allocation.id}",
            "customer_type_allocation_grant",
            login="ct_manager",
        )
        self.start_tour("/my/allocations", "customer_type_allocation_granted", login="ct_member")
        self.env.invalidate_all()
        second = self.env["sale.order"].search([("partner_id", "=", self.person.id)]) - order
        self.assertEqual(second.order_line.product_uom_qty, 4)
        self.assertEqual(second.state, "sent")
        self.assertEqual(self._balance(self.person), (0, 10))

    def test_a_restaurant_waits_for_its_turn(self):
        grant = self.allocation.grant_ids.filtered(lambda g: g.customer_type_id == self.wholesale)
        grant.write({"opens_at": self._in(hours=2), "multiple": 6, "default_quantity": 6})
        self.start_tour(
            self.product.website_url, "customer_type_allocation_before", login="ct_chef"
        )
        self.assertFalse(self._find_cart(self.chef).order_line)
        grant.opens_at = self._in(seconds=-1)
        self.start_tour(self.product.website_url, "customer_type_allocation_after", login="ct_chef")
        self.assertEqual(self._find_cart(self.chef).order_line.product_uom_qty, 6)

    def test_what_is_reserved_counts_down(self):
        self.allocation.write({"mode": "reserve", "hold_minutes": 15})
        self.start_tour(
            self.product.website_url, "customer_type_allocation_timer", login="ct_member"
        )
        self.assertEqual(self._balance(self.person), (0, 1))
