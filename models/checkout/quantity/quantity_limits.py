"""In which quantities a customer may order a product, as a plain value."""

from math import ceil, floor, gcd
from typing import NamedTuple

# Quantities are told apart down to this; finer differences come from converting units.
PRECISION = 5


def _is_multiple(quantity, step):
    return round(quantity / step, PRECISION) == round(quantity / step)


class QuantityLimits(NamedTuple):
    """What one order may hold of a product, in the unit of measure of the product.

    :ivar minimum: at least so many, 0 for any
    :ivar maximum: at most so many, 0 for any
    :ivar multiple: only in multiples of it, 0 for any
    """

    minimum: float = 0.0
    maximum: float = 0.0
    multiple: float = 0.0

    def widened(self):
        """:return: the same, with a maximum that leaves at least the smallest quantity to order

        Rules of several types may contradict each other; none of them means "not for sale".
        """
        smallest = self.minimum
        if self.multiple:
            smallest = max(ceil(round(self.minimum / self.multiple, PRECISION)), 1) * self.multiple
        if self.maximum and self.maximum < smallest:
            return self._replace(maximum=smallest)
        return self

    def fits(self, quantity):
        """:return: whether an order may hold so many of the product, apart from the maximum"""
        return round(quantity - self.minimum, PRECISION) >= 0 and (
            not self.multiple or _is_multiple(quantity, self.multiple)
        )

    def exceeded_by(self, quantity):
        """:return: whether that is more than the maximum"""
        return bool(self.maximum) and round(quantity - self.maximum, PRECISION) > 0

    def correct(self, wanted, previous=0, factor=1.0, others=0.0, ceiling=None):
        """The quantity of an order line nearest to what a customer wants that may be ordered.

        Who asks for more gets the next higher quantity, who asks for less the next lower one.

        :param int wanted: quantity of the line, in its own unit of measure
        :param int previous: the quantity of the line until now
        :param float factor: how many units of the product one unit of the line is
        :param float others: what else of the product there is on the order, in the product's unit
        :param int ceiling: not more than that, for a reason of somebody else
        :return: the corrected quantity, 0 where there is none
        :rtype: int
        """
        highest = ceiling
        if self.maximum:
            room = floor(round((self.maximum - others) / factor, PRECISION))
            highest = room if highest is None else min(highest, room)
        lowest = max(ceil(round((self.minimum - others) / factor, PRECISION)), 1)
        if highest is not None and highest < lowest:
            return 0
        start = max(wanted, lowest)
        if highest is not None:
            start = min(start, highest)
        span = self._get_span(factor)
        up = range(start, start + span + 1)
        down = range(start, max(start - span, lowest) - 1, -1)
        for candidates in (down, up) if wanted < previous else (up, down):
            for quantity in candidates:
                if highest is not None and quantity > highest:
                    break
                if not self.multiple or _is_multiple(others + quantity * factor, self.multiple):
                    return quantity
        return 0

    def _get_span(self, factor):
        """:return: how far apart quantities of a line can be that fit the multiple"""
        if not self.multiple:
            return 0
        scale = 10**PRECISION
        multiple, unit = round(self.multiple * scale), round(factor * scale)
        return multiple // gcd(multiple, unit)

    def get_step(self, factor=1.0):
        """:return: by how much a line goes up and down, in its own unit of measure"""
        return self._get_span(factor) or 1
