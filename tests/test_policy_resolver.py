from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_type.models.policy.policy import (
    MERGE_STRATEGIES,
    CustomerPolicy,
    PolicyIssue,
    Said,
)

from .common import CustomerTypeCommon


class TestMergeStrategies(TransactionCase):
    """Said by the strongest type first."""

    def test_first_takes_the_strongest_that_speaks(self):
        decision = MERGE_STRATEGIES["first"]((Said(1, 10), Said(2, 20)))
        self.assertEqual((decision.value, decision.type_ids), (10, (1,)))
        self.assertEqual(decision.overruled, (Said(2, 20),))

    def test_union_gives_all_in_order_of_strength_without_doubles(self):
        decision = MERGE_STRATEGIES["union"]((Said(1, (5, 3)), Said(2, (3, 9))))
        self.assertEqual(decision.value, (5, 3, 9))
        self.assertEqual(decision.type_ids, (1, 2))
        self.assertFalse(decision.overruled)

    def test_max_and_min_name_all_who_say_the_value(self):
        said = (Said(1, 10), Said(2, 30), Said(3, 30))
        largest = MERGE_STRATEGIES["max"](said)
        self.assertEqual((largest.value, largest.type_ids), (30, (2, 3)))
        smallest = MERGE_STRATEGIES["min"](said)
        self.assertEqual((smallest.value, smallest.type_ids), (10, (1,)))
        self.assertEqual(smallest.overruled, (Said(2, 30), Said(3, 30)))

    def test_a_silent_policy_answers_with_the_default(self):
        policy = CustomerPolicy()
        self.assertFalse(policy.get("pricelist_id"))
        self.assertEqual(policy.get("pricelist_id", 7), 7)
        self.assertFalse(policy.type_id)

    def test_issues_about_different_lines_or_in_other_words_are_different(self):
        issue = PolicyIssue("minimum", "block", "32.10 to your minimum")
        self.assertNotEqual(issue.key, PolicyIssue("minimum", "block", "40.00 to go").key)
        self.assertNotEqual(
            issue.key, PolicyIssue("minimum", "block", issue.message, line_id=1).key
        )


@tagged("post_install", "-at_install")
class TestResolver(CustomerTypeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list_wholesale, cls.list_reserve = cls.env["product.pricelist"].create(
            [{"name": name, "website_id": False} for name in ("Wholesale", "Reserve")]
        )
        cls.terms = cls.env.ref("account.account_payment_term_30days")
        cls.wholesale.pricelist_id = cls.list_wholesale
        cls.reserve.write({"pricelist_id": cls.list_reserve.id, "payment_term_id": cls.terms.id})
        cls.company = cls.env.company

    def _policy(self, partner, website=None):
        return partner._get_customer_policy(company=self.company, website=website)

    def test_each_field_is_decided_by_the_strongest_type_that_speaks(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        policy = self._policy(self.chef)
        self.assertEqual(policy.type_ids, (self.wholesale.id, self.reserve.id))
        self.assertEqual(policy.get("pricelist_id"), self.list_wholesale.id)
        self.assertEqual(policy.get("payment_term_id"), self.terms.id)
        decision = policy.decisions["pricelist_id"]
        self.assertEqual(decision.overruled, (Said(self.reserve.id, self.list_reserve.id),))

    def test_an_edit_of_the_type_is_seen_at_once(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self._policy(self.restaurant)
        self.reserve.sequence = 0
        self.assertEqual(self._policy(self.restaurant).get("pricelist_id"), self.list_reserve.id)
        self.reserve.pricelist_id = False
        self.assertEqual(self._policy(self.restaurant).get("pricelist_id"), self.list_wholesale.id)
        self.wholesale.active = False
        self.assertFalse(self._policy(self.restaurant).get("pricelist_id"))

    def test_a_type_of_another_company_does_not_act(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.wholesale.write({"pricelist_id": False, "company_id": other.id})
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.assertEqual(self._policy(self.restaurant).type_ids, (self.reserve.id,))
        there = self.restaurant._get_customer_policy(company=other)
        self.assertEqual(there.type_ids, (self.wholesale.id, self.reserve.id))

    def test_a_type_limited_to_websites_acts_only_there(self):
        other = self.env["website"].create({"name": "Trade", "company_id": self.company.id})
        self.wholesale.website_ids = other
        self.restaurant._assign_customer_types(self.wholesale)
        self.assertFalse(self._policy(self.restaurant).type_ids)
        self.assertFalse(self._policy(self.restaurant, self.website).type_ids)
        self.assertEqual(self._policy(self.restaurant, other).type_ids, (self.wholesale.id,))

    def test_guests_and_customers_without_a_type_follow_the_website(self):
        self.website.guest_customer_type_id = self.wholesale
        self.website.default_customer_type_id = self.reserve
        guest = self.website.user_id.partner_id
        policy = self._policy(guest, self.website)
        self.assertEqual((policy.type_ids, policy.origin), ((self.wholesale.id,), "guest"))
        # Who types an address at checkout without an account is a guest still.
        policy = self._policy(self.person, self.website)
        self.assertEqual((policy.type_ids, policy.origin), ((self.wholesale.id,), "guest"))
        self._create_new_portal_user(partner_id=self.person.id)
        policy = self._policy(self.person, self.website)
        self.assertEqual((policy.type_ids, policy.origin), ((self.reserve.id,), "default"))
        self._create_new_portal_user(partner_id=self.chef.id, login="the_chef")
        policies = (self.restaurant + self.chef)._get_customer_policies(
            company=self.company, website=self.website
        )
        self.assertEqual({p.origin for p in policies.values()}, {"default"})
        self.assertFalse(self._policy(self.person).type_ids, "the sales desk knows no default")
        self.person._assign_customer_types(self.wholesale)
        policy = self._policy(self.person, self.website)
        self.assertEqual((policy.type_ids, policy.origin), ((self.wholesale.id,), "held"))

    def test_the_visitor_is_the_browsing_user_also_under_sudo(self):
        self.website.guest_customer_type_id = self.wholesale
        self.website.default_customer_type_id = self.reserve
        public = self.website.with_user(self.website.user_id)
        self.assertEqual(public._get_visitor_policy().type_ids, (self.wholesale.id,))
        self.assertEqual(public.sudo()._get_visitor_policy().type_ids, (self.wholesale.id,))
        portal = self._create_new_portal_user(partner_id=self.person.id)
        self.assertEqual(
            self.website.with_user(portal)._get_visitor_policy().type_ids, (self.reserve.id,)
        )

    def test_a_type_with_nothing_set_says_nothing(self):
        silent = self.env["customer.type"].create({"name": "Silent"})
        self.person._assign_customer_types(silent)
        policy = self._policy(self.person)
        self.assertEqual(policy.type_ids, (silent.id,))
        self.assertFalse(policy.decisions)

    def test_no_customer_gets_an_empty_policy(self):
        self.assertFalse(self.env["res.partner"]._get_customer_policy().type_ids)

    def test_a_value_acts_only_in_the_company_it_belongs_to(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.list_wholesale.company_id = other
        self.list_reserve.company_id = False
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.assertEqual(self._policy(self.restaurant).get("pricelist_id"), self.list_reserve.id)
        there = self.restaurant._get_customer_policy(company=other)
        self.assertEqual(there.get("pricelist_id"), self.list_wholesale.id)

    def test_an_archived_value_says_nothing(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self._policy(self.restaurant)
        self.list_wholesale.active = False
        self.assertEqual(self._policy(self.restaurant).get("pricelist_id"), self.list_reserve.id)
        self.terms.active = False
        self.assertFalse(self._policy(self.restaurant).get("payment_term_id"))

    def test_a_value_of_another_company_is_refused_on_a_type_of_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["product.pricelist"].create({"name": "F", "company_id": other.id})
        self.wholesale.write({"company_id": self.company.id, "pricelist_id": False})
        with self.assertRaisesRegex(ValidationError, "belongs to Other"):
            self.wholesale.pricelist_id = foreign

    # -- Queries -----------------------------------------------------------

    def test_queries_for_one_customer(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertQueryCount(2):
            self._policy(self.restaurant)
        with self.assertQueryCount(0):
            self._policy(self.restaurant)

    def test_queries_for_a_list_of_customers(self):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(80)])
        for index, partner in enumerate(partners):
            partner._assign_customer_types((self.wholesale, self.reserve)[index % 2])
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertQueryCount(2):
            policies = partners._get_customer_policies(company=self.company)
        self.assertEqual(len(policies), 80)
        with self.assertQueryCount(0):
            partners._get_customer_policies(company=self.company)
