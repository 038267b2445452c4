from datetime import date, datetime, timedelta

import pytz

from odoo.tests import BaseCase, TransactionCase, tagged

from ..models.segment import clock
from ..models.segment.touch import touch

CAIRO = pytz.timezone("Africa/Cairo")  # skips the first hour of a day in April
HAVANA = pytz.timezone("America/Havana")  # has the first hour of a day in November twice


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    def test_a_midnight_that_never_comes(self):
        midnight = datetime(2025, 4, 25)
        self.assertEqual(clock.to_utc(midnight, CAIRO), datetime(2025, 4, 24, 22))
        before = clock.to_utc(midnight, CAIRO) - timedelta(seconds=1)
        self.assertEqual(clock.local_day(before, CAIRO), date(2025, 4, 24))
        self.assertEqual(clock.local_day(before + timedelta(seconds=1), CAIRO), date(2025, 4, 25))

    def test_a_midnight_that_comes_twice(self):
        first = clock.to_utc(datetime(2025, 11, 2), HAVANA)
        self.assertEqual(first, datetime(2025, 11, 2, 4))
        self.assertEqual(clock.local_day(first, HAVANA), date(2025, 11, 2))
        self.assertEqual(clock.local_day(first - timedelta(seconds=1), HAVANA), date(2025, 11, 1))

    def test_any_other_moment(self):
        zurich = pytz.timezone("Europe/Zurich")
        for local, expected in (
            (datetime(2025, 1, 1), datetime(2024, 12, 31, 23)),
            (datetime(2025, 7, 1, 9, 30), datetime(2025, 7, 1, 7, 30)),
        ):
            self.assertEqual(clock.to_utc(local, zurich), expected)


@tagged("post_install", "-at_install")
class TestDaysOfAssignments(TransactionCase):
    def test_days_begin_as_the_clocks_of_the_company_have_it(self):
        company = self.env.company
        assignments = self.env["customer.type.assignment"]
        for zone, day, expected in (
            ("Africa/Cairo", date(2025, 4, 25), datetime(2025, 4, 24, 22)),
            ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4)),
        ):
            company.partner_id.tz = zone
            self.assertEqual(assignments._start_of_day(company, day), expected, zone)

    def test_touching_changes_nothing_and_takes_no_records(self):
        partner = self.env["res.partner"].create({"name": "Test Person"})
        self.env.flush_all()
        written = partner.write_date
        touch(partner)
        touch(partner.browse())
        partner.invalidate_recordset()
        self.assertEqual(partner.write_date, written)
