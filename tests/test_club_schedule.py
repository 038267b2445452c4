from datetime import date, datetime, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.tz import gettz, resolve_imaginary

from odoo.tests import TransactionCase, tagged

from ..models.club import schedule


@tagged("post_install", "-at_install")
class TestClubSchedule(TransactionCase):
    def _first(self, count, *args, **kwargs):
        return list(islice(schedule.dates_from(*args, **kwargs), count))

    def test_the_31st_comes_back_after_a_short_month(self):
        anchor = date(2027, 1, 31)
        self.assertEqual(
            self._first(4, anchor, anchor, 1, "month"),
            [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)],
        )

    def test_every_date_is_counted_from_the_anchor_as_dateutil_counts(self):
        for day in (1, 15, 28, 29, 30, 31):
            anchor = date(2024, 1, day)
            for number in (1, 2, 3, 5, 12):
                expected = [anchor + relativedelta(months=n * number) for n in range(60)]
                self.assertEqual(self._first(60, anchor, anchor, number, "month"), expected)

    def test_leap_days_and_weeks_as_dateutil_counts(self):
        leap_day = date(2024, 2, 29)
        years = [leap_day + relativedelta(years=n) for n in range(9)]
        self.assertEqual(self._first(9, leap_day, leap_day, 1, "year"), years)
        self.assertEqual(years[4], date(2028, 2, 29))
        weeks = [leap_day + relativedelta(weeks=3 * n) for n in range(50)]
        self.assertEqual(self._first(50, leap_day, leap_day, 3, "week"), weeks)

    def test_the_last_day_is_the_last_of_each_month(self):
        anchor = date(2027, 2, 10)
        expected = [anchor + relativedelta(months=n, day=31) for n in range(24)]
        self.assertEqual(self._first(24, anchor, anchor, 1, "month", True), expected)

    def test_looking_from_any_day_finds_the_same_dates(self):
        anchor = date(2024, 1, 31)
        for unit, number, last in (("month", 1, False), ("month", 3, True), ("week", 2, False)):
            dates = self._first(70, anchor, anchor, number, unit, last)
            for offset in range(-40, 700, 7):
                start = anchor + timedelta(days=offset)
                expected = [day for day in dates if day >= start][:3]
                self.assertEqual(self._first(3, start, anchor, number, unit, last), expected)

    def test_hours_of_a_zone_through_both_changes_of_the_clock_as_dateutil_tells_them(self):
        for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"):
            tz = gettz(zone)
            for offset in range(365):
                day = date(2027, 1, 1) + timedelta(days=offset)
                for hour in (0, 2, 9):
                    local = resolve_imaginary(
                        datetime(day.year, day.month, day.day, hour, tzinfo=tz)
                    )
                    expected = local.astimezone(gettz("UTC")).replace(tzinfo=None)
                    self.assertEqual(schedule.to_utc(day, hour, zone), expected, (zone, day, hour))

    def test_half_an_hour_that_does_not_exist_and_one_that_comes_twice(self):
        spring = schedule.to_utc(date(2027, 3, 28), 2.5, "Europe/Berlin")
        self.assertEqual(spring, datetime(2027, 3, 28, 1, 30), "03:30 in summer time")
        autumn = schedule.to_utc(date(2027, 10, 31), 2.5, "Europe/Berlin")
        self.assertEqual(autumn, datetime(2027, 10, 31, 0, 30), "the first of the two")

    def test_midnight_at_the_end_of_a_day_is_the_start_of_the_next(self):
        end = schedule.to_utc(date(2027, 3, 27), 24.0, "Europe/Berlin")
        self.assertEqual(end, schedule.to_utc(date(2027, 3, 28), 0.0, "Europe/Berlin"))
        self.assertEqual(schedule.local_day(end, "Europe/Berlin"), date(2027, 3, 28))
