from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PricingCommon


@tagged("post_install", "-at_install")
class TestPricingPricelist(PricingCommon):
    # -- Who gets which price list -----------------------------------------

    def test_holders_and_their_contacts_get_the_price_list_of_their_type(self):
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)
        self.assertEqual(self._pricelist_of(self.chef), self.wholesale_list)
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)

    def test_a_price_list_set_on_the_customer_comes_before_that_of_the_type(self):
        own = self._create_pricelist("Test Own", 500.0)
        self.restaurant.specific_property_product_pricelist = own
        self.assertEqual(self._pricelist_of(self.restaurant), own)
        self.assertEqual(self._pricelist_of(self.chef), own)

    def test_the_strongest_type_that_names_a_price_list_decides(self):
        reserve_list = self._create_pricelist("Test Reserve", 700.0)
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)
        self.reserve.pricelist_id = reserve_list
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)
        self.reserve.sequence = 0
        self.assertEqual(self._pricelist_of(self.restaurant), reserve_list)
        self.reserve.pricelist_id = False
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)

    def test_a_type_with_nothing_set_leaves_the_choice_to_odoo(self):
        self.person._assign_customer_types(self.reserve)
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)

    def test_the_price_list_follows_assignments_in_the_same_transaction(self):
        assignment = self.person._assign_customer_types(self.wholesale)
        self.assertEqual(self._pricelist_of(self.person), self.wholesale_list)
        assignment._end("No more")
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)

    def test_an_archived_type_gives_no_price_list_and_reserves_none(self):
        self.assertTrue(self.wholesale_list.is_reserved)
        self.wholesale.active = False
        self.assertFalse(self.wholesale_list.is_reserved)
        # Odoo's own trap, now that the price list is one like any other: it sorts first.
        self.env.invalidate_all()
        self.assertEqual(self._pricelist_of(self.person), self.wholesale_list)

    def test_an_archived_price_list_is_given_to_nobody(self):
        self.wholesale_list.active = False
        self.assertEqual(self._pricelist_of(self.restaurant), self.retail_list)
        self.wholesale_list.active = True
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)

    def test_a_price_list_of_another_company_is_not_given(self):
        company = self.env["res.company"].create({"name": "Test Branch"})
        self.wholesale_list.company_id = company
        self.assertEqual(self._pricelist_of(self.restaurant), self.retail_list)
        there = self.restaurant.with_company(company)
        self.assertEqual(self._pricelist_of(there), self.wholesale_list)

    def test_a_type_of_another_company_gives_nothing_here(self):
        company = self.env["res.company"].create({"name": "Test Branch"})
        self.wholesale.company_id = company
        self.assertEqual(self._pricelist_of(self.restaurant), self.retail_list)
        there = self.restaurant.with_company(company)
        self.assertEqual(self._pricelist_of(there), self.wholesale_list)

    def test_a_type_limited_to_a_website_acts_on_that_website_only(self):
        other = self.env["website"].create({"name": "Test Second Shop"})
        self.wholesale.write({"company_id": self.env.company.id, "website_ids": other.ids})
        self.assertEqual(self._pricelist_of(self.restaurant), self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant, self.website), self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant, other), self.wholesale_list)

    def test_a_price_list_limited_to_a_website_is_given_there_and_at_the_sales_desk(self):
        other = self.env["website"].create({"name": "Test Second Shop"})
        self.wholesale_list.website_id = other
        self.assertEqual(self._pricelist_of(self.restaurant, self.website), self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant, other), self.wholesale_list)
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)

    def test_guests_and_customers_without_a_type_get_what_the_website_says(self):
        guest_list = self._create_pricelist("Test Guest", 950.0)
        member_list = self._create_pricelist("Test Member", 900.0)
        types = self.env["customer.type"].create(
            [
                {"name": "Test Guest", "pricelist_id": guest_list.id},
                {"name": "Test Member", "pricelist_id": member_list.id},
            ]
        )
        public_partner = self.website.user_id.partner_id
        self.assertEqual(self._pricelist_of(public_partner, self.website), self.retail_list)
        self.website.guest_customer_type_id, self.website.default_customer_type_id = types
        self.assertEqual(self._pricelist_of(public_partner, self.website), guest_list)
        self.assertEqual(self._pricelist_of(self.person, self.website), member_list)
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant, self.website), self.wholesale_list)

    # -- Reserved ----------------------------------------------------------

    def test_a_type_price_list_never_becomes_the_default_of_others(self):
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)
        self.wholesale_list.open_to_all = True
        self.env.invalidate_all()
        self.assertEqual(self._pricelist_of(self.person), self.wholesale_list)

    def test_a_type_price_list_is_not_picked_by_country(self):
        belgium = self.env.ref("base.be")
        group = self.env["res.country.group"].create(
            {"name": "Test Group", "country_ids": [Command.link(belgium.id)]}
        )
        self.wholesale_list.country_group_ids = group
        self.person.country_id = belgium
        self.assertEqual(self._pricelist_of(self.person), self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)
        self.wholesale.pricelist_id = False
        self.env.invalidate_all()
        self.assertEqual(self._pricelist_of(self.person), self.wholesale_list)

    def test_a_type_price_list_is_not_the_default_by_system_parameter_either(self):
        self.env["product.pricelist"].search([("id", "!=", self.wholesale_list.id)]).write(
            {"country_group_ids": [Command.link(self.env.ref("base.europe").id)]}
        )
        self.env["ir.config_parameter"].set_param(
            "res.partner.property_product_pricelist", self.wholesale_list.id
        )
        self.assertNotEqual(self._pricelist_of(self.person), self.wholesale_list)
        self.wholesale.pricelist_id = False
        self.env.invalidate_all()
        self.assertEqual(self._pricelist_of(self.person), self.wholesale_list)

    def test_a_type_price_list_is_none_of_those_a_website_offers(self):
        self.wholesale_list.website_id = self.website
        self.assertNotIn(self.wholesale_list, self.website.pricelist_ids)
        self.assertIn(self.retail_list, self.website.pricelist_ids)
        self.wholesale_list.open_to_all = True
        self.website.invalidate_recordset(["pricelist_ids"])
        self.assertIn(self.wholesale_list, self.website.pricelist_ids)

    def test_what_is_reserved_can_be_searched(self):
        pricelists = self.retail_list + self.wholesale_list
        domain = [("id", "in", pricelists.ids)]
        search = self.env["product.pricelist"].search
        self.assertEqual(search([*domain, ("is_reserved", "=", True)]), self.wholesale_list)
        self.assertEqual(search([*domain, ("is_reserved", "=", False)]), self.retail_list)
        self.assertEqual(pricelists.filtered("is_reserved"), self.wholesale_list)

    def test_a_price_list_is_open_again_when_it_is_selectable_or_no_type_names_it(self):
        self.wholesale_list.selectable = True
        self.assertFalse(self.wholesale_list.is_reserved)
        self.wholesale_list.selectable = False
        self.assertTrue(self.wholesale_list.is_reserved)
        self.wholesale.pricelist_id = self.retail_list
        self.assertFalse(self.wholesale_list.is_reserved)
        self.assertTrue(self.retail_list.is_reserved)

    def test_what_guests_or_customers_without_a_type_get_is_not_reserved(self):
        self.reserve.pricelist_id = self.wholesale_list
        self.website.guest_customer_type_id = self.reserve
        self.assertFalse(self.wholesale_list.is_reserved)
        self.website.guest_customer_type_id = False
        self.assertTrue(self.wholesale_list.is_reserved)
        self.website.default_customer_type_id = self.reserve
        self.assertFalse(self.wholesale_list.is_reserved)
        self.reserve.active = False
        self.assertTrue(self.wholesale_list.is_reserved)

    def test_naming_the_price_list_of_everybody_warns_before_it_is_reserved(self):
        warning = self.reserve.new({"pricelist_id": self.retail_list.id})._onchange_pricelist_id()
        self.assertIn("Test Retail", warning["warning"]["message"])
        self.retail_list.open_to_all = True
        self.assertFalse(
            self.reserve.new({"pricelist_id": self.retail_list.id})._onchange_pricelist_id()
        )

    def test_a_price_list_and_terms_in_use_by_a_type_cannot_be_deleted(self):
        for in_use in (self.wholesale_list, self.net_30):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                in_use.unlink()
        self.wholesale.write({"pricelist_id": False, "payment_term_id": False})
        self.assertTrue(self.wholesale_list.unlink())
        self.assertTrue(self.net_30.unlink())

    # -- The feature -------------------------------------------------------

    def test_naming_a_price_list_switches_price_lists_on_for_everybody(self):
        feature = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user")._remove_group(feature)
        groups = self.env["res.groups"]
        feature.user_ids = [Command.clear()]
        self.assertFalse(groups._is_feature_enabled("product.group_product_pricelist"))
        self.assertFalse(self._pricelist_of(self.restaurant))
        self.reserve.name = "Test Reserve, renamed"
        self.assertFalse(groups._is_feature_enabled("product.group_product_pricelist"))
        self.reserve.with_user(self.manager).pricelist_id = self.retail_list
        self.assertTrue(groups._is_feature_enabled("product.group_product_pricelist"))
        self.assertIn(feature, self.env.ref("base.group_user").all_implied_ids)

    # -- The partner form --------------------------------------------------

    def test_retail_chosen_for_a_wholesaler_is_kept(self):
        self.restaurant.property_product_pricelist = self.retail_list
        self.assertEqual(self.restaurant.specific_property_product_pricelist, self.retail_list)
        self.assertEqual(self._pricelist_of(self.restaurant), self.retail_list)

    def test_the_price_list_of_the_type_is_not_stored_on_the_customer(self):
        self.restaurant.property_product_pricelist = self.retail_list
        self.restaurant.property_product_pricelist = self.wholesale_list
        self.assertFalse(self.restaurant.specific_property_product_pricelist)
        self.assertEqual(self._pricelist_of(self.restaurant), self.wholesale_list)

    def test_saving_the_form_of_a_new_holder_pins_no_price_list(self):
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "Test Bistro"
            form.customer_type_ids.add(self.wholesale)
        partner = form.record.sudo()
        self.assertEqual(partner.customer_type_ids, self.wholesale)
        self.assertFalse(partner.specific_property_product_pricelist)
        self.assertEqual(self._pricelist_of(partner), self.wholesale_list)

    # -- Speed -------------------------------------------------------------

    def test_eighty_customers_cost_two_queries_more_than_bare_odoo_at_most(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Test Customer {n}", "is_company": True} for n in range(80)]
        )
        partners[:40]._assign_customer_types(self.wholesale)
        pricelists = self.env["product.pricelist"]

        def count_queries(**context):
            result = pricelists.with_context(**context)._get_partner_pricelist_multi(partners.ids)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            result = pricelists.with_context(**context)._get_partner_pricelist_multi(partners.ids)
            return self.cr.sql_log_count - before, result

        bare, _result = count_queries(without_customer_policy=True)
        count, result = count_queries()
        self.assertLessEqual(count, bare + 2)
        self.assertEqual(
            [result[partner.id] for partner in partners],
            [self.wholesale_list] * 40 + [self.retail_list] * 40,
        )

    def test_a_clerk_reads_what_a_type_gives_and_does_not_change_it(self):
        self.assertTrue(self.wholesale.with_user(self.clerk).pricelist_id.name)
        with self.assertRaises(AccessError):
            self.wholesale.with_user(self.clerk).pricelist_id = self.retail_list
