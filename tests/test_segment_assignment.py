from ast import literal_eval
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerTypeCommon


@tagged("post_install", "-at_install")
class TestAssignment(CustomerTypeCommon):
    def test_contacts_hold_what_their_company_holds(self):
        self.restaurant._assign_customer_types(self.wholesale)
        self.assertEqual(self.chef.customer_type_ids, self.wholesale)
        self.assertEqual(self.chef.customer_type_id, self.wholesale)
        late = self.env["res.partner"].create({"name": "Late", "parent_id": self.restaurant.id})
        self.assertEqual(late.customer_type_ids, self.wholesale)

    def test_assigning_to_a_contact_assigns_to_its_company(self):
        assignment = self.chef._assign_customer_types(self.wholesale)
        self.assertEqual(assignment.partner_id, self.restaurant)
        direct = self.env["customer.type.assignment"].create(
            {"partner_id": self.chef.id, "type_id": self.reserve.id}
        )
        self.assertEqual(direct.partner_id, self.restaurant)

    def test_strongest_type_follows_the_order_of_types(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.assertEqual(self.restaurant.customer_type_id, self.wholesale)
        self.reserve.sequence = 0
        self.assertEqual(self.restaurant.customer_type_id, self.reserve)
        self.assertEqual(self.chef.customer_type_id, self.reserve)

    def test_ending_one_source_keeps_the_others(self):
        by_hand = self.restaurant._assign_customer_types(self.wholesale)
        by_club = self.restaurant._assign_customer_types(self.wholesale, source="club")
        by_club._end("Left the club")
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale)
        by_hand._end("Closed down")
        self.assertFalse(self.restaurant.customer_type_ids)
        self.assertEqual(by_hand.end_reason, "Closed down")
        self.assertTrue(by_hand.ended_at)

    def test_assigning_twice_changes_the_dates_of_the_same_assignment(self):
        first = self.restaurant._assign_customer_types(self.wholesale)
        until = date.today() + timedelta(days=30)
        second = self.restaurant._assign_customer_types(self.wholesale, date_to=until)
        self.assertEqual(first, second)
        self.assertEqual(first.date_to, until)

    def test_a_second_open_assignment_is_refused_in_words(self):
        self.restaurant._assign_customer_types(self.wholesale)
        with self.assertRaisesRegex(ValidationError, "Test Restaurant holds Test Wholesale"):
            self.env["customer.type.assignment"].create(
                {"partner_id": self.restaurant.id, "type_id": self.wholesale.id}
            )

    def test_a_second_open_assignment_is_refused_by_the_database(self):
        self.restaurant._assign_customer_types(self.wholesale)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "customer_type_assignment_open_uniq"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """INSERT INTO customer_type_assignment
                       (partner_id, type_id, source, state, date_from)
                   VALUES (%s, %s, 'manual', 'scheduled', '2020-01-01')""",
                (self.restaurant.id, self.wholesale.id),
            )

    def test_the_history_of_one_type_can_be_told_again_and_again(self):
        for year in (2019, 2020, 2021):
            assignment = self.env["customer.type.assignment"].create(
                {
                    "partner_id": self.person.id,
                    "type_id": self.wholesale.id,
                    "date_from": date(year, 1, 1),
                    "date_to": date(year, 12, 31),
                }
            )
            self.assertEqual(assignment.state, "ended")
            self.assertEqual(assignment.ended_at.year, year + (assignment.ended_at.month == 1))
        self.assertFalse(self.person.customer_type_ids)

    def test_dates_in_the_wrong_order_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.env["customer.type.assignment"].create(
                {
                    "partner_id": self.person.id,
                    "type_id": self.wholesale.id,
                    "date_from": "2020-02-01",
                    "date_to": "2020-01-01",
                }
            )
        self.assertIn("dates_ordered", str(caught.exception))

    def test_an_assignment_stays_with_its_customer(self):
        assignment = self.restaurant._assign_customer_types(self.wholesale)
        with self.assertRaises(UserError):
            assignment.partner_id = self.person
        assignment._end("Over")
        with self.assertRaises(UserError):
            assignment.date_to = date.today() + timedelta(days=3)

    # -- Dates -------------------------------------------------------------

    def test_scheduled_assignments_start_and_end_by_themselves(self):
        with freeze_time("2026-03-10 12:00:00"):
            assignment = self.restaurant._assign_customer_types(
                self.wholesale, date_from=date(2026, 3, 15), date_to=date(2026, 3, 20)
            )
            self.assertEqual(assignment.state, "scheduled")
            self.assertFalse(self.chef.customer_type_ids)
        with freeze_time("2026-03-15 12:00:00"):
            self._run_cron()
            self.assertEqual(self.chef.customer_type_ids, self.wholesale)
        with freeze_time("2026-03-20 12:00:00"):
            self._run_cron()
            self.assertEqual(self.chef.customer_type_ids, self.wholesale)
        with freeze_time("2026-03-21 12:00:00"):
            self._run_cron()
            self.assertEqual(assignment.state, "ended")
            self.assertFalse(self.chef.customer_type_ids)

    def test_missed_runs_are_caught_up_with_the_true_moment(self):
        with freeze_time("2026-03-10 12:00:00"):
            assignment = self.restaurant._assign_customer_types(
                self.wholesale, date_from=date(2026, 3, 15), date_to=date(2026, 3, 20)
            )
        with freeze_time("2026-06-01 12:00:00"):
            self._run_cron()
        self.assertEqual(assignment.state, "ended")
        self.assertEqual(assignment.ended_at.date().month, 3)

    def test_days_begin_in_the_time_zone_of_the_company(self):
        company = self.env["res.company"].create({"name": "Auckland"})
        company.partner_id.tz = "Pacific/Auckland"
        self.wholesale.company_id = company
        # 12:30 UTC on the 14th is 1:30 on the 15th in Auckland (UTC+13 in March).
        with freeze_time("2026-03-14 12:30:00"):
            assignment = self.person._assign_customer_types(
                self.wholesale, date_from=date(2026, 3, 15)
            )
            self.assertEqual(assignment.state, "current")

    def test_the_scheduled_action_is_woken_at_the_very_moment(self):
        self.env.company.partner_id.tz = "Europe/Paris"
        with freeze_time("2026-03-10 12:00:00"):
            cron = self.env.ref("customer_type.cron_apply_due")
            with self._capture_triggers(cron) as moments:
                self.restaurant._assign_customer_types(
                    self.wholesale, date_from=date(2026, 3, 15), date_to=date(2026, 3, 31)
                )
        # Paris is at UTC+1 on the 15th and, after the change of the 29th, at UTC+2 on 1 April.
        self.assertEqual(
            sorted(str(m) for m in moments), ["2026-03-14 23:00:00", "2026-03-31 22:00:00"]
        )

    def test_changing_dates_takes_effect_at_once(self):
        assignment = self.restaurant._assign_customer_types(
            self.wholesale, date_from=date.today() + timedelta(days=10)
        )
        self.assertFalse(self.restaurant.customer_type_ids)
        assignment.date_from = date.today() - timedelta(days=1)
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale)

    def test_the_last_day_of_the_calendar_is_for_good(self):
        for day in ("0001-01-01", "9999-12-31"):
            assignment = self.env["customer.type.assignment"].create(
                {
                    "partner_id": self.person.id,
                    "type_id": self.wholesale.id,
                    "date_from": day,
                    "date_to": "9999-12-31",
                }
            )
            self.assertEqual(assignment.state, "current" if day < "2000" else "scheduled")
            assignment._end("Over")

    def test_types_of_an_archived_company_end_too(self):
        company = self.env["res.company"].create({"name": "Closed"})
        self.wholesale.company_id = company
        with freeze_time("2026-03-10 12:00:00"):
            assignment = self.person._assign_customer_types(
                self.wholesale, date_to=date(2026, 3, 20)
            )
        company.active = False
        with freeze_time("2026-03-25 12:00:00"):
            self._run_cron()
        self.assertEqual(assignment.state, "ended")

    def test_one_customer_in_trouble_does_not_keep_the_others_waiting(self):
        with freeze_time("2026-03-10 12:00:00"):
            partners = self.restaurant + self.person
            assignments = partners._assign_customer_types(
                self.wholesale, date_from=date(2026, 3, 15)
            )
        partner_class = self.env.registry["res.partner"]

        def _customer_types_changed(partners):
            if self.person in partners:
                raise ValueError("In trouble")

        with (
            freeze_time("2026-03-16 12:00:00"),
            patch.object(partner_class, "_customer_types_changed", _customer_types_changed),
            mute_logger("odoo.addons.customer_type.models.segment.customer_type_assignment"),
        ):
            self._run_cron()
        self.assertEqual(assignments.mapped("state"), ["current", "scheduled"])
        with freeze_time("2026-03-17 12:00:00"):
            self._run_cron()
        self.assertEqual(set(assignments.mapped("state")), {"current"})
        self.assertEqual(self.person.customer_type_ids, self.wholesale)

    # -- Partners that change ----------------------------------------------

    def test_a_person_who_becomes_a_contact_gets_what_the_company_gets(self):
        own = self.person._assign_customer_types(self.reserve)
        self.restaurant._assign_customer_types(self.wholesale)
        self.person.parent_id = self.restaurant
        self.assertEqual(self.person.customer_type_ids, self.wholesale)
        self.assertEqual(own.state, "ended")
        self.assertIn("Test Restaurant", own.end_reason)

    def test_a_customer_who_creates_its_company_stays_what_it_was(self):
        self.person.company_name = "Person Ltd"
        assignment = self.person._assign_customer_types(self.reserve)
        self.person.create_company()
        company = self.person.parent_id
        self.assertEqual(assignment.partner_id, company)
        self.assertEqual(company.customer_type_ids, self.reserve)
        self.assertEqual(self.person.customer_type_ids, self.reserve)

    def test_merging_joins_the_ledgers_and_keeps_the_longer_period(self):
        until = date.today() + timedelta(days=30)
        kept = self.restaurant._assign_customer_types(self.wholesale, date_to=until)
        double = self.person._assign_customer_types(self.wholesale)
        other = self.person._assign_customer_types(self.reserve)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.restaurant + self.person).ids, self.restaurant, extra_checks=False)
        self.assertFalse(self.person.exists())
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale + self.reserve)
        self.assertEqual(self.chef.customer_type_ids, self.wholesale + self.reserve)
        self.assertFalse(kept.date_to, "the longer of both periods is for good")
        self.assertEqual(double.state, "ended")
        self.assertEqual(double.partner_id, self.restaurant, "history is kept")
        self.assertEqual(other.partner_id, self.restaurant)

    def test_archived_customers_are_not_counted(self):
        self.restaurant._assign_customer_types(self.wholesale)
        self.person._assign_customer_types(self.wholesale)
        self.assertEqual(self.wholesale.partner_count, 2)
        self.person.active = False
        self.wholesale.invalidate_recordset(["partner_count"])
        self.assertEqual(self.wholesale.partner_count, 1)

    def test_an_archived_type_gives_nothing(self):
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.wholesale.active = False
        self.assertEqual(self.restaurant.customer_type_ids, self.reserve)
        self.assertEqual(self.restaurant.customer_type_id, self.reserve)
        self.wholesale.active = True
        self.assertEqual(self.restaurant.customer_type_id, self.wholesale)

    def test_customers_of_a_type_include_subsidiaries(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "is_company": True, "parent_id": self.restaurant.id}
        )
        branch._assign_customer_types(self.wholesale)
        action = self.wholesale.action_view_partners()
        customers = self.env["res.partner"].search(
            Domain(literal_eval(action["domain"]))
            & Domain("customer_type_ids", "=", self.wholesale.id)
        )
        self.assertEqual(customers, branch)
        self.assertEqual(self.wholesale.partner_count, 1)

    def test_a_website_is_not_deleted_from_under_a_type(self):
        website = self.env["website"].create({"name": "Trade"})
        self.wholesale.website_ids = website
        with self.assertRaisesRegex(UserError, "would act everywhere"):
            website.unlink()
        self.wholesale.website_ids += self.website
        website.unlink()
        self.assertEqual(self.wholesale.website_ids, self.website)

    def test_a_type_that_somebody_held_cannot_be_deleted(self):
        self.restaurant._assign_customer_types(self.wholesale)._end("Over")
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.wholesale.unlink()
        self.reserve.unlink()

    # -- By hand, in bulk, by import ---------------------------------------

    def test_chips_make_and_end_assignments(self):
        partner = self.person.with_user(self.clerk)
        partner.customer_type_ids = [Command.link(self.wholesale.id)]
        assignment = self.person.customer_type_assignment_ids
        self.assertEqual(assignment.source, "manual")
        self.assertEqual(assignment.state, "current")
        with Form(partner) as form:
            form.customer_type_ids.remove(self.wholesale.id)
            form.customer_type_ids.add(self.reserve)
        self.assertEqual(assignment.state, "ended")
        self.assertIn("ct_clerk", assignment.end_reason)
        self.assertEqual(self.person.customer_type_ids, self.reserve)

    def test_a_chip_takes_effect_like_any_other_assignment(self):
        order = self._create_order(self.person)
        self.env.flush_all()
        self.env.invalidate_all()
        partner = self.person.with_user(self.clerk).with_context(tracking_disable=False)
        partner.web_save({"customer_type_ids": [Command.link(self.wholesale.id)]}, {})
        self.assertEqual(order.customer_type_id, self.wholesale)
        self.assertIn("none → Test Wholesale", str(self.person.message_ids[0].body))
        self.assertEqual(
            self.env["res.partner"].search([("customer_type_ids", "=", self.wholesale.id)]),
            self.person,
        )

    def test_chips_survive_whatever_else_is_typed_in_the_form(self):
        assignment = self.person._assign_customer_types(self.wholesale)
        self.env.flush_all()
        self.env.invalidate_all()
        with Form(self.person.with_user(self.clerk)) as form:
            form.customer_type_ids.add(self.reserve)
            form.company_type = "company"
        self.assertEqual(assignment.state, "current")
        self.assertEqual(self.person.customer_type_ids, self.wholesale + self.reserve)
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "New"
            form.customer_type_ids.add(self.wholesale)
            form.company_type = "company"
        self.assertEqual(form.record.customer_type_ids, self.wholesale)

    def test_a_contact_adds_to_what_its_company_holds(self):
        self.restaurant._assign_customer_types(self.wholesale)
        self.env["res.partner"].with_user(self.clerk).create(
            {
                "name": "Sommelier",
                "parent_id": self.restaurant.id,
                "customer_type_ids": [Command.link(self.reserve.id)],
            }
        )
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale + self.reserve)

    def test_chips_leave_what_is_held_of_an_archived_type(self):
        for source in ("manual", "club"):
            assignment = self.person._assign_customer_types(self.wholesale, source=source)
            self.wholesale.active = False
            partner = self.person.with_user(self.clerk)
            partner.customer_type_ids = [Command.link(self.reserve.id)]
            partner.customer_type_ids = [Command.unlink(self.reserve.id)]
            self.assertEqual(assignment.state, "current")
            self.wholesale.active = True
            self.assertEqual(self.person.customer_type_ids, self.wholesale)
            assignment._end("Over")

    def test_a_chip_kept_by_something_else_cannot_be_removed(self):
        self.person._assign_customer_types(self.wholesale, source="club")
        with self.assertRaises(UserError) as caught:
            self.person.with_user(self.clerk).customer_type_ids = [Command.clear()]
        self.assertIn("another source (Club)", str(caught.exception))
        self.assertEqual(self.person.customer_type_ids, self.wholesale)

    def test_chips_of_another_company_are_left_alone(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.reserve.company_id = company
        self.person._assign_customer_types(self.wholesale + self.reserve)
        self.env.flush_all()
        self.env.invalidate_all()
        self.person.with_user(self.clerk).customer_type_ids = [Command.set([])]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.person.customer_type_ids, self.reserve)

    def test_creating_a_customer_with_chips_writes_the_ledger(self):
        partner = (
            self.env["res.partner"]
            .with_user(self.clerk)
            .create({"name": "New", "customer_type_ids": [Command.set(self.wholesale.ids)]})
        )
        self.assertEqual(partner.customer_type_assignment_ids.type_id, self.wholesale)
        self.assertEqual(partner.customer_type_id, self.wholesale)

    def test_the_wizard_assigns_in_bulk_and_ends_in_bulk(self):
        until = date.today() + timedelta(days=90)
        partners = self.restaurant + self.chef + self.person
        wizard = (
            self.env["customer.type.assign"]
            .with_user(self.clerk)
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"type_ids": self.wholesale.ids, "date_to": until, "reason": "Trade fair"})
        )
        self.assertIn("Customers: 2.", wizard.summary)
        wizard.action_apply()
        assignments = self.wholesale.assignment_ids
        self.assertEqual(assignments.partner_id, self.restaurant + self.person)
        self.assertEqual(set(assignments.mapped("reason")), {"Trade fair"})
        wizard.action = "end"
        wizard.action_apply()
        self.assertEqual(set(assignments.mapped("state")), {"ended"})

    def test_import_by_name_and_code_with_an_error_for_each_bad_row(self):
        assignment_model = self.env["customer.type.assignment"].with_context(import_file=True)
        # The import writes each row anew when the batch fails, which the log of the database shows.
        with mute_logger("odoo.sql_db"):
            result = assignment_model.load(
                ["partner_id", "type_id", "date_from", "date_to", "reason"],
                [
                    ["Test Restaurant", "Test Wholesale", "2026-01-01", "", "Import"],
                    ["Test Person", "TEST_RESERVE", "2026-01-01", "2020-01-01", ""],
                    ["Nobody", "Test Reserve", "2026-01-01", "", ""],
                ],
            )
        self.assertFalse(result["ids"])
        rows = {message["rows"]["from"] for message in result["messages"]}
        self.assertIn(2, rows)
        result = assignment_model.load(
            ["partner_id", "type_id", "date_from"],
            [
                ["Test Restaurant", "Test Wholesale", "2026-01-01"],
                ["Test Person", "TEST_RESERVE", "2026-01-01"],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale)
        self.assertEqual(self.person.customer_type_ids, self.reserve)
        self.assertEqual(self.person.customer_type_assignment_ids.source, "import")
        with mute_logger("odoo.sql_db"):
            again = assignment_model.load(
                ["partner_id", "type_id"], [["Test Restaurant", "Test Wholesale"]]
            )
        self.assertIn("holds Test Wholesale already", again["messages"][0]["message"])

    def test_import_by_external_id(self):
        names = {"restaurant": self.restaurant, "person": self.person, "reserve": self.reserve}
        self.env["ir.model.data"].create(
            [
                {
                    "module": "customer_type_test",
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                }
                for name, record in names.items()
            ]
        )
        assignment_model = self.env["customer.type.assignment"].with_context(import_file=True)
        fnames = ["partner_id/id", "type_id/id", "date_from"]
        rows = [
            [f"customer_type_test.{name}", "customer_type_test.reserve", "2026-01-01"]
            for name in ("restaurant", "person", "nobody")
        ]
        with mute_logger("odoo.sql_db"):
            result = assignment_model.load(fnames, rows)
        self.assertFalse(result["ids"])
        self.assertEqual({message["rows"]["from"] for message in result["messages"]}, {2})
        words = " ".join(message["message"] for message in result["messages"])
        self.assertIn("customer_type_test.nobody", words)
        self.assertFalse(self.reserve.assignment_ids)
        result = assignment_model.load(fnames, rows[:2])
        self.assertFalse(result["messages"])
        assignments = self.reserve.assignment_ids
        self.assertEqual(assignments.partner_id, self.restaurant + self.person)
        self.assertEqual(set(assignments.mapped("source")), {"import"})

    def test_import_of_customers_with_their_types(self):
        result = (
            self.env["res.partner"]
            .with_context(import_file=True)
            .load(["name", "customer_type_ids"], [["Imported Bar", "Test Wholesale,Test Reserve"]])
        )
        self.assertFalse(result["messages"])
        partner = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partner.customer_type_ids, self.wholesale + self.reserve)
        self.assertEqual(set(partner.customer_type_assignment_ids.mapped("source")), {"import"})

    # -- Companies ---------------------------------------------------------

    def _colleague(self):
        """:return: a clerk of another company, whose type is shared, and of nothing else"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.wholesale.company_id = self.env.company
        return new_test_user(
            self.env,
            "ct_colleague",
            groups="customer_type.group_user,base.group_partner_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_a_colleague_of_another_company_reads_and_saves_the_customer(self):
        colleague = self._colleague()
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {"customer_type_ids": {"fields": {"display_name": {}}}}

        def chips(values):
            return [chip["display_name"] for chip in values[0]["customer_type_ids"]]

        partners = self.env["res.partner"].with_user(colleague)
        contact = partners.web_save(
            {"name": "Waiter", "parent_id": self.restaurant.id}, specification
        )
        self.assertEqual(chips(contact), ["Test Reserve"])
        company = partners.browse(self.restaurant.id)
        company.sudo()._get_customer_policy()
        self.assertEqual(chips(company.web_read(specification)), ["Test Reserve"])
        removal = {"customer_type_ids": [Command.unlink(self.reserve.id)]}
        self.assertEqual(chips(company.web_save(removal, specification)), [])
        self.env.invalidate_all()
        self.assertEqual(self.restaurant.customer_type_ids, self.wholesale)

    def test_a_colleague_of_another_company_reads_the_assignments(self):
        colleague = self._colleague()
        self.person.company_id = self.env.company
        self.person._assign_customer_types(self.reserve)
        seen = self.restaurant._assign_customer_types(self.reserve)
        assignments = self.env["customer.type.assignment"].with_user(colleague).search([])
        self.assertIn(seen, assignments)
        self.assertNotIn(self.person, assignments.partner_id)
        self.assertEqual(seen.with_user(colleague).display_name, "Test Reserve · Test Restaurant")

    # -- Rights ------------------------------------------------------------

    def test_who_may_assign_and_who_may_edit_types(self):
        with self.assertRaises(AccessError):
            self.person.with_user(self.salesman)._assign_customer_types(
                self.wholesale.with_user(self.salesman)
            )
        with self.assertRaises(AccessError):
            self.person.with_user(self.salesman).customer_type_ids = self.wholesale
        assignment = self.person.with_user(self.clerk)._assign_customer_types(self.wholesale)
        with self.assertRaises(AccessError):
            assignment.unlink()
        with self.assertRaises(AccessError):
            assignment.with_user(self.salesman).action_end()
        assignment.with_user(self.clerk).action_end()
        self.assertEqual(assignment.state, "ended")
        with self.assertRaises(AccessError):
            self.wholesale.with_user(self.clerk).name = "Mine"
        self.wholesale.with_user(self.manager).name = "Managed"

    def test_portal_users_neither_see_nor_give_types(self):
        self.person._assign_customer_types(self.wholesale)
        portal = self._create_new_portal_user(partner_id=self.person.id)
        with self.assertRaises(AccessError):
            self.person.with_user(portal).read(["customer_type_ids"])
        with self.assertRaises(AccessError):
            self.wholesale.with_user(portal).read(["name"])
        self.website.guest_customer_type_id = self.wholesale
        with self.assertRaises(AccessError):
            self.website.with_user(portal).read(["guest_customer_type_id"])
        with self.assertRaises(AccessError):
            self.env["customer.type.assignment"].with_user(portal).search([])
        with self.assertRaises(AccessError):
            self.person.with_user(portal).write({"customer_type_ids": [(4, self.reserve.id)]})

    def test_types_of_another_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.wholesale.company_id = company
        self.person.company_id = self.env.company
        with self.assertRaisesRegex(ValidationError, "Elsewhere"):
            self.person._assign_customer_types(self.wholesale)

    def test_the_customer_shows_what_changed(self):
        person = self.person.with_context(tracking_disable=False)
        person._assign_customer_types(self.wholesale)
        self.assertIn("none → Test Wholesale", str(self.person.message_ids[0].body))

    def test_assigning_a_thousand_customers_takes_a_fixed_number_of_queries(self):
        def count(size):
            partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(size)])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            partners.with_context(tracking_disable=True)._assign_customer_types(self.wholesale)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(5)
        self.assertLess(count(1000) - count(10), 25)

    def test_chips_and_new_dates_for_many_take_a_fixed_number_of_queries(self):
        def count(size, change):
            partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(size)])
            partners = partners.with_context(tracking_disable=True)
            partners._assign_customer_types(self.reserve)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            change(partners)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def prolong(partners):
            partners._assign_customer_types(self.reserve, date_to=date.today())

        def add_chip(partners):
            partners.customer_type_ids = [Command.link(self.wholesale.id)]

        for change in (prolong, add_chip):
            count(5, change)
            self.assertLess(count(300, change) - count(10, change), 25)

    # -- Helpers -----------------------------------------------------------

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_apply_due").method_direct_trigger()
        self.env.invalidate_all()

    @contextmanager
    def _capture_triggers(self, cron):
        """Collect the moments at which ``cron`` is to be woken."""
        moments = []
        cron_class = self.env.registry["ir.cron"]

        def _trigger(self, at=None):
            moments.extend(at)

        with patch.object(cron_class, "_trigger", _trigger):
            yield moments
