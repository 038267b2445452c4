"""Who gets how much where more is asked for than there is, as plain Python.

Nothing in here knows Odoo. Quantities are in the unit of the allocation.
"""

from collections import deque
from datetime import date, datetime
from typing import NamedTuple

from .quota import DIGITS, EPSILON


class Claim(NamedTuple):
    """What one customer asks for.

    :ivar id: what the answer is filed under
    :ivar strength: sequence of the strongest type of the customer, the lowest first
    :ivar since: the day on which the customer was given a type first, None for no type
    """

    id: int
    wanted: float
    strength: int
    since: date | None
    asked_at: datetime


ORDERS = {
    "first": lambda claim: (claim.asked_at, claim.id),
    "strength": lambda claim: (claim.strength, claim.asked_at, claim.id),
    "tenure": lambda claim: (claim.since or date.max, claim.asked_at, claim.id),
    "round": lambda claim: (claim.asked_at, claim.id),
}


def distribute(claims, quantity, rule, unit=1.0):
    """
    :param claims: :class:`Claim` values
    :param quantity: what there is, None for any quantity
    :param rule: ``first`` come, ``strength`` of type, ``tenure``: one after the other gets all
        that is asked for; ``round``: everybody in turn gets one unit
    :param unit: what is given at once, in turns
    :return: what each gets, by id
    :rtype: dict
    """
    given = {claim.id: 0.0 for claim in claims}
    rest = float("inf") if quantity is None else max(quantity, 0.0)
    queue = deque(sorted(claims, key=ORDERS[rule]))
    while queue and rest > EPSILON:
        claim = queue.popleft()
        missing = claim.wanted - given[claim.id]
        turn = min(missing, unit) if rule == "round" else missing
        turn = round(min(turn, rest), DIGITS)
        given[claim.id] = round(given[claim.id] + turn, DIGITS)
        rest = round(rest - turn, DIGITS)
        if missing - turn > EPSILON:
            queue.append(claim)
    return given
