from functools import partial

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
# What was read is read again when a second has passed.
@freeze_time("2026-06-15 12:00:00")
class TestAllocationQueries(AllocationCommon):
    """What allocations ask the database, beside an order over products that are not allocated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.allocation.pool_quantity = 1000
        cls.wines = cls.env["product.product"].create(
            [
                {"name": f"Test Wine {number}", "type": "service", "taxes_id": False}
                for number in range(20)
            ]
        )
        cls.plain, cls.allocated = cls.wines[:10], cls.wines[10:]
        cls.allocation.product_ids = [Command.link(wine.id) for wine in cls.allocated]

    def _count(self, act):
        """:return: how many queries it takes, once the caches of the server are warm"""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["sale.allocation"]._forget_quotas()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    # -- The cart ----------------------------------------------------------

    def _count_change(self, product):
        """:return: queries to change a quantity and to look at the cart"""
        cart = self._order(1, product=product, website_id=self.website.id)
        counts = [self._count(partial(self._change, cart, quantity)) for quantity in (2, 3, 4)]
        self.assertEqual(cart.order_line.product_uom_qty, 4)
        return counts[-1]

    def _change(self, cart, quantity):
        cart._cart_update_line_quantity(cart.order_line.id, quantity)
        self.assertTrue(cart._is_cart_ready())

    def _count_first(self, product):
        """:return: queries to put something into a cart, of a customer who has never had any"""
        counts = []
        for number in range(3):
            customer = self.env["res.partner"].create({"name": f"Test New {number}"})
            customer._assign_customer_types(self.reserve)
            cart = self._order(1, customer, self.plain[1], website_id=self.website.id)
            counts.append(self._count(partial(self._put, cart, product)))
            self.assertEqual(len(cart.order_line), 2)
        return counts[-1]

    def _put(self, cart, product):
        cart._cart_add(product.id, 1)
        self.assertTrue(cart._is_cart_ready())

    def test_a_change_of_the_cart(self):
        """What binds the customer is read (1)."""
        plain = self._count_change(self.plain[0])
        self.assertEqual(self._count_change(self.allocated[0]) - plain, 1)

    def test_a_change_of_a_cart_that_keeps(self):
        """What binds the customer is read, and what the order has; then all is booked at once."""
        plain = self._count_change(self.plain[0])
        self.allocation.mode = "reserve"
        self.assertEqual(self._count_change(self.allocated[0]) - plain, 3)

    def test_the_first_in_a_cart(self):
        plain = self._count_first(self.plain[0])
        self.assertEqual(self._count_first(self.allocated[0]) - plain, 1)
        self.allocation.mode = "reserve"
        self.assertEqual(
            self._count_first(self.allocated[0]) - plain, 3, "The order remembers it has some"
        )

    # -- Confirming --------------------------------------------------------

    def _count_confirmation(self, lines):
        """
        :param int lines: how many of ten lines are allocated
        :return: queries to confirm an order
        """
        counts = []
        for _round in range(3):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.restaurant.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 0.25})
                        for product in self.allocated[:lines] + self.plain[lines:]
                    ],
                }
            )
            counts.append(self._count(order.action_confirm))
            self.assertEqual(order.state, "sale")
            self.assertEqual(order.has_allocations, bool(lines))
        return min(counts)

    def test_a_confirmation(self):
        plain = self._count_confirmation(0)
        one, ten = (self._count_confirmation(lines) - plain for lines in (1, 10))
        self.assertEqual(one, 3)
        self.assertEqual(ten, one, "not more for more lines")

    def test_a_confirmation_over_ten_allocations(self):
        """What is left of all of them is read at once, and taken at once."""
        plain = self._count_confirmation(0)
        self.allocation.product_ids = [Command.set(self.allocated[0].ids)]
        for wine in self.allocated[1:]:
            self._create_allocation(
                {self.wholesale: 12.0}, product_ids=wine.ids, pool_quantity=1000
            )
        self.assertEqual(self._count_confirmation(10) - plain, 3)
        entries = self.env["sale.allocation.entry"].search([("product_id", "in", self.wines.ids)])
        self.assertEqual(len(entries.allocation_id), 10)

    # -- Lists -------------------------------------------------------------

    def test_a_list_of_eighty(self):
        wines = self.env["product.template"].create(
            [{"name": f"Test Many {number}", "type": "service"} for number in range(80)]
        )
        lookup = self.env["sale.allocation"]._get_customer_allocations

        def look():
            return lookup(wines, self.person, self.website, self.env.company)

        for expected in (0, 1):
            look()
            self.env["sale.allocation"]._forget_quotas()
            with self.assertQueryCount(expected):
                look()
            self.allocation.product_tmpl_ids = wines
        self.assertEqual(len(look()), 80)
