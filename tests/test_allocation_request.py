from datetime import date, datetime
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..models.allocation.distribution import Claim, distribute
from .allocation_common import AllocationCommon
from .parallel_common import ParallelCommon


@tagged("post_install", "-at_install")
class TestDistribution(TransactionCase):
    """Who gets how much of ten bottles, of which fifteen are asked for."""

    claims = (
        Claim(1, 8.0, 20, date(2020, 1, 1), datetime(2026, 1, 1)),
        Claim(2, 4.0, 10, date(2024, 1, 1), datetime(2026, 1, 2)),
        Claim(3, 3.0, 30, None, datetime(2026, 1, 3)),
    )

    def test_first_come(self):
        self.assertEqual(distribute(self.claims, 10, "first"), {1: 8, 2: 2, 3: 0})

    def test_strongest_type(self):
        self.assertEqual(distribute(self.claims, 10, "strength"), {1: 6, 2: 4, 3: 0})

    def test_longest_holder(self):
        self.assertEqual(distribute(self.claims, 11, "tenure"), {1: 8, 2: 3, 3: 0})

    def test_in_turns(self):
        self.assertEqual(distribute(self.claims, 10, "round"), {1: 4, 2: 3, 3: 3})
        self.assertEqual(distribute(self.claims, 10, "round", 6), {1: 6, 2: 4, 3: 0})

    def test_without_a_pool_everybody_gets_it(self):
        for rule in ("first", "strength", "tenure", "round"):
            self.assertEqual(distribute(self.claims, None, rule), {1: 8, 2: 4, 3: 3})

    def test_nothing_is_nothing(self):
        self.assertEqual(distribute(self.claims, 0, "round"), {1: 0, 2: 0, 3: 0})


@tagged("post_install", "-at_install")
class TestAllocationRequest(AllocationCommon):
    def setUp(self):
        super().setUp()
        self.allocation.pool_quantity = 30
        self.requests = self.env["sale.allocation.request"]

    def _ask(self, quantity, partner=None, note=None, allocation=None):
        return self.requests._create_from_customer(
            allocation or self.allocation, partner or self.person, quantity, note
        )

    # -- Asking ------------------------------------------------------------

    def test_a_customer_asks_for_more(self):
        request = self._ask(6, self.chef, "For the wedding")
        self.assertEqual(request.partner_id, self.restaurant)
        self.assertEqual(request.quantity, 6)
        self.assertEqual(request.state, "requested")
        activity = self.allocation.activity_ids
        self.assertEqual(activity.user_id, self.allocation.user_id)
        self._ask(2)
        self.assertEqual(len(self.allocation.activity_ids), 1, "One reminder for all of them")

    def test_asking_again_changes_what_was_asked(self):
        first = self._ask(6)
        self.assertEqual(self._ask(4), first)
        self.assertEqual(first.quantity, 4)
        self.assertEqual(self._ask(2, self.restaurant).quantity, 2)
        self.assertEqual(len(self.allocation.request_ids), 2)

    def test_what_is_asked_is_a_quantity(self):
        for quantity in (0, -6, float("nan"), float("inf"), 10**9, "six", None):
            with self.assertRaises(UserError, msg=quantity):
                self._ask(quantity)
        self.assertFalse(self.allocation.request_ids)

    def test_only_who_has_a_right_asks(self):
        stranger = self.env["res.partner"].create({"name": "Test Stranger"})
        with self.assertRaisesRegex(UserError, "allocated"):
            self._ask(6, stranger)
        self._grant(self.allocation, self.person, 0.0)
        with self.assertRaisesRegex(UserError, "allocated"):
            self._ask(6)

    def test_guests_sign_in_first(self):
        self.allocation.beyond = "everyone"
        with self.assertRaisesRegex(UserError, "Sign in"):
            self._ask(6, self.env.ref("base.public_partner"))

    def test_before_and_after_the_window_nobody_asks(self):
        self.allocation.open_at = self._in(days=1)
        with self.assertRaisesRegex(UserError, "opens"):
            self._ask(6)
        self.allocation.write({"open_at": self._in(days=-2), "close_at": self._in(days=-1)})
        with self.assertRaisesRegex(UserError, "closed"):
            self._ask(6)

    def test_on_request_only_everybody_asks_while_it_is_open(self):
        self.allocation.mode = "request"
        self.assertEqual(self._ask(6).state, "requested")
        self.allocation.close_at = self._in(days=-1)
        with self.assertRaisesRegex(UserError, "closed"):
            self._ask(6, self.restaurant)

    def test_of_what_is_archived_or_of_another_website_nobody_asks(self):
        other = self.env["website"].create({"name": "Test Other Shop"})
        self.allocation.website_ids = other
        with self.assertRaisesRegex(UserError, "not on offer"):
            self.requests._create_from_customer(
                self.allocation, self.person, 6, website=self.website
            )
        self.allocation.active = False
        with self.assertRaisesRegex(UserError, "not on offer"):
            self._ask(6)

    # -- Granting ----------------------------------------------------------

    def test_what_is_granted_can_be_bought_and_is_told(self):
        self._buy(6)
        request = self._ask(4)
        request._grant({request.id: 4}, self._in(days=7))
        self.assertEqual(request.state, "granted")
        self.assertEqual(request.grant_id.origin, "request")
        self.assertEqual(request.grant_id.valid_until, request.valid_until)
        mail = self.env["mail.mail"].search([("model", "=", request._name)], limit=1)
        self.assertEqual(mail.res_id, request.id)
        self.assertEqual(mail.recipient_ids, self.person)
        self.assertIn("Test Réserve", mail.subject)
        self.assertEqual(self._quota().left, 4)
        self._buy(3)
        request.invalidate_recordset()
        self.assertEqual((request.bought, request.outstanding), (3, 1))
        self._buy(1)
        self.requests._cron_close_requests()
        self.assertEqual(request.state, "done")

    def test_what_was_left_before_is_bought_first(self):
        self._buy(4)
        request = self._ask(6)
        request._grant({request.id: 6})
        self._buy(3)
        request.invalidate_recordset()
        self.assertEqual((request.bought, request.outstanding), (1, 5))

    def test_what_is_over_lapses_but_what_was_bought_stays(self):
        self._buy(6)
        request = self._ask(6)
        request._grant({request.id: 6}, self._in(days=7))
        self._buy(2)
        request.sudo().write({"valid_until": self._in(days=-1)})
        request.grant_id.valid_until = self._in(days=-1)
        self.requests._cron_close_requests()
        self.assertEqual(request.state, "done")
        self.assertEqual(request.bought, 2)
        self.assertEqual(self._quota().left, 0)
        again = self._ask(3)
        again._grant({again.id: 3}, self._in(days=7))
        self.assertEqual(self._quota().left, 3, "What was bought before is not counted twice")

    def test_what_is_over_and_was_not_bought_expires(self):
        request = self._ask(6)
        request._grant({request.id: 6}, self._in(days=7))
        request.sudo().write({"valid_until": self._in(days=-1)})
        self.requests._cron_close_requests()
        self.assertEqual(request.state, "expired")
        self.assertFalse(request.grant_id)
        self.assertEqual(self._quota().left, 6)

    def test_who_waits_when_it_closes_waits_no_longer(self):
        request = self._ask(6)
        self.allocation.close_at = self._in(minutes=-1)
        self.requests._cron_close_requests()
        self.assertEqual(request.state, "expired")

    def test_what_a_type_of_a_website_leaves_is_bought_first(self):
        self.reserve.website_ids = self.website
        request = self.requests._create_from_customer(
            self.allocation, self.person, 2, website=self.website
        )
        request._grant({request.id: 2})
        self.assertEqual(request.bought_before, 6)

    def test_nobody_makes_a_request_that_is_granted_already(self):
        self.allocation.pool_quantity = 20
        values = {"allocation_id": self.allocation.id, "partner_id": self.person.id, "quantity": 9}
        requests = self.env["sale.allocation.request"]
        for user in (self.clerk, self.manager):
            with self.assertRaisesRegex(UserError, "answered after"), self.cr.savepoint():
                requests.with_user(user).create({**values, "state": "granted", "granted": 9})
            with self.assertRaisesRegex(UserError, "answered after"), self.cr.savepoint():
                requests.with_user(user).with_context(default_state="granted").create(values)
        self.env["sale.allocation"]._forget_quotas()
        self.assertEqual(self._quota(self.restaurant).pool_left, 20)
        self.assertEqual(requests.with_user(self.clerk).create(values).state, "requested")

    def test_a_right_ends_with_the_period(self):
        allocation = self._create_allocation(period="month", product_ids=self.other.ids)
        request = self._ask(6, allocation=allocation)
        request._grant({request.id: 6})
        quota = self._quota(product=self.other)
        self.assertEqual(request.valid_until, quota.period.end)
        self.assertEqual(quota.maximum, 12)

    def test_no_more_is_granted_than_the_pool_holds(self):
        self._buy(6)
        requests = self._ask(20) + self._ask(10, self.restaurant)
        with self.assertRaisesRegex(UserError, "Only 24"):
            requests._grant({requests[0].id: 20, requests[1].id: 5})
        self.assertEqual(set(requests.mapped("state")), {"requested"})
        requests[0]._grant({requests[0].id: 20})
        self.assertEqual(self.allocation._get_available_to_grant(), 4)
        self._buy(5)
        self.assertEqual(self.allocation._get_available_to_grant(), 4, "Bought, not promised")

    def test_the_floor_is_not_granted(self):
        self.allocation.pool_floor = 25
        request = self._ask(6)
        with self.assertRaisesRegex(UserError, "Only 5"):
            request._grant({request.id: 6})

    def test_what_is_answered_is_not_answered_again(self):
        request = self._ask(6)
        request._grant({request.id: 6})
        with self.assertRaisesRegex(UserError, "answered"):
            request._grant({request.id: 6})
        with self.assertRaisesRegex(UserError, "answered"):
            request.action_grant()
        request.action_refuse()
        self.assertEqual(request.state, "granted")

    def test_who_is_refused_is_told(self):
        request = self._ask(4)
        request.action_refuse()
        self.assertEqual(request.state, "refused")
        mail = self.env["mail.mail"].search([("model", "=", request._name)], limit=1)
        self.assertEqual((mail.res_id, mail.recipient_ids), (request.id, self.person))
        self.assertIn("not enough", mail.body_html)
        request.action_refuse()
        self.assertEqual(self.env["mail.mail"].search_count([("model", "=", request._name)]), 1)
        template = self.env.ref("customer_type.mail_template_allocation_refused")
        template.active = False
        self._ask(4).action_refuse()
        self.assertEqual(self.env["mail.mail"].search_count([("model", "=", request._name)]), 1)

    def test_the_pool_keeps_what_is_granted(self):
        self.allocation.pool_quantity = 12
        self._grant(self.allocation, self.restaurant, 20.0)
        request = self._ask(4)
        request._grant({request.id: 4}, self._in(days=7))
        self.assertEqual(self._quota(self.restaurant).left, 8, "Four are promised")
        self.assertEqual(self._quota().left, 10, "Not to others")
        with self.assertRaisesRegex(UserError, "Only 8"):
            self._buy(9, self.restaurant)
        self._buy(8, self.restaurant)
        self.assertEqual(self._quota().left, 4)
        self._buy(1)
        self.assertEqual(self.allocation.promised_quantity, 4, "The own six come first")
        self._buy(3)
        self.assertEqual(self._balance(), (12, 0))

    def test_what_is_promised_is_free_when_its_day_is_over(self):
        self.allocation.pool_quantity = 12
        self._grant(self.allocation, self.restaurant, 20.0)
        request = self._ask(4)
        request._grant({request.id: 4}, self._in(days=7))
        self.assertEqual(self.allocation._get_available_to_grant(), 8)
        request.valid_until = self._in(seconds=-1)
        self.assertEqual(self._quota(self.restaurant).left, 12)
        self.assertEqual(self.allocation._get_available_to_grant(), 12)

    def test_what_had_closed_does_not_open_again(self):
        grant = self.allocation.grant_ids.filtered(lambda g: g.customer_type_id == self.reserve)
        self._buy(4)
        self.env["sale.allocation.entry"].flush_model()
        self.env.cr.execute("UPDATE sale_allocation_entry SET taken_at = taken_at - interval '1h'")
        self.env.invalidate_all()
        grant.write({"opens_at": self._in(days=-2), "closes_at": self._in(minutes=-5)})
        self.assertEqual(self._quota().state, "closed")
        self._grant(self.allocation, self.person, 3.0, origin="waterfall")
        quota = self._quota()
        self.assertEqual((quota.state, quota.maximum, quota.left), ("open", 7, 3))
        self._buy(3)
        self.assertEqual(self._quota().left, 0)
        grant.is_unlimited = True
        self.assertEqual(self._quota().left, 0, "No maximum, until it closed")

    # -- The preview -------------------------------------------------------

    def test_the_preview_follows_the_rule_and_can_be_changed(self):
        self.allocation.pool_quantity = 10
        requests = self._ask(8) + self._ask(4, self.restaurant)
        action = requests.with_user(self.manager).action_grant()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        with Form(wizard) as form:
            self.assertEqual(form.available, 10)
            self.assertEqual([line["granted"] for line in form.line_ids._records], [8, 2])
            form.rule = "round"
            self.assertEqual([line["granted"] for line in form.line_ids._records], [6, 4])
            form.rule = "strength"
            self.assertEqual([line["granted"] for line in form.line_ids._records], [6, 4])
            with form.line_ids.edit(0) as line:
                line.granted = 0
            form.refuse_rest = True
            self.assertEqual(form.granted, 4)
        wizard.action_apply()
        self.assertEqual(requests.mapped("state"), ["refused", "granted"])
        self.assertEqual(requests[1].granted, 4)

    def test_too_much_by_hand_is_refused(self):
        self.allocation.pool_quantity = 10
        request = self._ask(8)
        wizard = self.env["sale.allocation.distribute"].browse(request.action_grant()["res_id"])
        wizard.line_ids.granted = 12
        self.assertTrue(wizard.is_too_much)
        with self.assertRaisesRegex(UserError, "Only 10"):
            wizard.action_apply()

    def test_requests_of_one_allocation_at_a_time(self):
        other = self._create_allocation(product_ids=self.other.ids)
        requests = self._ask(1) + self._ask(1, allocation=other)
        with self.assertRaisesRegex(UserError, "one allocation"):
            requests.action_grant()

    # -- Rights ------------------------------------------------------------

    def test_clerks_take_requests_and_managers_answer(self):
        request = self.requests.with_user(self.clerk).create(
            {
                "allocation_id": self.allocation.id,
                "partner_id": self.chef.id,
                "quantity": 3,
            }
        )
        self.assertEqual(request.partner_id, self.restaurant)
        with self.assertRaises(AccessError):
            request.action_grant()
        with self.assertRaises(AccessError):
            request.action_refuse()
        with self.assertRaises(AccessError):
            request.write({"quantity": 30})
        with self.assertRaises(AccessError):
            self.requests.with_user(self.salesman).search([])


@tagged("post_install", "-at_install")
class TestParallelGrants(ParallelCommon, TransactionCase):
    """Two clerks grant what is left, at once."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partners = env["res.partner"].create([{"name": "Test One"}, {"name": "Test Two"}])
            product = env["product.product"].create({"name": "Test Parallel", "type": "service"})
            allocation = env["sale.allocation"].create(
                {
                    "name": "Test Parallel",
                    "product_ids": product.ids,
                    "mode": "request",
                    "pool_quantity": 10,
                }
            )
            requests = env["sale.allocation.request"].create(
                [
                    {"allocation_id": allocation.id, "partner_id": partner.id, "quantity": 8}
                    for partner in partners
                ]
            )
            self.ids = {
                "sale.allocation.request": requests.ids,
                "sale.allocation": allocation.ids,
                "res.partner": partners.ids,
                "product.template": product.product_tmpl_id.ids,
            }
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["sale.allocation.request"].browse(
                self.ids["sale.allocation.request"]
            ).state = "refused"
            for model, ids in self.ids.items():
                env[model].browse(ids).unlink()

    def test_the_pool_is_not_granted_twice(self):
        def grant(request_id, env, meet):
            request = env["sale.allocation.request"].browse(request_id)
            request.allocation_id._get_available_to_grant()
            meet()
            request._grant({request_id: 8})
            return "granted"

        requests = self.ids["sale.allocation.request"]
        outcomes = self._run_together(*(partial(grant, request_id) for request_id in requests))
        self.assertEqual(
            sorted(outcomes), ["Only 2 of Test Parallel can still be granted, not 8.", "granted"]
        )
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            allocation = env["sale.allocation"].browse(self.ids["sale.allocation"])
            self.assertEqual(sum(allocation.grant_ids.mapped("maximum")), 8)
