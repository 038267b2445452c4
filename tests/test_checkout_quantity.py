from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from odoo.addons.website_sale.tests.common import MockRequest

from odoo.addons.customer_type.models.checkout.quantity.quantity_limits import QuantityLimits

from .order_size_common import OrderSizeCommon


class TestQuantityLimits(BaseCase):
    """The arithmetic alone."""

    def test_more_goes_up_less_goes_down(self):
        cases = QuantityLimits(multiple=6)
        self.assertEqual([cases.correct(n) for n in (1, 6, 7, 13)], [6, 6, 12, 18])
        self.assertEqual([cases.correct(n, previous=12) for n in (11, 7, 5)], [6, 6, 6])

    def test_minimum_and_multiple_together(self):
        limits = QuantityLimits(minimum=10, multiple=6)
        self.assertEqual([limits.correct(n) for n in (1, 12, 13)], [12, 12, 18])

    def test_the_maximum_caps_to_what_fits(self):
        limits = QuantityLimits(maximum=20, multiple=6)
        self.assertEqual([limits.correct(n) for n in (18, 19, 10**12)], [18, 18, 18])

    def test_a_ceiling_of_somebody_else_is_kept(self):
        limits = QuantityLimits(minimum=6, multiple=6)
        self.assertEqual(limits.correct(18, ceiling=13), 12)
        self.assertEqual(limits.correct(18, ceiling=5), 0)

    def test_units_of_measure(self):
        cases = QuantityLimits(multiple=18)
        self.assertEqual(cases.correct(1, factor=12), 3, "three dozen are two times eighteen")
        self.assertEqual(cases.get_step(12), 3)
        self.assertEqual(QuantityLimits(minimum=6).correct(1, factor=0.5), 12)
        self.assertEqual(QuantityLimits(maximum=10).correct(1, factor=12), 0)

    def test_other_lines_of_the_product_count(self):
        self.assertEqual(QuantityLimits(multiple=6).correct(1, others=4), 2)
        self.assertEqual(QuantityLimits(minimum=6).correct(1, others=4), 2)
        self.assertEqual(QuantityLimits(maximum=6).correct(5, others=4), 2)
        self.assertEqual(QuantityLimits(maximum=6).correct(5, others=6), 0)

    def test_fractions(self):
        half = QuantityLimits(minimum=0.3, multiple=0.1)
        self.assertTrue(half.fits(0.7))
        self.assertFalse(half.fits(0.2))
        self.assertFalse(half.fits(0.75))
        self.assertTrue(QuantityLimits(maximum=0.3).exceeded_by(0.31))
        self.assertFalse(QuantityLimits(maximum=0.3).exceeded_by(0.1 + 0.2))

    def test_contradictions_leave_the_smallest_quantity(self):
        limits = QuantityLimits(minimum=7, maximum=3, multiple=6).widened()
        self.assertEqual(limits.maximum, 12)
        self.assertEqual(limits.correct(1), 12)
        fine = QuantityLimits(maximum=6, multiple=6)
        self.assertEqual(fine.widened(), fine)


@tagged("post_install", "-at_install")
class TestQuantityRules(OrderSizeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wines = cls.env["product.public.category"].create({"name": "Test Wines"})
        cls.reds = cls.env["product.public.category"].create(
            {"name": "Test Reds", "parent_id": cls.wines.id}
        )
        cls.rare = cls.env["product.tag"].create({"name": "Test Rare"})
        cls.product.public_categ_ids = cls.reds
        cls.product.product_tag_ids = cls.rare

    @classmethod
    def _create_rule(cls, target, types=None, **values):
        fname, applied_on = {
            "product.product": ("product_id", "variant"),
            "product.template": ("product_tmpl_id", "product"),
            "product.tag": ("product_tag_id", "tag"),
            "product.public.category": ("public_categ_id", "category"),
        }[target._name]
        types = cls.wholesale if types is None else types
        return cls.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": [Command.set(types.ids)],
                "applied_on": applied_on,
                fname: target.id,
                **values,
            }
        )

    def _limits(self, product=None, partner=None):
        order = self._create_sized_order(1, partner)
        return order._get_quantity_limits(product or self.product)

    # -- Which rule --------------------------------------------------------

    def test_a_rule_is_for_its_types_only(self):
        self._create_rule(self.product, multiple=6)
        self.assertEqual(self._limits(), QuantityLimits(multiple=6))
        self.assertIsNone(self._limits(partner=self.person))
        self.assertIsNone(self._limits(self._create_wine()))

    def test_a_rule_without_types_is_for_everybody(self):
        self._create_rule(self.product, self.wholesale.browse(), multiple=6)
        self.assertEqual(self._limits(partner=self.person).multiple, 6)
        self.assertEqual(self._limits().multiple, 6)

    def test_rules_hold_for_the_categories_below(self):
        rule = self._create_rule(self.wines, multiple=6)
        self.assertEqual(self._limits().multiple, 6)
        self.reds.parent_id = False
        self.assertIsNone(self._limits())
        self.reds.parent_id = self.wines
        self.assertEqual(self._limits().multiple, 6)
        rule.active = False
        self.assertIsNone(self._limits())

    def test_the_most_specific_rule_decides(self):
        rules = [
            self._create_rule(self.wines, minimum=2),
            self._create_rule(self.reds, minimum=3),
            self._create_rule(self.rare, minimum=4),
            self._create_rule(self.product.product_tmpl_id, minimum=5),
            self._create_rule(self.product, minimum=6),
        ]
        for minimum in (6, 5, 4, 3, 2):
            self.assertEqual(self._limits().minimum, minimum)
            rules.pop().unlink()
        self.assertIsNone(self._limits())

    def test_what_a_specific_rule_is_silent_on_the_next_one_says(self):
        self._create_rule(self.wines, multiple=6, maximum=60)
        self._create_rule(self.product, minimum=12)
        self.assertEqual(self._limits(), QuantityLimits(minimum=12, maximum=60, multiple=6))

    def test_a_rule_for_the_type_comes_before_one_for_everybody_on_the_same_products(self):
        self._create_rule(self.wines, self.wholesale.browse(), minimum=2)
        self._create_rule(self.wines, minimum=12)
        self.assertEqual(self._limits().minimum, 12)
        self.assertEqual(self._limits(partner=self.person).minimum, 2)

    def test_of_several_types_the_most_favourable_holds(self):
        self.restaurant._assign_customer_types(self.reserve)
        self._create_rule(self.wines, minimum=12, maximum=24, multiple=6)
        self._create_rule(self.wines, self.reserve, minimum=6, maximum=60, multiple=3)
        self.assertEqual(self._limits(), QuantityLimits(minimum=6, maximum=60, multiple=3))

    def test_types_that_contradict_each_other_leave_something_to_order(self):
        self.restaurant._assign_customer_types(self.reserve)
        self._create_rule(self.wines, multiple=6)
        self._create_rule(self.wines, self.reserve, maximum=2)
        self.assertEqual(self._limits(), QuantityLimits(maximum=6, multiple=6))

    def test_rules_of_another_company_do_not_speak(self):
        other = self.env["res.company"].create({"name": "Test Other Company"})
        self._create_rule(self.wines, multiple=6, company_id=other.id)
        self.assertIsNone(self._limits())

    def test_a_type_with_rules_is_not_deleted_into_rules_for_everybody(self):
        self._create_rule(self.wines, self.reserve, multiple=6)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.reserve.unlink()

    def test_a_rule_names_one_thing(self):
        rule = self._create_rule(self.wines, multiple=6)
        rule.write({"applied_on": "product", "product_tmpl_id": self.product.product_tmpl_id.id})
        self.assertFalse(rule.public_categ_id)
        self.assertEqual(rule.display_name, self.product.product_tmpl_id.display_name)
        with self.assertRaises(ValidationError):
            rule.applied_on = "tag"

    def test_rules_that_say_nothing_or_nonsense_are_refused(self):
        for values in ({}, {"minimum": -1}, {"minimum": 7, "multiple": 6, "maximum": 11}):
            with self.assertRaises(ValidationError):
                self._create_rule(self.wines, **values)

    def test_managers_make_rules_others_read_them(self):
        rule = self._create_rule(self.wines, multiple=6)
        with self.assertRaises(AccessError):
            rule.with_user(self.clerk).multiple = 12
        rule.with_user(self.manager).multiple = 12
        self.assertEqual(rule.with_user(self.salesman).multiple, 12)
        portal = self._create_new_portal_user()
        with self.assertRaises(AccessError):
            rule.with_user(portal).read(["multiple"])

    # -- Queries -----------------------------------------------------------

    def test_no_query_is_spent_while_there_is_no_rule(self):
        order = self._create_sized_order(6)
        order._get_policy_issues("cart")
        with self.assertQueryCount(0):
            self.assertFalse(order._get_policy_issues("cart"))
            self.assertIsNone(order._get_quantity_limits(self.product))

    def test_the_number_of_queries_does_not_grow_with_the_products(self):
        self._create_rule(self.wines, multiple=6)
        self._create_rule(self.rare, minimum=12)
        policy = self._create_sized_order(6)._get_customer_policy()
        rules = self.env["customer.type.quantity.rule"]

        def count(products):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for product in products:
                self.assertEqual(rules._get_product_limits(product, policy).multiple, 6)
            return self.cr.sql_log_count - before

        products = self.product
        for _number in range(10):
            products += self._create_wine()
        count(products)
        self.assertEqual(count(products), count(products[:2]))

    # -- The cart ----------------------------------------------------------

    def _add(self, cart, quantity, product=None, **kwargs):
        with MockRequest(self.env, website=self.website, sale_order_id=cart.id):
            return cart._cart_add((product or self.product).id, quantity, **kwargs)

    def _set(self, cart, quantity):
        line = cart.order_line.filtered(lambda line: line.product_id == self.product)[:1]
        with MockRequest(self.env, website=self.website, sale_order_id=cart.id):
            return cart._cart_update_line_quantity(line.id, quantity)

    def _empty_cart(self):
        cart = self._create_sized_cart(1)
        cart.order_line.unlink()
        return cart

    def test_what_is_added_is_corrected_and_the_customer_told(self):
        self._create_rule(self.wines, multiple=6)
        cart = self._empty_cart()
        answer = self._add(cart, 7)
        self.assertEqual(answer["quantity"], 12)
        self.assertIn("12 instead of 7", answer["warning"])
        self.assertIn("in multiples of 6 Units", answer["warning"])
        self.assertEqual(cart.order_line.shop_warning, answer["warning"])
        answer = self._add(cart, 6)
        self.assertEqual((answer["quantity"], answer["warning"]), (18, ""))

    def test_a_changed_quantity_is_corrected_downwards_when_it_was_lowered(self):
        self._create_rule(self.wines, multiple=6)
        cart = self._empty_cart()
        self._add(cart, 18)
        self.assertEqual(self._set(cart, 17)["quantity"], 12)
        self.assertEqual(self._set(cart, 1)["quantity"], 6)
        self.assertEqual(self._set(cart, 0)["quantity"], 0)
        self.assertFalse(cart.order_line)

    def test_the_maximum_of_one_order_counts_all_its_lines(self):
        self._create_rule(self.wines, maximum=20)
        cart = self._empty_cart()
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(self._add(cart, 1, uom_id=dozen.id)["quantity"], 1)
        answer = self._add(cart, 9)
        self.assertEqual(answer["quantity"], 8)
        self.assertIn("at most 20 Units per order", answer["warning"])
        answer = self._add(cart, 1, uom_id=dozen.id)
        self.assertEqual(answer["quantity"], 1)
        self.assertTrue(answer["warning"])

    def test_nothing_is_added_when_the_maximum_is_in_the_cart_already(self):
        self._create_rule(self.wines, maximum=12)
        cart = self._empty_cart()
        self._add(cart, 12)
        answer = self._add(cart, 1, uom_id=self.env.ref("uom.product_uom_dozen").id)
        self.assertEqual(answer["quantity"], 0)
        self.assertIn("cannot be ordered", answer["warning"])
        self.assertEqual(cart.order_line.product_uom_qty, 12)

    def test_another_unit_of_measure_is_converted(self):
        self._create_rule(self.wines, multiple=18)
        cart = self._empty_cart()
        answer = self._add(cart, 1, uom_id=self.env.ref("uom.product_uom_dozen").id)
        self.assertEqual(answer["quantity"], 3)

    def _create_box(self):
        combo = self.env["product.combo"].create(
            {"name": "Wine", "combo_item_ids": [Command.create({"product_id": self.product.id})]}
        )
        return self.env["product.product"].create(
            {
                "name": "Box",
                "type": "combo",
                "combo_ids": combo.ids,
                "list_price": 25.0,
                "website_published": True,
            }
        )

    def _add_box(self, cart, box, quantity):
        answer = self._add(cart, quantity, box)
        item = box.combo_ids.combo_item_ids
        inner = self._add(
            cart,
            answer["quantity"],
            linked_line_id=answer["line_id"],
            combo_item_id=item.id,
        )
        line = cart.order_line.browse(answer["line_id"])
        cart._check_combo_quantities(line)
        return line, inner

    def test_boxes_are_sold_as_they_are_packed(self):
        self._create_rule(self.wines, multiple=6)
        cart = self._empty_cart()
        line, inner = self._add_box(cart, self._create_box(), 1)
        self.assertEqual((line.product_uom_qty, inner["quantity"]), (1, 1))
        self.assertFalse(self._codes(cart))
        self.assertEqual(self._add(cart, 6)["quantity"], 6)
        self.assertFalse(self._codes(cart))

    def test_what_boxes_hold_counts_for_the_maximum(self):
        self._create_rule(self.wines, maximum=5)
        cart = self._empty_cart()
        self.assertEqual(self._add(cart, 3)["quantity"], 3)
        line, inner = self._add_box(cart, self._create_box(), 4)
        self.assertEqual(inner["quantity"], 2)
        self.assertEqual(line.product_uom_qty, 2)
        self.assertIn("at most 5", line.shop_warning)
        self.assertFalse(self._codes(cart))
        self.assertEqual(self._add(cart, 1)["quantity"], 3)

    def test_a_box_has_rules_of_its_own(self):
        box = self._create_box()
        self._create_rule(box, minimum=2)
        cart = self._empty_cart()
        line, inner = self._add_box(cart, box, 1)
        self.assertEqual((line.product_uom_qty, inner["quantity"]), (2, 2))

    # -- The order gate ----------------------------------------------------

    def test_the_gate_stops_what_no_rule_allows_and_says_what_would_do(self):
        self._create_rule(self.wines, multiple=6)
        order = self._create_sized_order(7).with_user(self.salesman)
        for stage in ("cart", "checkout", "payment", "confirm"):
            [issue] = order._get_policy_issues(stage)
            self.assertEqual((issue.code, issue.level), ("quantity_rule", "block"))
        self.assertEqual(issue.line_id, order.order_line.id)
        self.assertEqual(issue.fix, "Order 12 Units instead.")
        self.assertIn("7 cannot be ordered", order.policy_issues_html)
        with self.assertRaises(UserError):
            order.action_confirm()
        order.order_line.product_uom_qty = 12
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_banner_follows_an_order_while_it_is_typed(self):
        self._create_rule(self.wines, multiple=6)
        with Form(self.env["sale.order"].with_user(self.salesman)) as order:
            order.partner_id = self.restaurant
            with order.order_line.new() as line:
                line.product_id = self.product
                line.product_uom_qty = 7
            self.assertIn("Order 12 Units instead.", order.policy_issues_html)
            with order.order_line.edit(0) as line:
                line.product_uom_qty = 12
            self.assertFalse(order.policy_issues_html)

    def test_the_gate_adds_up_the_lines_of_a_product(self):
        self._create_rule(self.wines, multiple=6)
        order = self._create_sized_order(4)
        self._add_line(order, quantity=2)
        self.assertFalse(self._codes(order))

    def test_a_rule_made_while_the_cart_is_open_is_told_and_can_be_followed(self):
        cart = self._create_sized_cart(7)
        self.assertTrue(cart._is_cart_ready())
        self._create_rule(self.wines, multiple=6)
        self.assertFalse(cart._is_cart_ready())
        self.assertEqual(self._codes(cart, "payment"), ["quantity_rule"])
        self._set(cart, 8)
        self.assertEqual(cart.order_line.product_uom_qty, 12)
        self.assertTrue(cart._is_cart_ready())

    def test_rewards_are_given_in_any_quantity(self):
        self._create_rule(self.wines, multiple=6)
        program = self.env["loyalty.program"].create(
            {
                "name": "Test One Free",
                "reward_ids": [
                    Command.create({"reward_type": "product", "reward_product_id": self.product.id})
                ],
            }
        )
        order = self._create_sized_order(6)
        self._add_line(order, reward_id=program.reward_ids.id)
        self.assertFalse(self._codes(order))
