from math import floor

from odoo import models

from ..quota import DIGITS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_quantity_input(self):
        limits = super()._get_quantity_input()
        allocated = self._get_allocation_input()
        if not allocated:
            return limits
        return self.env["sale.allocation"]._merge_limits(allocated, limits)

    def _get_allocation_input(self):
        """:return: from where to where, and by how much, the input of the cart goes for what is
        allocated; empty where nothing is
        :rtype: dict
        """
        self.ensure_one()
        order = self.order_id
        if not self.product_id or self.product_id.id not in order._get_allocation_rules():
            return {}
        allocations = self.env["sale.allocation"].sudo()
        result = {}
        for demand in order.sudo()._get_allocation_demands(self.product_id):
            if self.sudo() not in demand.lines:
                continue
            rule = order._get_allocation_rule(demand.quota)
            unit = self.env["uom.uom"].sudo().browse(rule.uom_id)
            others = sum(line._get_allocation_quantity(unit) for line in demand.lines - self.sudo())
            left = None
            if demand.available is not None:
                left = max(round(demand.available - others, DIGITS), 0.0)
            rest = demand._replace(wanted=others)
            limits = allocations._get_shop_limits(
                demand.quota, rule, left, rest, self.product_uom_id
            )
            result = allocations._merge_limits(result, {"words": "", **limits})
        return result

    def _get_reorder_quantity(self):
        """:return: how many to propose to a customer who bought this before: no more than what is
        left
        """
        self.ensure_one()
        told = self.product_id._get_allocation_badge()
        if not told or told["left"] is None:
            return int(self.product_uom_qty)
        if not told["is_buyable"]:
            return 0
        # What is told is told in the unit of the product.
        factor = self.product_uom_id._compute_quantity(1.0, self.product_id.uom_id, round=False)
        return min(
            int(self.product_uom_qty), floor(round(told["limits"]["maximum"] / factor, DIGITS))
        )
