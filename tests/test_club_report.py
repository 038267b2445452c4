from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubReport(ClubCommon):
    """The reports say exactly what has happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_club("Test Magnum Club", payment="account")
        cls.clubs = cls.club + cls.other
        with freeze_time("2027-01-10"):
            cls.stays, cls.moves, cls.leaves, cls.declines = cls._create_members(4)
        with freeze_time("2027-02-10"):
            cls.moves._change_club(cls.other)
        with freeze_time("2027-03-10"):
            cls.leaves._leave("cancelled", "choice", "Test")
        with freeze_time("2027-03-20"):
            cls.declines._leave("cancelled", "declined", "Test")

    def _read(self, model, groupby, aggregates, domain=Domain.TRUE):
        """:return: what the clerk reads about the clubs of this test"""
        report = self.env[model].with_user(self.clerk)
        domain &= Domain("club_id", "in", self.clubs.ids)
        return report._read_group(domain, groupby, aggregates)

    # -- Members over time -----------------------------------------------------

    def test_movements_add_up_to_the_members_of_each_club(self):
        rows = self._read(
            "sale.club.movement.report",
            ["club_id", "date:month"],
            ["change:sum", "joins:sum", "leaves:sum"],
        )
        january, february, march = (date(2027, month, 1) for month in (1, 2, 3))
        self.assertEqual(
            [(club, month.date() if hasattr(month, "date") else month, *rest)
             for club, month, *rest in rows],
            [
                (self.club, january, 4, 4, 0),
                (self.club, february, -1, 0, 0),
                (self.club, march, -2, 0, 2),
                (self.other, february, 1, 0, 0),
            ],
        )  # fmt: skip
        for club in self.clubs:
            [[members]] = self._read(
                "sale.club.movement.report", [], ["change:sum"], Domain("club_id", "=", club.id)
            )
            self.assertEqual(members, club.member_count, club.name)

    def test_leaves_by_choice_are_told_apart_from_declines(self):
        rows = self._read(
            "sale.club.movement.report",
            ["reason_code"],
            ["leaves:sum"],
            Domain("kind", "=", "left"),
        )
        self.assertEqual(dict(rows), {"choice": 1, "declined": 1})

    def test_who_only_waited_is_no_member_and_leaves_nothing(self):
        self.club.member_cap = 1
        [waiting] = self._create_members(1)
        waiting._leave("cancelled", "choice", "Test")
        movements = self.env["sale.club.movement.report"]
        self.assertFalse(movements.search([("member_id", "=", waiting.id)]))

    def test_a_member_that_moves_twice_ends_up_where_it_is(self):
        with freeze_time("2027-04-01"):
            self.moves._change_club(self.club)
        movements = self.env["sale.club.movement.report"].search(
            [("member_id", "=", self.moves.id)]
        )
        self.assertEqual(
            sorted((m.date, m.kind, m.club_id.id) for m in movements),
            [
                (date(2027, 1, 10), "joined", self.club.id),
                (date(2027, 2, 10), "moved_in", self.other.id),
                (date(2027, 2, 10), "moved_out", self.club.id),
                (date(2027, 4, 1), "moved_in", self.club.id),
                (date(2027, 4, 1), "moved_out", self.other.id),
            ],
        )
        self.assertEqual(sum(movements.mapped("change")), 1)

    # -- Tenure -----------------------------------------------------------------

    def test_the_median_of_the_tenure(self):
        with freeze_time("2027-04-10"):
            # 90 days in both clubs, 59 and 69.
            [[median]] = self._read("sale.club.member.report", [], ["tenure_days:median"])
            self.assertEqual(median, 79.5)
            rows = self._read(
                "sale.club.member.report", ["state"], ["tenure_days:median", "__count"]
            )
        self.assertEqual(
            {state: rest for state, *rest in rows}, {"active": [90, 2], "cancelled": [64, 2]}
        )

    def test_the_web_client_asks_for_the_median(self):
        report = self.env["sale.club.member.report"].with_user(self.clerk)
        self.assertEqual(report.fields_get(["tenure_days"])["tenure_days"]["aggregator"], "median")
        with freeze_time("2027-04-10"):
            groups = report.formatted_read_group(
                [("club_id", "=", self.club.id)], ["reason_code"], ["tenure_days:median"]
            )
        medians = {group["reason_code"]: group["tenure_days:median"] for group in groups}
        self.assertEqual(medians, {False: 90, "choice": 59, "declined": 69})

    def test_what_members_took(self):
        with freeze_time("2027-04-15"):
            run = self._create_run(ship_date="2027-04-30")
            run._open_window()
            self._process(run)
            run = self._create_run(ship_date="2027-05-31")
            run._open_window()
            self.stays._skip()
        [took] = self.env["sale.club.member.report"].search([("id", "=", self.stays.id)])
        self.assertEqual((took.shipment_count, took.skip_count, took.revenue), (1, 1, 306.5))

    # -- Runs ---------------------------------------------------------------------

    def _charge(self, run, **answers):
        """Process a run, where the provider answers by the name of the member."""

        def answer(transaction):
            if transaction.partner_id.name in answers.values():
                transaction._set_error("No money")
            else:
                transaction._set_done()

        with self._provider_answers(answer):
            self._process(run)

    def test_revenue_skips_and_recovered_declines(self):
        club = self._create_club("Test Card Club", payment="token", retry_days="3")
        self.clubs += club
        members = self._create_members(4, club=club)
        for member in members:
            member.payment_token_id = self._create_card(member.partner_id)
        pays, recovers, loses, skips = members
        recovers.partner_id.name, loses.partner_id.name = "Test Recovers", "Test Loses"
        run = self._create_run(club=club)
        run._open_window()
        skips._skip()
        self._charge(run, first="Test Recovers", second="Test Loses")
        self.assertEqual(self._counts(run), (4, 1, 1, 0, 2, 0))
        self.assertEqual(self._read_run(run)["lost_revenue"], 0, "they are tried again")
        # The day on which they are tried again, the last one.
        declined = run.shipment_ids.filtered("declined_at")
        declined.declined_at = fields.Datetime.subtract(fields.Datetime.now(), days=4)
        run.action_retry_declined()
        self._charge(run, second="Test Loses")
        self.assertEqual(loses.state, "held")
        self.assertEqual(
            self._read_run(run),
            {
                "sent_count": 2,
                "revenue": 613.0,
                "skip_count": 1,
                "declined_count": 2,
                "recovered_count": 1,
                "recovered_revenue": 306.5,
                "lost_revenue": 306.5,
                "recovery_rate": 50.0,
            },
        )
        # Orders in another currency count in that of the company.
        pays.shipment_ids.order_id.currency_rate = 2.0
        self.assertEqual(self._read_run(run)["revenue"], 306.5 + 153.25)

    def _read_run(self, run):
        sums = (
            "sent_count", "revenue", "skip_count", "declined_count", "recovered_count",
            "recovered_revenue", "lost_revenue",
        )  # fmt: skip
        aggregates = [*(f"{fname}:sum" for fname in sums), "recovery_rate:avg"]
        [row] = self._read(
            "sale.club.shipment.report", [], aggregates, Domain("run_id", "=", run.id)
        )
        return dict(zip((*sums, "recovery_rate"), row, strict=True))

    # -- Who reads them --------------------------------------------------------------

    def test_reports_are_for_those_who_work_with_types(self):
        portal = new_test_user(self.env, "club_report_portal", groups="base.group_portal")
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        stranger = new_test_user(
            self.env, "club_report_other", groups="customer_type.group_manager",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        for name in ("movement", "member", "shipment"):
            report = self.env[f"sale.club.{name}.report"]
            with self.assertRaises(AccessError):
                report.with_user(portal).search([])
            domain = [("club_id", "in", self.clubs.ids)]
            self.assertFalse(report.with_user(stranger).search(domain), name)
