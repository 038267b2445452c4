from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..hooks import uninstall_hook
from .common import CatalogCommon


@tagged("post_install", "-at_install")
class TestCatalogVisibility(CatalogCommon):
    def _check_seen(self, product, by=(), not_by=()):
        for user in by:
            self.assertTrue(self._sees(user, product), f"{user.login} sees {product.name}")
        for user in not_by:
            self.assertFalse(self._sees(user, product), f"{user.login} sees {product.name}")

    @property
    def everybody(self):
        return self.guest, self.stranger, self.holder

    # -- Reservations ------------------------------------------------------

    def test_what_nobody_reserved_is_for_everybody(self):
        self._check_seen(self.wine, by=self.everybody)

    def test_a_reserved_product_is_for_its_types(self):
        self.wine.reserved_type_ids = self.reserve
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        self.wine.reserved_type_ids = self.reserve + self.wholesale
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        self.wine.reserved_type_ids = self.wholesale
        self._check_seen(self.wine, not_by=self.everybody)
        self.wine.reserved_type_ids = False
        self._check_seen(self.wine, by=self.everybody)

    def test_staff_sees_everything(self):
        self.wine.reserved_type_ids = self.reserve
        self.wine.invalidate_recordset()
        self.assertTrue(self.wine.with_user(self.salesman).has_access("read"))
        self.assertTrue(self.wine.with_user(self.salesman).is_visible_to_user)

    def test_a_change_of_types_acts_at_once(self):
        self.wine.reserved_type_ids = self.reserve
        self._check_seen(self.wine, not_by=[self.stranger])
        self.person._assign_customer_types(self.reserve)
        self._check_seen(self.wine, by=[self.stranger])
        self.person.customer_type_assignment_ids._end("No more")
        self._check_seen(self.wine, not_by=[self.stranger])

    def test_an_archived_type_lets_nobody_in(self):
        self.wine.reserved_type_ids = self.reserve
        self.reserve.active = False
        self._check_seen(self.wine, not_by=self.everybody)

    def test_a_type_for_which_something_is_cannot_be_deleted(self):
        for record, fname in (
            (self.wine, "reserved_type_ids"),
            (self.rare, "sold_type_ids"),
            (self.tag, "priced_type_ids"),
            (self.product, "variant_reserved_type_ids"),
            (self.website, "shop_type_ids"),
        ):
            record[fname] = self.wholesale
            with self.assertRaisesRegex(UserError, "would be there for everybody"):
                self.wholesale.unlink()
            record[fname] = False
        self.wholesale.unlink()

    def test_nothing_opens_when_the_addon_goes(self):
        self.wine.reserved_type_ids = self.reserve
        priced = self._create_wine("Test On Request", priced_type_ids=self.reserve.ids)
        in_two_sizes, _bottle, magnum = self._create_wine_in_two_sizes()
        magnum.variant_reserved_type_ids = self.reserve
        bread = self._create_wine("Test Bread")
        elsewhere = self.env["website"].create(
            {"name": "Elsewhere", "shop_type_ids": self.reserve.ids}
        )
        self.website.ecommerce_access = "everyone"
        page = self.env["ir.ui.view"].create(
            {
                "name": "Test Page",
                "type": "qweb",
                "key": "website.test_page_of_uninstall",
                "arch": f"""<t t-name="website.test_page_of_uninstall"><p>For all</p>
                    <p data-customer-types="{self.reserve.id}">For some</p></t>""",
            }
        )
        uninstall_hook(self.env)
        closed = self.wine + priced + in_two_sizes
        self.assertFalse(any(closed.mapped("is_published")))
        self.assertTrue(bread.is_published)
        self.assertEqual(elsewhere.ecommerce_access, "logged_in")
        self.assertEqual(self.website.ecommerce_access, "everyone")
        self.assertNotIn("data-customer-types", page.arch)
        as_guest = self.env["ir.qweb"].with_user(self.guest)._render(page.id)
        self.assertIn("For all", as_guest)
        self.assertNotIn("For some", as_guest)

    def test_a_category_reserves_its_subtree(self):
        self.rare.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.old
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        # The nearest reservation decides.
        self.old.reserved_type_ids = self.wholesale
        self._check_seen(self.wine, not_by=self.everybody)
        self.wine.reserved_type_ids = self.reserve
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])

    def test_an_open_category_does_not_free_what_another_reserves(self):
        self.rare.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.red + self.rare
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])

    def test_two_reserved_categories_admit_the_types_of_both(self):
        self.rare.reserved_type_ids = self.wholesale
        self.deli.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.deli + self.rare
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])

    def test_a_category_that_moves_takes_its_reservation_along(self):
        self.rare.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.deli
        self._check_seen(self.wine, by=[self.guest])
        self.deli.parent_id = self.rare
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest])

    def test_a_tag_reserves(self):
        self.tag.reserved_type_ids = self.reserve
        self.wine.product_tag_ids = self.tag
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])

    # -- Moments -----------------------------------------------------------

    def test_early_access_ends_by_itself(self):
        now = fields.Datetime.now()
        self.wine.write({"reserved_type_ids": self.reserve.ids, "public_from": now})
        self.wine.public_from = now + timedelta(days=3)
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        self.wine.public_from = now - timedelta(seconds=1)
        self._check_seen(self.wine, by=self.everybody)

    def test_once_everybody_sees_it_they_do_whatever_its_category_says(self):
        self.rare.reserved_type_ids = self.wholesale
        self.wine.write(
            {
                "public_categ_ids": self.rare.ids,
                "reserved_type_ids": self.reserve.ids,
                "public_from": fields.Datetime.now() + timedelta(days=1),
            }
        )
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        self.wine.public_from = fields.Datetime.now() - timedelta(days=1)
        self._check_seen(self.wine, by=self.everybody)
        self.assertEqual(
            self.wine.with_user(self.manager).reservation_summary, "Everybody sees it."
        )

    def test_holders_wait_for_their_moment_too(self):
        now = fields.Datetime.now()
        self.wine.write(
            {
                "reserved_type_ids": self.reserve.ids,
                "reserved_from": now + timedelta(hours=1),
                "public_from": now + timedelta(days=3),
            }
        )
        self._check_seen(self.wine, not_by=self.everybody)
        self.wine.reserved_from = now - timedelta(hours=1)
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        with self.assertRaises(ValidationError):
            self.wine.reserved_from = now + timedelta(days=4)

    def test_a_product_can_be_announced_for_everybody(self):
        self.wine.public_from = fields.Datetime.now() + timedelta(days=1)
        self._check_seen(self.wine, not_by=self.everybody)

    def test_a_category_has_early_access_too(self):
        self.rare.write(
            {
                "reserved_type_ids": self.reserve.ids,
                "public_from": fields.Datetime.now() + timedelta(days=1),
            }
        )
        self.wine.public_categ_ids = self.old
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest])
        self.rare.public_from = fields.Datetime.now() - timedelta(days=1)
        self._check_seen(self.wine, by=self.everybody)

    def test_the_early_are_told_when_everybody_comes(self):
        self.assertFalse(self.wine._get_early_access())
        self.website.company_id.partner_id.tz = "Europe/Zurich"
        until = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)
        self.wine.write({"reserved_type_ids": self.reserve.ids, "public_from": until})
        early = self.wine.with_user(self.holder)._get_early_access()
        self.assertEqual(early["until"], f"{until.isoformat()}Z")
        self.assertIn("Europe/Zurich", early["label"])

    # -- Assortments and what types hide -----------------------------------

    def test_an_assortment_is_a_closed_list(self):
        bread = self._create_wine("Test Bread", public_categ_ids=self.deli.ids)
        self.reserve.assortment_product_ids = self.wine
        self._check_seen(bread, by=self.everybody)
        # Only the switch closes it.
        self.reserve.catalog_mode = "assortment"
        self._check_seen(self.wine, by=self.everybody)
        self._check_seen(bread, by=[self.guest, self.stranger], not_by=[self.holder])
        self.reserve.assortment_category_ids = self.deli
        self._check_seen(bread, by=self.everybody)
        # What is reserved for it is not thereby in its assortment.
        other = self._create_wine("Test Other", reserved_type_ids=self.reserve.ids)
        self._check_seen(other, not_by=self.everybody)

    def test_an_empty_assortment_shows_nothing(self):
        self.reserve.catalog_mode = "assortment"
        self._check_seen(self.wine, by=[self.guest, self.stranger], not_by=[self.holder])

    def test_what_one_type_hides_another_may_show(self):
        self.reserve.hidden_category_ids = self.red
        self._check_seen(self.wine, by=[self.guest, self.stranger], not_by=[self.holder])
        self.restaurant._assign_customer_types(self.wholesale)
        self._check_seen(self.wine, by=self.everybody)

    def test_a_type_hides_even_what_is_reserved_for_it(self):
        self.wine.reserved_type_ids = self.reserve
        self.reserve.hidden_tag_ids = self.tag
        self._check_seen(self.wine, by=[self.holder])
        self.wine.product_tag_ids = self.tag
        self._check_seen(self.wine, not_by=self.everybody)

    def test_union_over_the_types_held(self):
        bread = self._create_wine("Test Bread", reserved_type_ids=self.wholesale.ids)
        self.reserve.write({"catalog_mode": "assortment", "assortment_product_ids": self.wine.ids})
        self._check_seen(bread, not_by=[self.holder])
        self.restaurant._assign_customer_types(self.wholesale)
        self._check_seen(bread, by=[self.holder], not_by=[self.guest, self.stranger])
        self._check_seen(self.wine, by=[self.holder])

    # -- Guests, websites, companies ---------------------------------------

    def test_the_types_of_guests_and_of_the_typeless_count(self):
        self.wine.reserved_type_ids = self.wholesale
        self.website.guest_customer_type_id = self.wholesale
        self._check_seen(self.wine, by=[self.guest], not_by=[self.stranger, self.holder])
        self.website.default_customer_type_id = self.wholesale
        self._check_seen(self.wine, by=[self.guest, self.stranger], not_by=[self.holder])

    def test_a_type_of_another_website_opens_nothing_here(self):
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        self.wine.reserved_type_ids = self.reserve
        self.reserve.website_ids = elsewhere
        self._check_seen(self.wine, not_by=self.everybody)
        there = self.wine.with_user(self.holder).with_context(policy_website_id=elsewhere.id)
        self.assertTrue(there.sudo().is_visible_to_user)

    def test_a_private_shop_has_nothing_for_others(self):
        self.website.shop_type_ids = self.reserve
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])
        for user, expected in ((self.guest, False), (self.stranger, False), (self.holder, True)):
            website = self.website.with_user(user).sudo()
            self.assertEqual(website._is_shop_open_to_visitor(), expected)
            self.assertEqual(self.red.with_user(user).has_access("read"), expected)
        self.assertTrue(self.website.with_user(self.salesman).has_ecommerce_access())

    def test_a_private_shop_is_not_seen_from_another_website(self):
        elsewhere = self.env["website"].create(
            {"name": "Elsewhere", "shop_type_ids": self.wholesale.ids}
        )
        self.wine.website_id = elsewhere
        self._check_seen(self.wine, not_by=self.everybody)
        self.restaurant._assign_customer_types(self.wholesale)
        self._check_seen(self.wine, by=[self.holder], not_by=[self.guest, self.stranger])

    # -- Categories --------------------------------------------------------

    def test_categories_without_anything_to_see_are_not_there(self):
        self.wine.write({"reserved_type_ids": self.reserve.ids, "public_categ_ids": self.old.ids})
        for user, expected in ((self.guest, False), (self.stranger, False), (self.holder, True)):
            for category in self.old + self.rare:
                self.assertEqual(category.with_user(user).has_access("read"), expected)
            categories = self.env["product.public.category"].with_user(user)
            found = categories.search([("id", "in", (self.old + self.rare).ids)])
            self.assertEqual(bool(found), expected)

    def test_the_way_down_to_a_category_can_be_shown(self):
        self.deli.parent_id = self.red
        self.wine.public_categ_ids = self.deli
        self.rare.reserved_type_ids = self.reserve
        self.env.flush_all()
        self.env.invalidate_all()
        deli = self.deli.with_user(self.stranger)
        self.assertEqual(deli.parents_and_self, (self.red + self.deli).with_user(self.stranger))

    def test_through_a_closed_category_leads_the_way_to_an_open_one(self):
        self.rare.reserved_type_ids = self.wholesale
        self.old.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.old
        old = self.old.with_user(self.holder)
        self.assertEqual(old.parents_and_self, (self.rare + self.old).with_user(self.holder))
        self.assertIn("Test Rare", old.display_name)
        self.assertFalse(self.rare.with_user(self.stranger).has_access("read"))
        bread = self._create_wine("Test Bread", public_categ_ids=self.rare.ids)
        self._check_seen(bread, not_by=self.everybody)

    def test_a_reserved_category_is_not_there_for_others(self):
        self.rare.reserved_type_ids = self.reserve
        # Somebody reserved the product for another type: they see it, and not the category.
        self.wine.write(
            {"reserved_type_ids": self.wholesale.ids, "public_categ_ids": self.rare.ids}
        )
        self.person._assign_customer_types(self.wholesale)
        self._check_seen(self.wine, by=[self.stranger], not_by=[self.holder])
        self.assertFalse(self.rare.with_user(self.stranger).has_access("read"))

    # -- Variants ----------------------------------------------------------

    def test_a_reserved_variant_is_not_there_for_others(self):
        wine, bottle, magnum = self._create_wine_in_two_sizes()
        magnum.variant_reserved_type_ids = self.reserve
        self._check_seen(wine, by=self.everybody)
        for user, expected in ((self.guest, False), (self.stranger, False), (self.holder, True)):
            self.assertEqual(magnum.with_user(user).has_access("read"), expected)
            self.assertTrue(bottle.with_user(user).has_access("read"))
            as_user = wine.with_user(user).sudo()
            combination = magnum.product_template_attribute_value_ids.with_user(user).sudo()
            self.assertEqual(as_user._is_combination_possible(combination), expected)
            values = as_user.attribute_line_ids.product_template_value_ids._only_active()
            self.assertEqual("Magnum" in values.mapped("name"), expected)
            variants = {c._get_combination_name() for c in as_user._get_possible_combinations()}
            self.assertEqual(len(variants), 2 if expected else 1)

    def test_a_reserved_combination_of_open_values_is_marked_as_not_there(self):
        wine, _bottle, magnum = self._create_wine_in_two_sizes()
        magnum.variant_reserved_type_ids = self.reserve
        values = tuple(magnum.product_template_attribute_value_ids.ids)
        for user, expected in ((self.stranger, True), (self.holder, False)):
            as_user = wine.with_user(user)
            self.assertTrue(as_user.product_variant_ids)  # read, and kept, as the rules have it
            exclusions = as_user._get_attribute_exclusions()
            self.assertEqual(values in exclusions["archived_combinations"], expected)

    def test_variants_that_are_made_on_demand_can_still_be_chosen(self):
        color = self.env["product.attribute"].create(
            {
                "name": "Test Colour",
                "create_variant": "dynamic",
                "value_ids": [(0, 0, {"name": "Red"}), (0, 0, {"name": "White"})],
            }
        )
        line = {"attribute_id": color.id, "value_ids": [(6, 0, color.value_ids.ids)]}
        wine = self._create_wine("Test Cuvée", attribute_line_ids=[(0, 0, line)])
        red, white = wine.attribute_line_ids.product_template_value_ids
        wine._create_product_variant(red).variant_reserved_type_ids = self.reserve
        for user in (self.stranger, self.holder):
            as_user = wine.with_user(user).sudo()
            self.assertTrue(as_user._is_combination_possible(white))
        self.assertFalse(wine.with_user(self.stranger).sudo()._is_combination_possible(red))

    def test_codes_of_reserved_variants_are_not_told_by_the_product(self):
        wine, _bottle, magnum = self._create_wine_in_two_sizes()
        magnum.write({"default_code": "SECRET", "variant_reserved_type_ids": self.reserve.ids})
        with self.assertRaises(AccessError):
            wine.with_user(self.stranger).read(["variants_default_code"])

    def test_the_first_variant_is_one_the_visitor_sees(self):
        wine, bottle, magnum = self._create_wine_in_two_sizes()
        bottle.variant_reserved_type_ids = self.reserve
        # In both orders: it used to be kept for whoever asked first.
        for user, expected in ((self.holder, bottle), (self.guest, magnum), (self.holder, bottle)):
            first_id = wine.with_user(user).sudo()._get_first_possible_variant_id()
            self.assertEqual(first_id, expected.id, user.login)

    # -- Price and buying --------------------------------------------------

    def test_price_and_buying_are_rights_of_their_own(self):
        self.wine.sold_type_ids = self.reserve
        self._check_seen(self.wine, by=self.everybody)
        for user, expected in ((self.guest, False), (self.stranger, False), (self.holder, True)):
            self.assertEqual(self.wine.with_user(user)._is_ordered_by_user(), expected)
        self.wine.sold_type_ids = False
        self.red.priced_type_ids = self.reserve
        for user, expected in ((self.guest, False), (self.stranger, False), (self.holder, True)):
            self.assertEqual(not self.wine.with_user(user)._lacks_right("price"), expected)
            self.assertEqual(self.wine.with_user(user)._is_ordered_by_user(), expected)

    def test_prices_for_some_are_not_read_by_the_others(self):
        self.wine.priced_type_ids = self.reserve
        with self.assertRaises(AccessError):
            self.wine.with_user(self.stranger).read(["list_price"])
        self.assertTrue(self.wine.with_user(self.salesman).read(["list_price"]))

    def test_the_order_by_price_does_not_tell_a_price(self):
        cheap = self._create_wine("Test Cheap", list_price=1.0)
        secret = self._create_wine("Test Secret", list_price=2.0, priced_type_ids=self.reserve.ids)
        dear = self._create_wine("Test Dear", list_price=3.0)
        products = cheap + secret + dear
        domain = [("id", "in", products.ids)]
        for user, ascending in (
            (self.salesman, [cheap, secret, dear]),
            (self.holder, [cheap, secret, dear]),
            (self.stranger, [cheap, dear, secret]),
        ):
            found = self.env["product.template"].with_user(user).sudo()
            self.assertEqual(list(found.search(domain, order="list_price")), ascending)

    # -- What staff is told ------------------------------------------------

    def test_who_sees_it_in_one_line(self):
        wine = self.wine.with_user(self.manager)
        self.assertEqual(wine.reservation_summary, "Everybody sees it.")
        self.rare.reserved_type_ids = self.reserve
        self.wine.public_categ_ids = self.old
        wine.invalidate_recordset()
        self.assertEqual(
            wine.reservation_summary, "Only Test Reserve see it, because of Test Rare."
        )
        self.wine.reserved_type_ids = self.wholesale
        self.wine.sold_type_ids = self.reserve
        wine.invalidate_recordset()
        self.assertEqual(
            wine.reservation_summary, "Only Test Wholesale see it. Sold to: Test Reserve."
        )

    def test_moments_are_told_in_the_zone_of_the_shop_whoever_reads_them(self):
        self.website.company_id = self.env.company
        self.env.company.partner_id.tz = "Asia/Tokyo"
        self.manager.tz = "America/New_York"
        moments = {"reserved_from": "2098-12-31 20:30:00", "public_from": "2099-01-01 00:00:00"}
        for record in (self.wine, self.rare, self.tag):
            record.write({"reserved_type_ids": self.reserve.ids, **moments})
            summary = record.with_user(self.manager).reservation_summary
            self.assertIn("From 2099-01-01 05:30 (Asia/Tokyo).", summary)
            self.assertIn("Everybody from 2099-01-01 09:00 (Asia/Tokyo).", summary)
        label = self.wine.with_user(self.holder).sudo()._get_early_access()["label"]
        self.assertIn("09:00 (Asia/Tokyo)", label)

    def test_products_by_type(self):
        self.wine.reserved_type_ids = self.reserve
        products = self.env["product.template"].with_user(self.manager)
        domain = [("id", "=", self.wine.id), ("visible_type_ids", "in", self.wholesale.ids)]
        self.assertFalse(products.search(domain))
        domain = [("id", "=", self.wine.id), ("visible_type_ids", "in", self.reserve.ids)]
        self.assertEqual(products.search(domain), self.wine)
        by_name = [("id", "=", self.wine.id), ("visible_type_ids", "ilike", "Test Reserve")]
        self.assertEqual(products.search(by_name), self.wine)
        self.assertIn(self.reserve, self.wine.with_user(self.manager).visible_type_ids)
        before = self.wholesale.visible_product_count
        self.wine.reserved_type_ids = self.wholesale
        self.wholesale.invalidate_recordset()
        self.assertEqual(self.wholesale.visible_product_count, before + 1)
        action = self.wholesale.action_view_visible_products()
        self.assertEqual(action["context"]["search_default_visible_type_ids"], self.wholesale.id)

    def test_many_at_once(self):
        bread = self._create_wine("Test Bread")
        self.manager.group_ids += self.env.ref("product.group_product_manager")
        wizard = Form(
            self.env["customer.type.reserve"]
            .with_user(self.manager)
            .with_context(active_model="product.template", active_ids=(self.wine + bread).ids)
        )
        wizard.type_ids.add(self.reserve)
        wizard.save().action_apply()
        self.assertEqual(self.wine.reserved_type_ids, self.reserve)
        self.assertEqual(bread.reserved_type_ids, self.reserve)
        wizard.action = "free"
        wizard.save().action_apply()
        self.assertFalse((self.wine + bread).reserved_type_ids)

    def test_import_of_reservations(self):
        result = (
            self.env["product.template"]
            .with_context(import_file=True)
            .load(
                ["name", "reserved_type_ids", "public_from"],
                [["Test Imported", "Test Reserve,Test Wholesale", "2030-01-01 09:00:00"]],
            )
        )
        self.assertFalse(result["messages"])
        imported = self.env["product.template"].browse(result["ids"])
        self.assertEqual(imported.reserved_type_ids, self.reserve + self.wholesale)

    def test_import_of_reservations_by_external_id(self):
        self.env["ir.model.data"].create(
            [
                {"module": "__test__", "name": name, "model": record._name, "res_id": record.id}
                for name, record in (("reserve", self.reserve), ("wine", self.wine))
            ]
        )
        fnames = ("reserved_type_ids", "priced_type_ids", "sold_type_ids")
        result = self.env["product.template"].load(
            ["id", *(f"{fname}/id" for fname in fnames)],
            [["__test__.wine", *["__test__.reserve"] * len(fnames)]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], self.wine.ids)
        for fname in fnames:
            self.assertEqual(self.wine[fname], self.reserve)
        self.assertFalse(self._sees(self.stranger, self.wine))

    def test_settings_can_be_opened_and_saved(self):
        settings = self.env["res.config.settings"].create({"website_id": self.website.id})
        settings.shop_type_ids = self.reserve
        settings.execute()
        self.assertEqual(self.website.shop_type_ids, self.reserve)

    # -- Orders ------------------------------------------------------------

    def test_the_desk_is_warned_and_cannot_confirm(self):
        self.wine.reserved_type_ids = self.reserve
        order = Form(self.env["sale.order"].with_user(self.salesman))
        order.partner_id = self.person
        with (
            self.assertLogs("odoo.tests.form.onchange", level="WARNING") as caught,
            order.order_line.new() as line,
        ):
            line.product_id = self.product
        self.assertIn("cannot buy it", caught.output[0])
        order = order.save()
        self.assertIn("is not for this customer", order.policy_issues_html)
        with self.assertRaisesRegex(UserError, "is not for this customer"):
            order.action_confirm()
        order.partner_id = self.restaurant
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _type_line(self, customer):
        """:return: the order in which the sales desk has typed a line, and what it was told then"""
        order = Form(self.env["sale.order"].with_user(self.salesman))
        order.partner_id = customer
        told = []
        with (
            patch("odoo.tests.form._logger.getChild") as logger,
            order.order_line.new() as line,
        ):
            logger.return_value.warning = lambda words, told_: told.append(words % told_)
            line.product_id = self.product
        return order.save(), "\n".join(told)

    def test_the_desk_may_sell_what_customers_do_not_order_themselves(self):
        for record, fname in (
            (self.wine, "sold_type_ids"),
            (self.wine, "priced_type_ids"),
            (self.red, "priced_type_ids"),
        ):
            with self.subTest(record=record, fname=fname):
                record[fname] = self.reserve
                order, told = self._type_line(self.person)
                self.assertIn("confirm the order all the same", told)
                [issue] = order._get_policy_issues("confirm")
                self.assertEqual((issue.code, issue.level), ("product_not_sold", "warning"))
                self.assertIn("does not order it without us", order.policy_issues_html)
                order.action_confirm()
                self.assertEqual(order.state, "sale")
                order, told = self._type_line(self.restaurant)
                self.assertFalse(told)
                self.assertFalse(order.policy_issues_html)
                record[fname] = False

    def test_cards_of_the_catalogue_warn_the_desk_before_anything_is_added(self):
        hidden = self._create_wine("Test Hidden", reserved_type_ids=self.reserve.ids)
        unsold = self._create_wine("Test Unsold", sold_type_ids=self.reserve.ids)
        warned = self._create_wine("Test Warned", sold_type_ids=self.reserve.ids)
        (warned + self.wine).sale_line_warn_msg = "Order early"
        self.salesman.group_ids += self.env.ref("sale.group_warning_sale")
        products = (hidden + unsold + warned + self.wine).product_variant_id
        for customer, warnings in (
            (
                self.person,
                [
                    "Not for this customer",
                    "Not ordered by this customer",
                    "Not ordered by this customer\nOrder early",
                    "Order early",
                ],
            ),
            (self.restaurant, [None, None, "Order early", "Order early"]),
        ):
            with self.subTest(customer=customer.name):
                order = self._create_order(customer, order_line=False).with_user(self.salesman)
                info = order._get_product_catalog_order_line_info(products.ids)
                self.assertEqual([info[p.id].get("warning") for p in products], warnings)
                self.assertFalse(any(info[p.id].get("readOnly") for p in products))
        order = self.env["sale.order"].with_user(self.salesman)
        self.assertIn(products[0].id, order._get_product_catalog_order_line_info(products.ids))

    def test_orders_of_a_private_shop_are_for_those_it_is_for(self):
        self.website.shop_type_ids = self.reserve
        for customer, codes in ((self.person, ["product_hidden"]), (self.restaurant, [])):
            cart = self._create_order(customer, website_id=self.website.id)
            for stage in ("cart", "payment", "confirm"):
                issues = cart._get_policy_issues(stage)
                self.assertEqual([issue.code for issue in issues], codes)
            self.assertEqual(cart._is_cart_ready(), not codes)
            self.assertEqual(bool(cart._get_catalog_refusal(self.product)), bool(codes))
            typed = self._create_order(customer)
            self.assertFalse(typed._get_policy_issues("confirm"), "of no website")

    def test_a_cart_says_what_is_no_longer_allowed_and_keeps_it(self):
        cart = self._create_order(self.person, website_id=self.website.id)
        self.assertFalse(cart._get_policy_issues("cart"))
        self.wine.reserved_type_ids = self.reserve
        [issue] = cart._get_policy_issues("cart")
        self.assertEqual((issue.code, issue.level), ("product_hidden", "block"))
        self.assertEqual(issue.line_id, cart.order_line.id)
        self.assertTrue(cart.order_line)
        self.assertFalse(cart._is_cart_ready())
        with self.assertRaises(ValidationError):
            cart._check_cart_is_ready_to_be_paid()

    def test_old_orders_stay_readable(self):
        order = self._create_order(self.person)
        order.action_confirm()
        self.wine.reserved_type_ids = self.reserve
        lines = order.order_line.with_user(self.stranger)
        [values] = lines.read(["name", "product_id", "price_unit"])
        self.assertEqual(values["product_id"][0], self.product.id)
        self.assertEqual(order._get_policy_issues("cart")[0].code, "product_hidden")

    def test_what_was_asked_for_is_not_accepted_before_somebody_answers(self):
        self.red.priced_type_ids = self.reserve
        website = self.website.with_user(self.stranger).sudo()
        order = (
            self.env["sale.order"]
            .with_user(self.stranger)
            .sudo()
            ._create_catalog_request(website, self.person, self.product, 6, "Soon, please")
        )
        self.assertEqual(order.amount_total, 0.0, "the price is not for this customer")
        order.require_signature = True
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())
        order = order.with_user(self.salesman)
        order.order_line.price_unit = 42.0
        order.action_quotation_sent()
        order.action_answer_quote()
        self.assertTrue(order._has_to_be_signed())

    # -- Cost --------------------------------------------------------------

    def test_asking_costs_one_query_however_many_products(self):
        wines = self.env["product.template"].create(
            [
                {"name": f"Test {i}", "website_published": True, "reserved_type_ids": types}
                for i, types in enumerate([self.reserve.ids, self.wholesale.ids, []] * 10)
            ]
        )
        self.rare.reserved_type_ids = self.reserve
        as_holder = wines.with_user(self.holder).sudo()
        as_holder.mapped("is_visible_to_user")
        wines.invalidate_recordset()
        with self.assertQueryCount(1):
            self.assertEqual(sum(as_holder.mapped("is_visible_to_user")), 20)

    def test_rules_say_something_only_where_something_is_reserved(self):
        asked = {
            "product.template": "is_visible_to_user",
            "product.product": "is_variant_visible_to_user",
            "product.image": "is_visible_to_user",
            "product.pricelist.item": "is_variant_visible_to_user",
        }
        self._open_everything()
        _product, _bottle, magnum = self._create_wine_in_two_sizes()

        def saying(user):
            rules = self.env["ir.rule"].with_user(user)
            return {m for m, fname in asked.items() if fname in repr(rules._compute_domain(m))}

        users = (self.stranger, self.holder, self.guest)
        for record, fname in (
            (self.wine, "reserved_type_ids"),
            (magnum, "variant_reserved_type_ids"),
            (self.website, "shop_type_ids"),
        ):
            for types, said in ((False, set()), (self.reserve, set(asked)), (False, set())):
                record[fname] = types
                with self.subTest(fname=fname, types=types):
                    for user in users:
                        self.assertEqual(saying(user), said)
                    self.assertFalse(saying(self.salesman))

    def test_nothing_reserved_costs_nothing(self):
        self._open_everything()
        wine = self.wine.with_user(self.holder).sudo()
        wine.mapped("is_visible_to_user")  # warms the caches
        self.env.flush_all()
        wine.invalidate_recordset()
        with self.assertQueryCount(0):
            self.assertTrue(wine.is_visible_to_user)
