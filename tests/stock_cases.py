"""Tests of a shop with stock, which is not among what this addon depends on.

``test_stock`` runs them, on a copy of the database that has it.
"""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.catalog.doors import DOORS
from .order_size_common import OrderSizeShopCommon
from .test_catalog_leaks import ALL, LOGGERS, LeakCommon


@tagged("post_install", "-at_install")
class TestStockDoors(LeakCommon):
    """Whoever may not see a product is not told either that it is back in stock."""

    @mute_logger(*LOGGERS)
    def test_only_who_sees_a_product_is_told_when_it_is_back(self):
        [door] = [door for door in DOORS if door.module == "website_sale_stock"]
        self.secret.write({"is_storable": True, "reserved_type_ids": self.reserve.ids})
        for user in (self.guest, self.stranger):
            with self.subTest(user=user.login):
                [(_door, reached)], _marks = self._walk(user, [door])
                self.assertFalse(reached)
                self.assertFalse(self.giant.stock_notification_partner_ids)
        [(_door, reached)], _marks = self._walk(self.holder, [door])
        self.assertEqual(reached, {door.takes})
        self.assertEqual(
            self.giant.stock_notification_partner_ids.mapped("email"), ["leak.check@example.com"]
        )

    @mute_logger(*LOGGERS)
    def test_pages_with_stock_tell_nothing(self):
        """What stock adds to products is not for everybody either."""
        self.secret.write({"is_storable": True, "reserved_type_ids": self.reserve.ids})
        names = ("Product page", "Choice of a variant", "Shop: list and search")
        doors = [door for door in DOORS if str(door.name) in names]
        for user in (self.guest, self.stranger, self.holder):
            for door, reached in self._walk(user, doors)[0]:
                with self.subTest(user=user.login, door=str(door.name)):
                    self.assertEqual(bool(reached & ALL), user == self.holder)


@tagged("post_install", "-at_install")
class TestStockQuantities(OrderSizeShopCommon, HttpCase):
    """Wholesalers buy wine in cases of six; what is left of it in stock is no full case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": cls.wholesale.ids,
                "applied_on": "product",
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "multiple": 6,
            }
        )
        cls.product.write({"type": "consu", "is_storable": True})
        cls.product.allow_out_of_stock_order = False
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.shelf = warehouse.lot_stock_id

    def _stock(self, quantity):
        self.env["stock.quant"]._update_available_quantity(self.product, self.shelf, quantity)
        self.env.flush_all()

    def _add(self, quantity):
        """:return: how many bottles the cart holds then, and what the customer reads"""
        answer = self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": quantity,
            },
        )
        return answer["cart_quantity"], answer["notification_info"]["warning"]

    def test_what_stock_leaves_has_to_fit_the_rule(self):
        self._stock(20)
        self._sign_in()
        self.assertEqual(self._add(6), (6, ""))
        held, words = self._add(18)
        self.assertEqual(held, 18)
        self.assertIn("only 20", words)
        self.assertIn("in multiples of 6", words)

    def test_less_than_a_case_is_not_sold(self):
        self._stock(4)
        self._sign_in()
        held, words = self._add(6)
        self.assertEqual(held, 0)
        self.assertIn("in multiples of 6", words)

    def test_others_buy_what_there_is(self):
        self._stock(4)
        held, words = self._add(6)
        self.assertEqual(held, 4)
        self.assertIn("only 4", words)
