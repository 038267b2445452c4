"""What an allocation gives to one customer, as plain values: ids only, safe to cache.

Nothing in here knows Odoo. Quantities are in the unit of the allocation, instants are naive
datetimes in UTC. ``None`` as a maximum means that there is none; zero means nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

# Quantities are told apart down to this; finer differences come from converting units.
EPSILON = 1e-4
DIGITS = 6

# What is given on top of the grant by staff, instead of in its place.
ADDED_ORIGINS = ("request", "waterfall", "carry")


class Grant(NamedTuple):
    """What holders of a type, or one customer, are granted."""

    id: int
    type_id: int | bool
    minimum: float
    maximum: float | None
    default: float
    multiple: float
    opens_at: datetime | None
    closes_at: datetime | None
    valid_until: datetime | None
    origin: str

    @property
    def is_added(self):
        return self.origin in ADDED_ORIGINS


class Rule(NamedTuple):
    """An allocation, with the grants for types."""

    id: int
    website_ids: tuple[int, ...]
    mode: str
    hold_minutes: int
    period: str
    rolling_days: int
    tz: str
    uom_id: int
    opens_at: datetime | None
    closes_at: datetime | None
    pool: float | None
    beyond: str
    beyond_maximum: float | None
    beyond_opens_at: datetime | None
    count_from: datetime
    grants: tuple[Grant, ...]


class Offer(NamedTuple):
    """What one kind of holder gets.

    :ivar state: ``open``, ``coming``, ``closed``, ``request`` (only what is asked for and granted)
        or ``refused`` (nothing is granted)
    :ivar lapsed: what had closed by ``lapsed_at``, not in the maximum, which came on top of it
    """

    state: str
    minimum: float = 0.0
    maximum: float | None = 0.0
    default: float = 0.0
    multiple: float = 0.0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    lapsed: float = 0.0
    lapsed_at: datetime | None = None

    def using(self, used):
        """
        :param float used: what was used before the rest closed
        :return: the same with that: what is used is counted from the whole
        """
        return self._replace(maximum=_sum(min(used, self.lapsed), self.maximum))


_RANKS = {"open": 3, "coming": 2, "closed": 1, "request": 0, "refused": 0}


def _size(maximum):
    return float("inf") if maximum is None else maximum


def _sum(first, second):
    return None if first is None or second is None else first + second


def decide(rule, personal, type_ids, now):
    """What a customer may have of an allocation.

    A personal grant beats those of types, zero included. Of several types, the larger grant holds,
    never the sum. What was granted on request, by a waterfall or as carry-over comes on top.

    :param personal: the :class:`Grant` of the customer
    :param type_ids: the types that act for the customer
    :param datetime now: the instant
    :rtype: Offer
    """
    valid = [grant for grant in personal if not grant.valid_until or grant.valid_until > now]
    own = [grant for grant in valid if not grant.is_added]
    added = [grant for grant in valid if grant.is_added]
    if own:
        offers = [_offer(rule, own, now)]
    elif rule.mode == "request":
        offers = []
    else:
        offers = [
            _offer(rule, [grant for grant in rule.grants if grant.type_id == type_id], now)
            for type_id in type_ids
        ]
        if rule.beyond == "everyone":
            offers.append(_beyond(rule, now))
    nothing = Offer("request" if rule.mode == "request" and not own else "refused")
    best = max(
        (offer for offer in offers if offer.state != "refused"),
        key=lambda offer: (_RANKS[offer.state], _size(offer.maximum)),
        default=nothing,
    )
    return _with_added(rule, best, added, now)


def _window(rule, opens_at, closes_at, now):
    """:return: the state, and the instants that bound it"""
    opens_at, closes_at = opens_at or rule.opens_at, closes_at or rule.closes_at
    if closes_at and closes_at <= now:
        return "closed", opens_at, closes_at
    return ("coming" if opens_at and opens_at > now else "open"), opens_at, closes_at


def _beyond(rule, now):
    state, opens_at, closes_at = _window(rule, rule.beyond_opens_at, None, now)
    maximum = rule.beyond_maximum
    return Offer(state, maximum=maximum, opens_at=opens_at, closes_at=closes_at)


def _offer(rule, grants, now):
    """:return: what the holder of all of these grants gets by them"""
    grants = [grant for grant in grants if not grant.valid_until or grant.valid_until > now]
    offers = []
    for grant in grants:
        if grant.is_added or not _size(grant.maximum):
            continue
        state, opens_at, closes_at = _window(rule, grant.opens_at, grant.closes_at, now)
        offers.append(
            Offer(
                state,
                grant.minimum,
                grant.maximum,
                grant.default,
                grant.multiple,
                opens_at,
                closes_at,
            )
        )
    best = max(
        offers,
        key=lambda offer: (
            _RANKS[offer.state],
            # Of what is coming, the first to come.
            -(offer.opens_at - datetime.min).total_seconds() if offer.state == "coming" else 0,
            _size(offer.maximum),
        ),
        default=Offer("refused"),
    )
    return _with_added(rule, best, [grant for grant in grants if grant.is_added], now)


def _with_added(rule, offer, added, now):
    """:return: the offer with what comes on top of it and is open by itself"""
    for grant in added:
        closes_at = grant.closes_at or grant.valid_until or rule.closes_at
        if (grant.opens_at and grant.opens_at > now) or (closes_at and closes_at <= now):
            continue
        if offer.state == "closed":
            # What is not used of it by then does not come back.
            lapsed = _size(offer.maximum)
            offer = offer._replace(maximum=0.0, lapsed=lapsed, lapsed_at=offer.closes_at)
        if offer.state in ("open", "closed"):
            # What is used was counted from the whole, so the whole is what there is.
            offer = offer._replace(maximum=_sum(offer.maximum, grant.maximum))
        else:
            offer = Offer("open", maximum=grant.maximum, opens_at=grant.opens_at)
        if offer.state == "closed" or not offer.closes_at:
            offer = offer._replace(state="open", closes_at=closes_at)
    return offer


@dataclass(frozen=True, slots=True)
class CustomerAllocation:
    """What one customer may have of an allocation now, and has had in the current period.

    :ivar allocation_id: id of the sale.allocation
    :ivar mode: ``checkout``, ``reserve`` or ``request``
    :ivar state: see :class:`Offer`
    :ivar maximum: in the period; None for no maximum, 0 for nothing
    :ivar used: bought in the period
    :ivar held: kept for the customer in carts and by payments under way; no expired holds
    :ivar aged, pool_aged: part of the balances that no longer counts, for rolling days
    :ivar pool_limit: what the pool gives in the period, None where there is no pool
    :ivar pool_taken: used and held of the pool, by all customers
    :ivar opens_at, closes_at: the window of this customer, None for open ends
    :ivar period: the :class:`Period` that counts for this customer; ``pool_period`` for the pool
    """

    allocation_id: int
    mode: str
    hold_minutes: int
    state: str
    minimum: float
    maximum: float | None
    default: float
    multiple: float
    opens_at: datetime | None
    closes_at: datetime | None
    period: object
    pool_period: object
    used: float = 0.0
    held: float = 0.0
    aged: float = 0.0
    pool_limit: float | None = None
    pool_taken: float = 0.0
    pool_aged: float = 0.0

    @property
    def customer_left(self):
        """What the grant leaves to this customer, None for no maximum."""
        if self.maximum is None:
            return None
        return max(round(self.maximum - self.used - self.held, DIGITS), 0.0)

    @property
    def pool_left(self):
        """What the pool leaves to everybody, None for no pool."""
        if self.pool_limit is None:
            return None
        return max(round(self.pool_limit - self.pool_taken, DIGITS), 0.0)

    @property
    def left(self):
        """What this customer may still have: of grant and pool the smaller; None for no limit."""
        known = [left for left in (self.customer_left, self.pool_left) if left is not None]
        return min(known, default=None)

    def get_bound(self, is_pool):
        """:return: what the balance of the pool, or of the customer, may come to; None for any"""
        if self.state != "open":
            return 0.0
        limit, aged = (self.pool_limit, self.pool_aged) if is_pool else (self.maximum, self.aged)
        return None if limit is None else limit + aged

    def taking(self, taken):
        """:return: the same, after so much (:class:`Taken`) was taken from one of its balances"""
        if not taken.partner_id and taken.balance.period == self.pool_period:
            return replace(self, pool_taken=self.pool_taken + taken.quantity)
        if taken.partner_id and taken.balance.period == self.period:
            return replace(self, used=self.used + taken.used, held=self.held + taken.held)
        return self

    @property
    def until(self):
        """The instant at which the window closes or the period ends, whichever is first."""
        ends = [self.closes_at] if self.closes_at else []
        if not self.period.is_endless:
            ends.append(self.period.end)
        return min(ends, default=None)


def get_relevant(quotas):
    """Of the allocations for one product, those that decide, the tightest first.

    All that are open do. What is closed speaks only where nothing is open or coming.

    :param quotas: :class:`CustomerAllocation` values
    :rtype: tuple
    """
    rank = max((_RANKS[quota.state] for quota in quotas), default=0)
    chosen = [quota for quota in quotas if _RANKS[quota.state] == rank]
    return tuple(sorted(chosen, key=lambda quota: _size(quota.left)))
