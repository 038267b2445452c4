"""What an order has to reach and may not pass, as plain values."""

from typing import NamedTuple

# What an order can be measured by; policy fields are named after it.
ORDER_MEASURES = ("amount", "quantity", "weight")


class OrderLimit(NamedTuple):
    """How one order stands against the minimum and maximum of its customer, in one measure.

    :ivar measure: ``amount`` (in the currency of the order), ``quantity`` (in the units of measure
        of the products) or ``weight`` (in Odoo's unit of weight)
    :ivar minimum: what the order has to reach, 0 for any
    :ivar maximum: what it may not pass, 0 for any
    :ivar counted: what counts of the order, rounded as the measure is
    :ivar missing: what it takes to reach the minimum, 0 when it is met
    :ivar excess: what is over the maximum, 0 when nothing is
    """

    measure: str
    minimum: float
    maximum: float
    counted: float
    missing: float
    excess: float

    @property
    def progress(self):
        """How far the order has come towards its minimum, from 0 to 1."""
        return min(max(self.counted / self.minimum, 0.0), 1.0) if self.minimum else 1.0
