"""When a club ships, as plain dates. Nothing in here knows Odoo.

The n-th date is always counted from the anchor, never from the date before: a club that begins on
31 January ships on 28 February and then on 31 March again.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

import pytz

from ..segment import clock

_MONTHS = {"month": 1, "year": 12}


def nth_date(anchor, n, number, unit, last_day=False):
    """
    :param date anchor: the date with which the schedule begins
    :param int n: which date, the anchor itself being 0
    :param int number: how many units lie between two dates, at least 1
    :param str unit: ``week``, ``month`` or ``year``
    :param bool last_day: always the last day of the month, whatever the day of the anchor
    :rtype: date
    """
    if unit == "week":
        return anchor + timedelta(weeks=n * number)
    months = anchor.month - 1 + n * number * _MONTHS[unit]
    year, month = anchor.year + months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    return date(year, month, last if last_day else min(anchor.day, last))


def dates_from(start, anchor, number, unit, last_day=False):
    """:return: iterator, without end, of the dates of the schedule that are not before ``start``"""
    if unit == "week":
        n = (start - anchor).days // (7 * number)
    else:
        months = (start.year - anchor.year) * 12 + start.month - anchor.month
        n = months // (number * _MONTHS[unit])
    # A day early: the n-th date may still lie before the start within its month.
    n = max(n - 1, 0)
    while True:
        day = nth_date(anchor, n, number, unit, last_day)
        if day >= start:
            yield day
        n += 1


def to_utc(day, hour, zone):
    """The instant at which the clocks of a zone show an hour of a day.

    Where they show it twice, the first; where they skip it, as much later as they skip.

    :param date day:
    :param float hour: 0.0 to 24.0, as 9.5 for half past nine
    :param str zone: name of the time zone
    :return: naive datetime in UTC
    """
    # 24:00 is the midnight that follows.
    minutes = round(hour * 60)
    local = datetime.combine(day + timedelta(days=minutes // 1440), time())
    local += timedelta(minutes=minutes % 1440)
    return clock.to_utc(local, pytz.timezone(zone))


def local_day(moment, zone):
    """:return: the day (date) that the calendars of a zone show at a naive UTC datetime"""
    return clock.local_day(moment, pytz.timezone(zone))
