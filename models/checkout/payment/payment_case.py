from typing import NamedTuple

from ...policy.policy import CustomerPolicy


class PaymentCase(NamedTuple):
    """What somebody is about to pay: all that decides which ways to pay are open to them.

    :ivar policy: :class:`CustomerPolicy` of the customer of the order or invoice, else of who pays
    :ivar company: res.company that is paid
    :ivar amount: float, or None while no amount is known: then no limit of amounts applies
    :ivar currency: res.currency of the amount
    :ivar order: the sale.order that is paid, or none
    """

    policy: CustomerPolicy
    company: object
    amount: float | None
    currency: object
    order: object

    def convert(self, amount):
        """:return: an amount (float) of the company's currency, in that of the payment"""
        return self.company.currency_id._convert(amount, self.currency, self.company)
