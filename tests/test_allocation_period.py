from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytz

from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.allocation.period import (
    ENDLESS,
    Period,
    period_of,
    start_of_day,
)

from .allocation_common import AllocationCommon

PARIS = pytz.timezone("Europe/Paris")
NEW_YORK = pytz.timezone("America/New_York")


@tagged("post_install", "-at_install")
class TestPeriod(BaseCase):
    """Arithmetic alone: what the clocks do, and how long months are."""

    def test_a_day_begins_at_midnight_whatever_the_clocks_do(self):
        cases = [
            (date(2026, 3, 29), PARIS, datetime(2026, 3, 28, 23)),
            (date(2026, 3, 30), PARIS, datetime(2026, 3, 29, 22)),
            (date(2026, 10, 25), PARIS, datetime(2026, 10, 24, 22)),
            (date(2026, 10, 26), PARIS, datetime(2026, 10, 25, 23)),
            # Midnight does not exist, and comes twice.
            (date(2018, 11, 4), pytz.timezone("America/Sao_Paulo"), datetime(2018, 11, 4, 3)),
            (date(2026, 11, 1), pytz.timezone("America/Havana"), datetime(2026, 11, 1, 4)),
        ]
        for day, zone, start in cases:
            self.assertEqual(start_of_day(day, zone), start, (day, zone))

    def test_the_same_instant_is_in_two_months(self):
        moment = datetime(2026, 6, 30, 23, 0)
        self.assertEqual(
            period_of(moment, "month", PARIS),
            Period(datetime(2026, 6, 30, 22), datetime(2026, 7, 31, 22)),
        )
        self.assertEqual(
            period_of(moment, "month", NEW_YORK),
            Period(datetime(2026, 6, 1, 4), datetime(2026, 7, 1, 4)),
        )

    def test_periods_follow_each_other_to_the_second(self):
        for kind in ("week", "month", "quarter", "year", "membership"):
            for zone in (PARIS, NEW_YORK):
                period = period_of(datetime(2024, 1, 15), kind, zone, date(2020, 2, 29))
                for _step in range(12):
                    following = period_of(period.end, kind, zone, date(2020, 2, 29))
                    self.assertEqual(following.start, period.end, (kind, zone))
                    self.assertLess(following.start, following.end)
                    period = following

    def test_a_week_begins_on_monday(self):
        period = period_of(datetime(2026, 3, 29, 12), "week", PARIS)
        self.assertEqual(period, Period(datetime(2026, 3, 22, 23), datetime(2026, 3, 29, 22)))

    def test_quarters_and_years(self):
        moment = datetime(2026, 12, 31, 22, 59, 59)
        self.assertEqual(period_of(moment, "quarter", PARIS).start, datetime(2026, 9, 30, 22))
        self.assertEqual(period_of(moment, "year", PARIS).end, datetime(2026, 12, 31, 23))

    def test_anniversaries_are_told_from_the_first_day(self):
        anchor = date(2024, 2, 29)
        first_days = [
            period_of(datetime(year, 6, 1), "membership", pytz.utc, anchor).start.date()
            for year in range(2024, 2029)
        ]
        self.assertEqual(
            first_days,
            [
                date(2024, 2, 29),
                date(2025, 2, 28),
                date(2026, 2, 28),
                date(2027, 2, 28),
                date(2028, 2, 29),
            ],
        )

    def test_without_membership_the_calendar_year_counts(self):
        period = period_of(datetime(2026, 6, 1), "membership", pytz.utc)
        self.assertEqual(period.start, datetime(2026, 1, 1))

    def test_releases_lifetime_and_rolling_days_have_one_period(self):
        for kind in ("window", "lifetime", "rolling"):
            self.assertEqual(period_of(datetime(2026, 6, 1), kind, PARIS), ENDLESS)


@tagged("post_install", "-at_install")
class TestPeriodOfOrders(AllocationCommon):
    """The same, by orders."""

    def test_a_month_ends_in_the_zone_of_the_allocation(self):
        self.allocation.write({"period": "month", "count_from": "2026-01-01"})
        with freeze_time("2026-06-30 21:59:59"):
            self._buy(6)
            self.assertEqual(self._quota().left, 0)
        with freeze_time("2026-06-30 22:00:00"):
            self.assertEqual(self._quota().left, 6)
            self._buy(5)
            self.assertEqual(self._quota().left, 1)
            self.assertEqual(self._quota().until, datetime(2026, 7, 31, 22))

    def test_a_purchase_of_june_is_given_back_to_june(self):
        self.allocation.write({"period": "month", "count_from": "2026-01-01"})
        with freeze_time("2026-06-15 12:00:00"):
            order = self._buy(4)
        with freeze_time("2026-07-15 12:00:00"):
            self._buy(6)
            order.order_line.product_uom_qty = 2
            self.assertEqual(self._quota().left, 0)
        with freeze_time("2026-06-16 12:00:00"):
            self.assertEqual(self._quota().left, 4)

    def test_days_roll(self):
        self.allocation.write({"period": "rolling", "rolling_days": 30, "count_from": "2026-01-01"})
        with freeze_time("2026-06-01 12:00:00"):
            old = self._buy(4)
        with freeze_time("2026-06-20 12:00:00"):
            self._buy(2)
            self.assertEqual(self._quota().left, 0)
        with freeze_time("2026-07-01 11:59:59"):
            self.assertEqual(self._quota().left, 0)
        with freeze_time("2026-07-01 12:00:00"):
            self.assertEqual(self._quota().left, 4)
            # What counts no more gives nothing back either.
            old.order_line.product_uom_qty = 0
            self.assertEqual(self._quota().left, 4)
            self._buy(4)
            self.assertEqual(self._codes(self._order(1)), ["allocation_limit"])

    def test_a_year_of_membership_begins_with_the_assignment(self):
        self.allocation.write({"period": "membership", "count_from": "2024-01-01"})
        assignment = self.person.customer_type_assignment_ids
        assignment.date_from = "2024-09-15"
        with freeze_time("2026-09-14 21:59:59"):
            self._buy(6)
            self.assertEqual(self._quota().left, 0)
            self.assertEqual(self._quota().until, datetime(2026, 9, 14, 22))
        with freeze_time("2026-09-14 22:00:00"):
            self.assertEqual(self._quota().left, 6)

    def test_a_pause_or_a_new_start_begins_no_new_year(self):
        self.allocation.write({"period": "membership", "count_from": "2024-01-01"})
        with freeze_time("2026-03-01 12:00:00"):
            double = self.env["res.partner"].create({"name": "Test Double"})
            double._assign_customer_types(self.reserve)
            self._buy(6, double)
        with freeze_time("2026-06-01 12:00:00"):
            double.customer_type_assignment_ids._end("Cancelled")
            self.assertEqual(self._quota(double).state, "refused")
        with freeze_time("2026-06-10 12:00:00"):
            double._assign_customer_types(self.reserve)
            self.assertEqual(len(double.customer_type_assignment_ids), 2)
            self.assertEqual((self._quota(double).maximum, self._quota(double).left), (6, 0))
        with freeze_time("2027-02-28 23:00:00"):
            self.assertEqual(self._quota(double).left, 6)

    def test_a_year_that_has_begun_is_finished(self):
        self.allocation.write({"period": "membership", "count_from": "2024-01-01"})
        assignment = self.person.customer_type_assignment_ids
        with freeze_time("2026-09-20 12:00:00"):
            assignment.date_from = "2024-09-15"
            order = self._buy(4)
            assignment.date_from = "2024-07-01"
            self.assertEqual(self._quota().left, 2)
            self._buy(2)
            order.order_line.product_uom_qty = 3
            self.assertEqual(self._balance(self.person), (5, 0))
            self.assertEqual(len(self.allocation.balance_ids), 1)
        with freeze_time("2027-09-15 12:00:00"):
            self.assertEqual(self._quota().left, 6)

    def test_how_it_is_counted_stays_once_something_was_bought(self):
        self.allocation.write({"period": "month", "tz": "UTC"})
        order = self._buy(4)
        for values in ({"period": "year"}, {"tz": "Asia/Tokyo"}, {"uom_id": self.dozen.id}):
            with self.assertRaisesRegex(UserError, "was bought of Test Réserve already"):
                self.allocation.write(values)
        order._action_cancel()
        self.allocation.write({"period": "month", "tz": "UTC", "rolling_days": 9})
        with Form(self.allocation) as form:
            self.assertTrue(form.is_booked)
            for fname in ("period", "tz"):
                with self.assertRaisesRegex(AssertionError, "readonly"):
                    form[fname] = "lifetime"

    def test_the_zone_of_a_release_can_be_put_right(self):
        self._buy(4)
        self.allocation.tz = "Asia/Tokyo"
        self.assertEqual(self._quota().left, 2)
        with self.assertRaises(UserError):
            self.allocation.period = "month"

    def test_a_release_opens_and_closes_to_the_second(self):
        self.allocation.write({"open_at": "2026-06-05 08:00:00", "close_at": "2026-06-30 16:00:00"})
        states = {}
        for moment in (
            "2026-06-05 07:59:59",
            "2026-06-05 08:00:00",
            "2026-06-30 15:59:59",
            "2026-06-30 16:00:00",
        ):
            with freeze_time(moment):
                self.allocation.invalidate_recordset(["state"])
                states[moment] = self.allocation.state
                self.assertEqual(self._quota().state, self.allocation.state)
                found = self.env["sale.allocation"].search([("state", "=", self.allocation.state)])
                self.assertIn(self.allocation, found)
        self.assertEqual(list(states.values()), ["coming", "open", "open", "closed"])

    def test_a_release_across_a_change_of_the_clocks(self):
        """Twenty-three hours in spring, twenty-five in autumn: nine to nine on the wall."""
        for open_at, close_at, words in (
            (
                datetime(2026, 3, 28, 8),
                datetime(2026, 3, 29, 7),
                "Saturday 28 March, 09:00 – Sunday 29 March, 09:00",
            ),
            (
                datetime(2026, 10, 24, 7),
                datetime(2026, 10, 25, 8),
                "Saturday 24 October, 09:00 – Sunday 25 October, 09:00",
            ),
        ):
            self.allocation.write({"open_at": open_at, "close_at": close_at})
            self.assertEqual(self.allocation.window_words, words)
            second = timedelta(seconds=1)
            for moment, state in (
                (open_at - second, "coming"),
                (open_at, "open"),
                (close_at - second, "open"),
                (close_at, "closed"),
            ):
                with freeze_time(moment):
                    self.allocation.invalidate_recordset(["state"])
                    self.assertEqual((self.allocation.state, self._quota().state), (state, state))

    def test_what_is_left_is_carried_over_once(self):
        self.allocation.write(
            {
                "period": "month",
                "count_from": "2026-05-31 22:00:00",
                "carry_over": True,
                "carry_maximum": 2,
                "carry_days": 10,
            }
        )
        with freeze_time("2026-06-15 12:00:00"):
            self._buy(3)
        with freeze_time("2026-07-01 12:00:00"):
            self.allocation._carry_over()
            self.allocation.carried_until = False
            self.allocation._carry_over()
            self.assertEqual(self._quota().maximum, 8)
            self.assertEqual(self._quota(self.restaurant).maximum, 14)
        with freeze_time("2026-07-10 21:59:59"):
            self.assertEqual(self._quota().maximum, 8)
        with freeze_time("2026-07-10 22:00:00"):
            self.assertEqual(self._quota().maximum, 6)

    # -- The scheduler -----------------------------------------------------

    def _carry_monthly(self, allocation=None, **values):
        (allocation or self.allocation).write(
            {
                "period": "month",
                "count_from": "2026-05-31 22:00:00",
                "carry_over": True,
                "carry_maximum": 4,
                **values,
            }
        )

    def _run_carry_over(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_carry_over_allocations").method_direct_trigger()
        self.env.invalidate_all()
        self.env["sale.allocation"]._forget_quotas()

    def test_what_waits_for_its_money_is_not_carried_over(self):
        self._carry_monthly()
        with freeze_time("2026-06-29 12:00:00"):
            self._transaction(self._cart(4), "pending")
            self.assertEqual(self._balance(self.person), (0, 4))
        with freeze_time("2026-07-01 12:00:00"):
            self._run_carry_over()
            self.assertEqual(self._quota().maximum, 8)
            self.assertEqual(self._quota(self.restaurant).maximum, 16)

    def test_a_customer_of_another_company_stops_nobody(self):
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        stranger = self.env["res.partner"].create(
            {"name": "Test Stranger", "company_id": company.id}
        )
        stranger._assign_customer_types(self.reserve)
        elsewhere = self._create_allocation({self.reserve: 3.0}, company_id=company.id)
        self._carry_monthly(company_id=self.env.company.id)
        self._carry_monthly(elsewhere)
        with freeze_time("2026-07-01 12:00:00"):
            self._run_carry_over()
        by_allocation = self.env["sale.allocation.grant"].search([("origin", "=", "carry")])
        by_allocation = by_allocation.grouped("allocation_id")
        self.assertIn(self.person, by_allocation[self.allocation].partner_id)
        self.assertNotIn(stranger, by_allocation[self.allocation].partner_id)
        self.assertIn(stranger, by_allocation[elsewhere].partner_id)

    @mute_logger("odoo.addons.customer_type.models.allocation.sale_allocation")
    def test_a_customer_in_trouble_keeps_nobody_waiting(self):
        self._carry_monthly()
        create = self.env.registry["sale.allocation.grant"].create

        def refuse(grants, vals_list):
            if self.person.id in [vals.get("partner_id") for vals in vals_list]:
                raise UserError("Test refusal")  # pylint: disable=translation-required
            return create(grants, vals_list)

        with freeze_time("2026-07-01 12:00:00"):
            with patch.object(self.env.registry["sale.allocation.grant"], "create", refuse):
                self._run_carry_over()
                self._run_carry_over()
            self.assertEqual(self._quota().maximum, 6)
            self.assertEqual(self._quota(self.restaurant).maximum, 16)
            activity = self.allocation.activity_ids
            self.assertEqual(activity.summary, "What is left could not be carried over")
            self.assertIn("Test Person", activity.note)
            self._run_carry_over()
            self.assertEqual(self._quota().maximum, 10)
            self.assertTrue(self.allocation.carried_until)

    @mute_logger("odoo.addons.customer_type.models.allocation.sale_allocation")
    def test_an_allocation_in_trouble_keeps_no_other_waiting(self):
        self._carry_monthly()
        broken = self.allocation.copy({"sequence": 0, "count_from": "2026-05-31 22:00:00"})
        holders = self.env.registry["sale.allocation"]._get_grant_holders

        def refuse(allocation):
            if allocation == broken:
                raise UserError("Test refusal")  # pylint: disable=translation-required
            return holders(allocation)

        with (
            freeze_time("2026-07-01 12:00:00"),
            patch.object(self.env.registry["sale.allocation"], "_get_grant_holders", refuse),
        ):
            self._run_carry_over()
            self.assertTrue(self.allocation.carried_until)
            self.assertIn("Test refusal", broken.activity_ids.note)

    def test_the_rest_comes_with_the_next_run(self):
        self._carry_monthly()
        with freeze_time("2026-07-01 12:00:00"):
            self.assertFalse(self.allocation._carry_over(1, lambda: False))
            self.assertEqual(len(self._get_carried()), 1)
            self.assertTrue(self.allocation._carry_over(1))
            self.assertEqual(len(self._get_carried()), 2)

    def _get_carried(self):
        return self.allocation.grant_ids.filtered(lambda g: g.origin == "carry")

    def test_types_of_a_website_carry_over(self):
        website = self.env["website"].create(
            {"name": "Test Website", "company_id": self.env.company.id}
        )
        self.reserve.website_ids = website
        self._carry_monthly()
        with freeze_time("2026-07-01 12:00:00"):
            self._run_carry_over()
            self.assertEqual(self._get_carried().partner_id, self.person + self.restaurant)
            self.assertEqual(self._quota(website=website).maximum, 10)
