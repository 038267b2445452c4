from odoo import models

from ..quota import DIGITS, EPSILON
from .sale_allocation import SCARCE


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_cart_allocations(self):
        """:return: what is left besides what is in this cart, in words, by id of order line; what
        does not fit is told by the order gate
        :rtype: dict
        """
        self.ensure_one()
        words = {}
        tightest = {}
        for demand in self.sudo()._get_allocation_demands():
            if not demand.fits or demand.available is None:
                continue
            more = round(demand.available - demand.wanted, DIGITS)
            for line in demand.lines:
                if line.id not in tightest or more < tightest[line.id]:
                    tightest[line.id] = more
                    words[line.id] = self._get_cart_words(demand, more)
        return words

    def _get_cart_words(self, demand, more):
        """:return: what is left of an allocation besides what is in the cart, in words"""
        allocations = self.env["sale.allocation"]
        quota = demand.quota
        rule = self._get_allocation_rule(quota)
        unit = allocations._get_told_unit(rule, demand.lines[:1].product_id.uom_id)
        told = allocations._tell_quantity(max(more, 0.0), unit)
        if allocations._is_bound_by_pool(quota):
            if more <= EPSILON:
                return self.env._("These are the last ones.")
            return self.env._("%s more can be had.", told) if more <= SCARCE else ""
        if more <= EPSILON:
            words = self.env._("That is all of what is left for you")
        else:
            words = self.env._("%s more left for you", told)
        return f"{allocations._tell_until(words, quota, rule)}."

    def _get_allocation_rule(self, quota):
        """:return: the :class:`Rule` of a :class:`CustomerAllocation`"""
        table = self.env["sale.allocation"]._get_table(self.company_id.id)
        return table["rules"][quota.allocation_id]

    def _get_allocation_seconds(self):
        """:return: for how many seconds more what is in this cart is kept, by the clock of the
        server; None where nothing is
        """
        self.ensure_one()
        deadline = self._get_allocation_deadline()
        return deadline and self.env["sale.allocation"]._get_seconds_until(deadline)
