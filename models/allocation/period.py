"""Arithmetic of periods, as plain Python. Instants are naive datetimes in UTC, as Odoo keeps them.

A period holds its start and not its end. Days begin at midnight in the zone of the allocation,
whatever the clocks do that night.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ..segment import clock

EPOCH = datetime(1970, 1, 1)
FOREVER = datetime(9999, 12, 31)


class Period(NamedTuple):
    start: datetime
    end: datetime

    @property
    def is_endless(self):
        return self.end == FOREVER


# Release windows, lifetime and rolling days count in one period: a window that is moved keeps what
# was counted, and what has rolled out of sight is told by the ledger.
ENDLESS = Period(EPOCH, FOREVER)

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Kinds of periods that begin and end on days.
CALENDAR_KINDS = ("week", *_MONTHS, "membership")


def period_of(moment, kind, zone, anchor=None):
    """
    :param datetime moment: an instant
    :param str kind: ``week``, ``month``, ``quarter``, ``year``, ``membership``; any other kind is
        one endless period
    :param zone: the pytz zone in which days begin
    :param date anchor: the first day of a membership; without one its years are calendar years
    :return: the period that holds the instant
    :rtype: Period
    """
    day = clock.local_day(moment, zone)
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        following = first + timedelta(days=7)
    elif kind == "membership" and anchor:
        first, following = _membership_year(day, anchor)
    elif kind in _MONTHS or kind == "membership":
        months = _MONTHS.get(kind, 12)
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        following = first + relativedelta(months=months)
    else:
        return ENDLESS
    return Period(start_of_day(first, zone), start_of_day(following, zone))


def start_of_day(day, zone):
    """:return: the first instant (naive UTC datetime) of a day (date) in a pytz zone"""
    return clock.to_utc(datetime.combine(day, time()), zone)


def _membership_year(day, anchor):
    """Each anniversary is told from the anchor: 29 February, 28, 28, 28, 29 February."""
    years = day.year - anchor.year
    if anchor + relativedelta(years=years) > day:
        years -= 1
    return anchor + relativedelta(years=years), anchor + relativedelta(years=years + 1)
