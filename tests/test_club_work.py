from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.tz import gettz, resolve_imaginary
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon

_RUN = "odoo.addons.customer_type.models.club.sale_club_run"


@tagged("post_install", "-at_install")
class TestClubWork(ClubCommon):
    """How runs come to their work: in parts, late, and next to one that is broken."""

    # -- A part --------------------------------------------------------------

    def test_a_part_is_processed_and_then_the_rest(self):
        members = self._create_members(4)
        run = self._create_run()
        run._open_window()
        run.part_domain = str([("member_id", "in", members[:2].ids)])
        self._process(run)
        self.assertEqual(self._counts(run), (4, 2, 0, 0, 0, 2))
        self.assertEqual(set(members[:2].shipment_ids.mapped("state")), {"done"})
        self.assertEqual(run.state, "processing")
        run.part_domain = str([("partner_id.name", "=", members[2].partner_id.name)])
        self._process(run)
        self.assertEqual(self._counts(run), (4, 3, 0, 0, 0, 1))
        run.action_process_rest()
        self._process(run)
        self.assertEqual(self._counts(run), (4, 4, 0, 0, 0, 0))
        self.assertEqual((run.state, run.part_domain), ("done", False))

    def test_a_dry_run_and_a_retry_are_of_the_part_and_of_all(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        run.part_domain = str([("member_id", "=", members[0].id)])
        run.action_dry_run()
        self.assertTrue(members[0].shipment_ids.preview_state)
        self.assertFalse(members[1].shipment_ids.preview_state)
        members[0].shipment_ids._fail("error", "Test")
        members[1].shipment_ids._write_outcome("skipped", "Test")
        self._process(run)
        self.assertEqual(run.state, "done")
        members.shipment_ids.filtered(lambda s: s.state == "failed").action_retry()
        self._process(run)
        self.assertEqual(self._counts(run), (2, 1, 1, 0, 0, 0))

    def test_declined_cards_are_retried_but_not_of_who_has_left(self):
        members = self._create_members(4)
        run = self._create_run()
        run._open_window()
        members[:3].shipment_ids._fail("declined", "Test")
        members[3].shipment_ids._fail("error", "Test")
        members[0]._leave("cancelled", "staff", "Test")
        run.action_retry_declined()
        self.assertEqual(self._counts(run), (4, 0, 0, 0, 2, 2))
        self.assertEqual(set(members[1:3].shipment_ids.mapped("state")), {"waiting"})

    def test_a_part_that_nobody_understands_is_refused_in_words(self):
        run = self._create_run()
        for nonsense in (
            "the French ones",
            "[('country', '=', 'FR')]",
            "[('state', '=')]",
            "[('state', 'resembles', 'x')]",
            "['&', ('state', '=', 'waiting')]",
            "42",
            "{'state': 'waiting'}",
            "[('member_id.partner_id.nothing', '=', 1)]",
            "__import__('os').getcwd()",
            "[" * 300,
            "[('id', '=', 'FR')]",
            "[('create_uid.password', 'like', 'a%')]",
            "[('ship_date', '>', 'next summer')]",
        ):
            with (
                self.subTest(nonsense),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(ValidationError, "not clear"),
            ):
                run.part_domain = nonsense
        run.part_domain = False
        run.part_domain = "[]"
        self.assertEqual(run.state, "draft")

    def test_a_part_is_no_way_to_what_staff_may_not_see(self):
        run = self._create_run().with_user(self.manager)
        run.part_domain = "[('member_id.partner_id.name', 'like', 'Test')]"
        with self.assertRaises(AccessError):
            run.part_domain = "[('partner_id.signup_type', '=', 'reset')]"

    def test_a_broken_run_stops_no_other(self):
        self._create_members(2)
        broken = self._create_run()
        fine = self._create_run(ship_date="2027-02-28")
        for run in broken + fine:
            run._open_window()
            run.action_process()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_club_run SET part_domain = 'nonsense' WHERE id = %s", (broken.id,)
        )
        self.env.invalidate_all()
        with mute_logger(_RUN, "odoo.addons.customer_type.models.segment.isolated"):
            for _time in range(7):
                self._run_cron("cron_club_process")
        self.assertEqual(self._counts(fine), (2, 2, 0, 0, 0, 0))
        cron = self.env.ref("customer_type.cron_club_process")
        self.assertEqual((cron.active, cron.failure_count), (True, 0))
        broken.part_domain = False
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(broken), (2, 2, 0, 0, 0, 0))

    def test_there_is_no_second_order_for_a_shipment(self):
        member = self._create_members(1)
        run = self._create_run()
        run._open_window()
        self._process(run)
        order = member.shipment_ids.order_id
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            order.copy({"club_shipment_id": member.shipment_ids.id})
            self.env.flush_all()

    # -- Late ----------------------------------------------------------------

    def _automatic_club(self, day="2027-01-10", **values):
        """:return: a club that ships each week from a day on, and has existed for long"""
        club = self._create_club(
            f"Test Weekly {values}",
            **{
                "is_automatic": True,
                "anchor_date": day,
                "interval_unit": "week",
                "window_days": 9,
                "cutoff_days": 1,
                **values,
            },
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_club SET create_date = '2027-01-01' WHERE id = %s", (club.id,)
        )
        club.invalidate_recordset()
        return club

    def _let_all_run(self, times=2):
        for _time in range(times):
            self._run_cron("cron_club_open")
            self._run_cron("cron_club_process")

    def test_a_run_missed_for_three_days_happens_once(self):
        for opened in (True, False):
            with self.subTest(opened=opened):
                club = self._automatic_club(f"2027-01-{10 if opened else 11}", interval_number=4)
                with freeze_time("2027-01-03 12:00"):
                    member = self._create_members(1, club=club)
                    if opened:
                        self._let_all_run()
                        self.assertEqual(club.run_ids.state, "window")
                with freeze_time(f"2027-01-{13 if opened else 14} 12:00"):
                    self._let_all_run(3)
                with freeze_time("2027-01-20 12:00"):
                    self._let_all_run(3)
                self.assertEqual(len(club.run_ids), 1)
                self.assertEqual(self._counts(club.run_ids), (1, 1, 0, 0, 0, 0))
                self.assertEqual(member.shipment_ids.order_id.state, "sale")
                self.assertEqual(
                    self.env["sale.order"].search_count([("club_id", "=", club.id)]), 1
                )

    def _outage(self, catch_up):
        """Let two runs open, and nothing run until three weeks have passed.

        :return: days of the runs that became orders, and of those that wait for a person
        """
        club = self._automatic_club(catch_up=catch_up)
        with freeze_time("2027-01-09 09:00"):
            self._create_members(1, club=club)
            self._run_cron("cron_club_open")
            self.assertEqual(len(club.run_ids), 2)
        with freeze_time("2027-01-26 12:00"):
            self._let_all_run(3)
        by_state = club.run_ids.sorted("ship_date").grouped("state")
        return [
            [str(run.ship_date) for run in by_state.get(state, ())] for state in ("done", "review")
        ]

    def test_an_outage_is_made_up_for_as_the_club_says(self):
        weeks = ["2027-01-10", "2027-01-17", "2027-01-24"]
        self.assertEqual(self._outage("each"), [weeks, []])
        self.assertEqual(self._outage("once"), [weeks[2:], weeks[:2]])
        self.assertEqual(self._outage("skip"), [[], weeks[:2]])

    def test_a_run_that_waits_for_a_person_says_so_once(self):
        self._outage("skip")
        runs = self.env["sale.club.run"].search([("state", "=", "review")])
        for run in runs.filtered(lambda r: "Weekly" in r.club_id.name):
            said = [body for body in run.message_ids.mapped("body") if "missed" in body]
            self.assertEqual(len(said), 1)
            run.process_at = fields.Datetime.now()
            run.club_id.catch_up = "each"
        self._let_all_run()
        self.assertFalse(runs.filtered(lambda r: r.state == "review"), "at the newly set moment")

    def test_a_run_starts_at_a_moment_set_by_hand(self):
        self._create_members(1)
        run = self._create_run()
        run.write({"is_automatic": True, "process_at": "2027-01-31 15:30"})
        run._open_window()
        run._close_window()
        with freeze_time("2027-01-31 15:29"):
            self._let_all_run()
            self.assertEqual(run.state, "review")
        with freeze_time("2027-01-31 15:30"):
            self._let_all_run()
        self.assertEqual(run.state, "done")

    def test_a_run_made_early_takes_its_own_day_only(self):
        club = self._automatic_club(window_days=2)
        with freeze_time("2027-01-05 12:00"):
            member = self._create_members(1, club=club)
            early = self._create_run(club, ship_date="2027-01-24")
            self._create_run(club, ship_date="2027-01-28")
            early._open_window()
            self.assertEqual(str(member._get_next_day()), "2027-01-24", "Its window is open")
            stranger = self._create_members(1, club=club)
            stranger.shipment_ids.unlink()
            self.assertEqual(
                [str(day) for day in club._get_coming_dates(4)],
                ["2027-01-10", "2027-01-17", "2027-01-28", "2027-01-31"],
            )
        for day in ("2027-01-08", "2027-01-15", "2027-01-22", "2027-01-27"):
            with freeze_time(f"{day} 12:00"):
                self._let_all_run()
        self.assertEqual(
            [str(run.ship_date) for run in club.run_ids.sorted("ship_date")],
            ["2027-01-10", "2027-01-17", "2027-01-24", "2027-01-28"],
        )
        self.assertFalse(club.run_ids.filtered(lambda r: r.state == "draft"))

    # -- Archived ------------------------------------------------------------

    def test_what_is_archived_does_nothing_by_itself(self):
        club = self._automatic_club()
        with freeze_time("2027-01-09 09:00"):
            members = self._create_members(2, club=club)
            self._run_cron("cron_club_open")
            first, second = club.run_ids.sorted("ship_date")
        with freeze_time("2027-01-10 12:00"):
            self._run_cron("cron_club_open")
            self.assertEqual((first.state, second.state), ("processing", "window"))
            club.active = False
        with freeze_time("2027-01-20 12:00"):
            self._let_all_run()
            self.assertEqual((first.state, second.state), ("review", "window"))
            self.assertFalse(members.shipment_ids.order_id)
            for run in first + second:
                self.assertIn("archived", "".join(run.message_ids.mapped("body")))
            first.action_process()
            self._let_all_run()
            self.assertEqual(self._counts(first), (2, 2, 0, 0, 0, 0), "A person said so")

    def test_no_card_is_tried_again_in_an_archived_club(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        members.shipment_ids._fail("declined", "Test", next_retry="2027-02-01 12:00")
        self.club.active = False
        with freeze_time("2027-02-02"):
            self.assertFalse(self.env["sale.club.shipment"]._reopen_due_retries())
            self.club.active = True
            self.assertEqual(self.env["sale.club.shipment"]._reopen_due_retries(), run)

    # -- On hold in the middle of it -----------------------------------------

    def test_a_hold_in_a_run_of_which_a_part_is_made_holds_what_is_none_yet(self):
        members = self._create_members(3)
        run = self._create_run()
        run._open_window()
        run.part_domain = str([("member_id", "=", members[0].id)])
        self._process(run)
        members[:2].action_hold()
        self.assertEqual(self._counts(run), (3, 1, 0, 1, 0, 1))
        run.action_process_rest()
        self._process(run)
        self.assertEqual(self._counts(run), (3, 2, 0, 1, 0, 0))
        self.assertEqual(members[1].shipment_ids.state, "held")

    def test_who_is_back_before_the_rest_is_made_is_in_it(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        run.part_domain = str([("member_id", "=", members[0].id)])
        self._process(run)
        members[1].action_hold()
        members[1].action_resume()
        run.action_process_rest()
        self._process(run)
        self.assertEqual(self._counts(run), (2, 2, 0, 0, 0, 0))

    # -- Dates ---------------------------------------------------------------

    def test_dates_and_moments_of_a_club_are_those_of_dateutil(self):
        for zone in ("Europe/Berlin", "America/New_York"):
            tz = gettz(zone)
            for anchor, unit, number, delta in (
                ("2024-01-31", "month", 1, relativedelta(months=1)),
                ("2024-02-29", "year", 1, relativedelta(years=1)),
                ("2023-11-30", "month", 3, relativedelta(months=3)),
                ("2024-03-31", "week", 2, relativedelta(weeks=2)),
            ):
                club = self._create_club(
                    "Test Dates", tz=zone, anchor_date=anchor, interval_unit=unit,
                    interval_number=number, process_hour=2.5,
                )  # fmt: skip
                first = fields.Date.to_date(anchor)
                expected = [first + delta * n for n in range(12)]
                self.assertEqual(club._get_next_dates(start=first), expected)
                for day in expected:
                    local = resolve_imaginary(datetime.combine(day, time(2, 30), tz))
                    moments = club._get_moments(day)
                    self.assertEqual(
                        moments["process_at"], local.astimezone(gettz("UTC")).replace(tzinfo=None)
                    )
                    closes = datetime.combine(day, time(), tz)
                    self.assertEqual(
                        moments["cutoff_at"], closes.astimezone(gettz("UTC")).replace(tzinfo=None)
                    )
                    opens = datetime.combine(day - timedelta(days=14), time(), tz)
                    self.assertEqual(
                        moments["window_opens_at"],
                        opens.astimezone(gettz("UTC")).replace(tzinfo=None),
                    )

    # -- Sold out ------------------------------------------------------------

    def _substitute(self, run, product, substitute):
        wizard = self.env["sale.club.substitution"].create(
            {"run_id": run.id, "product_id": product.id, "substitute_id": substitute.id}
        )
        counts = wizard.untouched_count, wizard.chosen_count
        wizard.action_substitute()
        return counts

    def test_a_substitute_in_the_middle_of_a_run_leaves_orders_and_choices_alone(self):
        self.club.content = "choice"
        members = self._create_members(4)
        run = self._create_run()
        run._open_window()
        for chooser in members[2:]:
            chooser.shipment_ids.line_ids = [
                Command.create({"product_id": self.product.id, "quantity": 1})
            ]
        run.part_domain = str([("member_id", "=", members[0].id)])
        self._process(run)
        run.action_stop()
        self.product.sale_ok = False
        rose = self.env["product.product"].create({"name": "Test Rosé", "type": "consu"})
        self.assertEqual(self._substitute(run, self.product, rose), (1, 2))
        run.part_domain = False
        self._process(run)
        self.assertEqual(self._counts(run), (4, 2, 0, 0, 2, 0))
        ordered, changed = (member.shipment_ids.order_id.order_line for member in members[:2])
        self.assertIn(self.product, ordered.product_id)
        self.assertEqual(changed.product_id, rose + self.white)
        for chooser in members[2:]:
            self.assertEqual(chooser.shipment_ids.failure, "content")
            self.assertIn(self.product.name, chooser.shipment_ids.reason)

    def test_who_failed_for_what_was_sold_out_gets_the_substitute_when_tried_again(self):
        self._create_members(3)
        run = self._create_run()
        run._open_window()
        self.product.sale_ok = False
        self._process(run)
        self.assertEqual(self._counts(run), (3, 0, 0, 0, 3, 0))
        self.assertEqual(run.state, "done")
        rose = self.env["product.product"].create({"name": "Test Rosé", "type": "consu"})
        self._substitute(run, self.product, rose)
        run.shipment_ids[:1].action_retry()
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(run), (3, 1, 0, 0, 2, 0))
        run.shipment_ids.action_retry()
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(run), (3, 3, 0, 0, 0, 0))
        self.assertEqual(
            run.shipment_ids.order_id.order_line.product_id.sorted("id"),
            (rose + self.white).sorted("id"),
        )
