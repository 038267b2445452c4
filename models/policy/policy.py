"""The effective policy of a customer, as plain values: ids only, no records, safe to cache.

Nothing in here knows Odoo. A *said* value is what one type says about one field; a merge strategy
turns what several types say, strongest first, into one decision.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Said(NamedTuple):
    """What one customer type says about one policy field."""

    type_id: int
    value: object


class PolicyDecision(NamedTuple):
    """The outcome for one policy field: the value, who decided, and whom it overruled."""

    value: object
    type_ids: tuple[int, ...]
    overruled: tuple[Said, ...]


def _decide(value, said, deciding):
    return PolicyDecision(
        value,
        tuple(s.type_id for s in said if deciding(s)),
        tuple(s for s in said if not deciding(s)),
    )


def merge_first(said):
    """The strongest type that says something decides."""
    return _decide(said[0].value, said, lambda s: s is said[0])


def merge_union(said):
    """What any type gives is given; the value is a tuple of ids in order of strength."""
    value = tuple(dict.fromkeys(item for s in said for item in s.value))
    return _decide(value, said, lambda s: True)


def merge_max(said):
    """The largest value holds."""
    value = max(s.value for s in said)
    return _decide(value, said, lambda s: s.value == value)


def merge_min(said):
    """The smallest value that a type has set holds."""
    value = min(s.value for s in said)
    return _decide(value, said, lambda s: s.value == value)


def merge_each(said):
    """Every type acts by itself; the value is a tuple of the different values, strongest first."""
    return _decide(tuple(dict.fromkeys(s.value for s in said)), said, lambda s: True)


MERGE_STRATEGIES = {
    "first": merge_first,
    "union": merge_union,
    "max": merge_max,
    "min": merge_min,
    "each": merge_each,
}


@dataclass(frozen=True, slots=True)
class CustomerPolicy:
    """What a customer gets in one company, on one website (or none).

    :ivar type_ids: the customer types that act, strongest first
    :ivar origin: why these types act: ``held``, ``guest`` or ``default``
    :ivar decisions: one :class:`PolicyDecision` for each policy field that a type speaks about
    """

    type_ids: tuple[int, ...] = ()
    company_id: int | bool = False
    website_id: int | bool = False
    origin: str = "held"
    decisions: dict[str, PolicyDecision] = field(default_factory=dict)

    def get(self, fname, default=False):
        """:return: the effective value of a policy field, ``default`` where all types are silent"""
        decision = self.decisions.get(fname)
        return decision.value if decision else default

    @property
    def type_id(self):
        """The strongest type that acts, or False."""
        return self.type_ids[0] if self.type_ids else False


# What an issue does to an order, the strictest first.
ISSUE_LEVELS = ("block", "warning", "info")


@dataclass(frozen=True, slots=True)
class PolicyIssue:
    """Why an order may not, or should not, go on.

    :ivar code: what kind of issue it is, for code and tests
    :ivar level: one of ``ISSUE_LEVELS``
    :ivar message: the issue in the customer's words
    :ivar line_id: id of the sale.order.line it is about, if it is about one
    :ivar fix: what would resolve it, in the customer's words
    :ivar progress: how far the order has come, from 0 to 1, where that can be told: the cart draws
        a bar instead of an alarm
    """

    code: str
    level: str
    message: str
    line_id: int | None = None
    fix: str | None = None
    progress: float | None = None

    @property
    def key(self):
        """What an override accepts: this kind of issue, in these words, about this line."""
        return f"{self.code}:{self.line_id or ''}:{self.message}"

    @property
    def rank(self):
        """Its place among others: what stops the order stands above what is good to know."""
        return ISSUE_LEVELS.index(self.level)

    @property
    def text(self):
        """The message and, where there is one, the way out."""
        return f"{self.message} {self.fix}" if self.fix else self.message
