from typing import NamedTuple


class Credit(NamedTuple):
    """What a customer may owe to a company, and owes.

    All amounts are floats in the currency of the company.

    :ivar limit: what the customer may owe, or None without a limit
    :ivar used: open receivables, plus what is confirmed and not yet invoiced
    :ivar overdue: the part of it that has been overdue for more than ``overdue_days``
    :ivar overdue_days: after how many days an overdue invoice counts, or None if never
    :ivar currency: res.currency of the company
    """

    limit: float | None
    used: float
    overdue: float
    overdue_days: int | None
    currency: object

    @property
    def left(self):
        """What is left of the limit; nothing where more than that is used."""
        return max(self.limit - self.used, 0.0)

    def has_room_for(self, amount):
        """:return: whether the limit bears this amount on top"""
        return (
            self.limit is None or self.currency.compare_amounts(self.used + amount, self.limit) <= 0
        )

    def is_overdue(self):
        """:return: whether something has been overdue for too long"""
        return self.overdue_days is not None and not self.currency.is_zero(self.overdue)
