from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import CatalogCommon

PART_MODELS = (
    "product.product",
    "product.template.attribute.value",
    "product.attribute.value",
)


@tagged("post_install", "-at_install")
class TestCatalogVariants(CatalogCommon):
    """Variants that are reserved, however many there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.barolo, cls.bottle, cls.magnum = cls._create_wine_in_two_sizes()
        cls.magnum_value = cls.magnum.product_template_attribute_value_ids

    def _is_seen(self, user, record):
        """:return: whether a record is there for a user by search and by right"""
        found = record in record.with_user(user).search([("id", "=", record.id)])
        self.assertEqual(found, record.with_user(user).has_access("read"))
        return found

    def _count_parameters(self):
        """:return: how many values there are in the SQL of what a customer may search"""
        queries = (self.env[model].with_user(self.stranger)._search([]) for model in PART_MODELS)
        return sum(
            len(value) if isinstance(value, (list, tuple)) else 1
            for query in queries
            for value in query.select().params
        )

    def _count_queries(self, records):
        """:return: how many queries it takes to read some records, caches being warm"""
        records = records.with_user(self.stranger)
        records.mapped("display_name")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.mapped("display_name")
        return self.env.cr.sql_log_count - before

    def test_many_reserved_variants_cost_as_much_as_one(self):
        self.magnum.variant_reserved_type_ids = self.reserve
        asked = (self.bottle, self.bottle.product_template_attribute_value_ids)
        costs = [self._count_parameters(), *map(self._count_queries, asked)]
        size = self.magnum_value.attribute_id
        line = {"attribute_id": size.id, "value_ids": [(6, 0, size.value_ids.ids)]}
        wines = self.env["product.template"].create(
            [{"name": f"Test {i}", "attribute_line_ids": [(0, 0, line)]} for i in range(20)]
        )
        for wine in wines:
            wine.product_variant_ids[1:].variant_reserved_type_ids = self.reserve
        self.assertFalse(self._is_seen(self.stranger, wines[-1].product_variant_ids[1]))
        self.assertEqual([self._count_parameters(), *map(self._count_queries, asked)], costs)

    # -- Tags of variants --------------------------------------------------

    def _check_magnum(self, expected):
        """:param dict expected: whether a user sees the magnum; all of them see the bottle"""
        for user, is_seen in expected.items():
            self.assertTrue(self._is_seen(user, self.bottle), user.login)
            self.assertEqual(self._is_seen(user, self.magnum), is_seen, user.login)
            as_user = self.magnum.with_user(user).sudo()
            self.assertEqual(as_user._is_ordered_by_visitor(), is_seen, user.login)
            self.assertEqual(self._is_seen(user, self.magnum_value), is_seen, user.login)

    def test_a_reserved_tag_of_a_variant_reserves_the_variant(self):
        self.magnum.additional_product_tag_ids = self.tag
        self._check_magnum({self.guest: True, self.stranger: True, self.holder: True})
        self.tag.reserved_type_ids = self.reserve
        self._check_magnum({self.guest: False, self.stranger: False, self.holder: True})
        self.tag.public_from = fields.Datetime.now() - timedelta(days=1)
        self._check_magnum({self.guest: True, self.stranger: True, self.holder: True})

    def test_a_variant_gets_and_loses_a_reserved_tag(self):
        self.tag.reserved_type_ids = self.reserve
        for give, take in (
            (
                lambda: self.magnum.write({"additional_product_tag_ids": [(4, self.tag.id)]}),
                lambda: self.magnum.write({"additional_product_tag_ids": [(5, 0, 0)]}),
            ),
            (
                lambda: self.tag.write({"product_product_ids": [(4, self.magnum.id)]}),
                lambda: self.tag.write({"product_product_ids": [(5, 0, 0)]}),
            ),
        ):
            self._check_magnum({self.stranger: True, self.holder: True})
            give()
            self._check_magnum({self.stranger: False, self.holder: True})
            take()
        self._check_magnum({self.stranger: True, self.holder: True})

    def test_the_types_that_a_variant_names_come_before_its_tags(self):
        self.tag.reserved_type_ids = self.wholesale
        self.magnum.write(
            {
                "additional_product_tag_ids": self.tag.ids,
                "variant_reserved_type_ids": self.reserve.ids,
            }
        )
        self._check_magnum({self.stranger: False, self.holder: True})

    def test_two_reserved_tags_admit_the_types_of_both(self):
        other = self.tag.copy({"reserved_type_ids": self.reserve.ids})
        self.tag.reserved_type_ids = self.wholesale
        self.magnum.additional_product_tag_ids = self.tag + other
        self._check_magnum({self.stranger: False, self.holder: True})

    def test_an_order_with_a_variant_that_a_tag_reserves_is_stopped(self):
        self.tag.reserved_type_ids = self.reserve
        self.magnum.additional_product_tag_ids = self.tag
        for variant, codes in ((self.bottle, []), (self.magnum, ["product_hidden"])):
            line = {"product_id": variant.id, "product_uom_qty": 1}
            order = self._create_order(self.person, order_line=[(0, 0, line)])
            issues = order._get_policy_issues("confirm")
            self.assertEqual([issue.code for issue in issues], codes)

    # -- Values ------------------------------------------------------------

    def test_a_value_is_named_where_some_variant_with_it_is_seen(self):
        attribute_value = self.magnum_value.product_attribute_value_id
        self.magnum.variant_reserved_type_ids = self.reserve
        for user, expected in ((self.stranger, False), (self.holder, True)):
            self.assertEqual(self._is_seen(user, self.magnum_value), expected)
            self.assertEqual(self._is_seen(user, attribute_value), expected)
        line = {
            "attribute_id": attribute_value.attribute_id.id,
            "value_ids": [(6, 0, attribute_value.ids)],
        }
        other = self._create_wine("Test Barbera", attribute_line_ids=[(0, 0, line)])
        self.assertFalse(self._is_seen(self.stranger, self.magnum_value))
        self.assertTrue(self._is_seen(self.stranger, attribute_value))
        other.active = False
        other.product_variant_ids.active = False
        self.magnum.active = False
        self.assertFalse(self._is_seen(self.stranger, self.magnum_value))
