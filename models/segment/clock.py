"""Days and moments on the clocks of a time zone. Nothing in here knows Odoo.

What is stored is UTC, and naive, as Odoo has it. Zones are those of pytz.
"""

import pytz


def to_utc(local, zone):
    """The instant at which the clocks of a zone show a moment.

    Where they show it twice, the first; where they skip it, as much later as they skip.

    :param datetime local: what the clocks show
    :return: naive datetime in UTC
    """
    try:
        instant = zone.localize(local, is_dst=None)
    except pytz.AmbiguousTimeError:
        instant = zone.localize(local, is_dst=True)
    except pytz.NonExistentTimeError:
        instant = zone.localize(local, is_dst=False)
    return instant.astimezone(pytz.utc).replace(tzinfo=None)


def local_day(moment, zone):
    """:return: the day (date) that the calendars of a zone show at a naive UTC datetime"""
    return pytz.utc.localize(moment).astimezone(zone).date()
