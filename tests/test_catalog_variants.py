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
