from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerTypeCommon


@tagged("post_install", "-at_install")
class TestExplain(CustomerTypeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list_wholesale, cls.list_reserve, cls.list_own = cls.env["product.pricelist"].create(
            [{"name": "List W"}, {"name": "List R"}, {"name": "List Own"}]
        )
        cls.terms = cls.env.ref("account.account_payment_term_30days")
        cls.wholesale.write(
            {"pricelist_id": cls.list_wholesale.id, "payment_term_id": cls.terms.id}
        )
        cls.reserve.pricelist_id = cls.list_reserve
        cls.restaurant._assign_customer_types(cls.wholesale + cls.reserve)

    def _rows(self, record):
        action = record.action_explain_policy()
        explanation = self.env[action["res_model"]].browse(action["res_id"])
        return explanation, {row["fname"]: row for row in explanation._get_rows()}

    def test_the_customer_reads_who_decided_and_who_was_overruled(self):
        explanation, rows = self._rows(self.chef.with_user(self.salesman))
        row = rows["pricelist_id"]
        self.assertEqual(row["decided_by"], "Test Wholesale")
        self.assertIn("List W", row["value"])
        self.assertEqual([who for _value, who in row["overruled"]], ["Test Reserve"])
        page = html.fromstring(str(explanation.table))
        cells = [td.text_content() for td in page.xpath("//tr[@data-field='payment_term_id']/td")]
        self.assertIn(self.terms.display_name, cells)
        self.assertIn("Test Wholesale", cells)

    def test_what_is_set_on_the_customer_overrules_all_types(self):
        self.restaurant.property_product_pricelist = self.list_own
        _explanation, rows = self._rows(self.restaurant)
        self.assertEqual(rows["pricelist_id"]["decided_by"], "Set on the customer")
        self.assertEqual(len(rows["pricelist_id"]["overruled"]), 2)

    def test_an_order_names_the_type_it_follows(self):
        order = self._create_order(self.chef)
        _explanation, rows = self._rows(order.with_user(self.salesman))
        self.assertEqual(rows["pricelist_id"]["decided_by"], "Test Wholesale")
        self.assertEqual(rows["payment_term_id"]["decided_by"], "Test Wholesale")

    def test_what_is_typed_on_the_order_overrules_everything(self):
        order = self._create_order(self.chef)
        order.pricelist_id = self.list_own
        _explanation, rows = self._rows(order)
        self.assertEqual(rows["pricelist_id"]["decided_by"], "Set on this order")
        self.assertEqual(rows["pricelist_id"]["overruled"][0][1], "Test Wholesale")

    def test_without_any_type_it_says_so(self):
        explanation, rows = self._rows(self.person)
        self.assertFalse(rows)
        self.assertIn("No customer type acts here", explanation.table)

    def test_an_order_one_may_not_read_is_not_explained(self):
        order = self._create_order(self.chef)
        portal = self._create_new_portal_user()
        with self.assertRaises(AccessError):
            order.with_user(portal).action_explain_policy()

    def test_comparison_shows_every_setting_side_by_side(self):
        comparison = self.env["customer.policy.compare"].create(
            {"type_ids": [(6, 0, (self.reserve + self.wholesale).ids)]}
        )
        rows = {row["fname"]: row["values"] for row in comparison._get_rows()}
        self.assertEqual(
            rows["pricelist_id"],
            [self.list_wholesale.display_name, self.list_reserve.display_name],
        )
        self.assertEqual(rows["payment_term_id"], [self.terms.display_name, ""])
        self.assertEqual(set(rows), set(self.env["customer.type"]._policy_strategies()))
        self.reserve.payment_term_id = self.terms
        comparison.only_differences = True
        rows = {row["fname"] for row in comparison._get_rows()}
        self.assertIn("pricelist_id", rows)
        self.assertNotIn("payment_term_id", rows)
        self.assertIn("List R", comparison.table)
