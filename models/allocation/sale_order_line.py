from odoo import api, fields, models

from ..policy.own_context import is_own_word
from .quota import DIGITS, EPSILON, get_relevant

_WATCHED = {"product_id", "product_uom_qty", "product_uom_id", "order_id"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    allocation_held_until = fields.Datetime(
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Until when what is allocated on this line is kept for the customer. Empty: it is not "
        "kept, or as long as a payment is under way.",
    )

    allocation_words = fields.Char(
        string="Allocated",
        compute="_compute_allocation_words",
        groups="base.group_user",
        help="What is left to the customer, this order not counted.",
    )

    @api.depends("product_id", "product_uom_qty", "product_uom_id", "order_id.partner_id")
    def _compute_allocation_words(self):
        for order, lines in self.grouped("order_id").items():
            demands = order.sudo()._get_allocation_demands() if order.partner_id else []
            words = {
                line: order._get_demand_words(demand)
                for demand in reversed(demands)
                for line in demand.lines
            }
            for line in lines:
                line.allocation_words = words.get(line.sudo())

    @api.onchange("product_id", "product_uom_qty", "product_uom_id")
    def _onchange_allocation(self):
        """Tell the sales desk while it types, not when it confirms."""
        order = self.order_id
        if not order.partner_id or not self.product_id or not self._is_allocatable():
            return None
        for demand in order.sudo()._get_allocation_demands(self.product_id):
            if demand.wanted > EPSILON and not demand.fits:
                return {
                    "warning": {
                        "type": "notification",
                        "title": order._get_allocation_name(demand.quota),
                        "message": order._get_allocation_refusal(demand.quota, demand.own),
                    }
                }
        return None

    def _is_allocatable(self):
        """:return: whether this line takes what it sells out of allocations; a box does not, what
        is in it does
        """
        self.ensure_one()
        return (
            bool(self.product_id)
            and not self.display_type
            and not self.is_downpayment
            and not self._is_delivery()
            and self.product_id.type != "combo"
        )

    def _get_allocation_quantity(self, uom):
        """:return: what the customer keeps of this line, in the unit of an allocation (uom.uom)"""
        self.ensure_one()
        quantity = self._get_kept_quantity()
        return round(self.product_uom_id._compute_quantity(quantity, uom, round=False), DIGITS)

    def _get_kept_quantity(self):
        """Hook: what was ordered and not taken back, in the unit of the line.

        What is refunded by a posted credit note is given back, unless it was invoiced beyond what
        is ordered now, or again.
        """
        self.ensure_one()
        ordered = max(self.product_uom_qty, 0.0)
        if self.state != "sale":
            return ordered
        invoiced = refunded = 0.0
        for line in self.sudo().invoice_lines:
            if line.parent_state != "posted":
                continue
            uom = line.product_uom_id or self.product_uom_id
            quantity = uom._compute_quantity(line.quantity, self.product_uom_id, round=False)
            if line.move_id.move_type == "out_refund":
                refunded += quantity
            else:
                invoiced += quantity
        return max(min(ordered, max(ordered, invoiced) - refunded), 0.0)

    def _get_allocation_status(self, now):
        """:return: how this line should take of allocations: ``used``, ``held`` or None"""
        self.ensure_one()
        order = self.order_id
        if order.state == "sale":
            return "used"
        if order.state not in ("draft", "sent"):
            return None
        if self.allocation_held_until and self.allocation_held_until > now:
            return "held"
        if order.has_allocations and order._has_open_payment():
            return "held"
        return None

    def _is_hold_over(self, now):
        """:return: whether what this line kept is kept no longer"""
        self.ensure_one()
        return bool(self.allocation_held_until) and self.allocation_held_until <= now

    def _get_new_allocation_ids(self, covering, status):
        """
        :param covering: the :class:`Rule` values that cover the product
        :return: ids of the allocations from which this line begins to take
        :rtype: set
        """
        self.ensure_one()
        if status == "used":
            # A line that was added later counts from then, not from the day of its order.
            since = max(self.order_id.date_order, self.create_date)
            covering = [rule for rule in covering if rule.count_from <= since]
        if not covering:
            return set()
        quotas = self.order_id._get_allocation_quotas(covering)
        relevant = get_relevant([quotas[rule.id] for rule in covering])
        return {quota.allocation_id for quota in relevant}

    # -- Every change of a line gives and takes ----------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._take_allocations()
        return lines

    def write(self, vals):
        if "allocation_held_until" in vals and any(
            line.allocation_held_until for line in self.sudo()
        ):
            # What is kept no longer is free, and what is kept again is not.
            self.env["sale.allocation"]._forget_quotas()
        if "order_id" in vals:
            # The order from which they go gives back; the other one takes anew.
            moved = self.filtered(lambda line: line.order_id.id != vals["order_id"])
            moved.order_id._sync_allocations(leaving=moved.ids)
        res = super().write(vals)
        if not _WATCHED.isdisjoint(vals):
            self._take_allocations()
        return res

    def unlink(self):
        # Whatever else is going on: once the lines are gone, nobody knows what they took. Odoo also
        # calls this for no line at all, whenever a cart is looked at.
        if self:
            self.order_id._sync_allocations(leaving=self.ids)
        return super().unlink()

    def _take_allocations(self):
        self._start_allocation_holds()
        if not is_own_word(self.env, "allocation_later"):
            self.order_id._sync_allocations()

    def _is_kept_in_cart(self):
        """:return: whether putting this line into the cart keeps it for the customer"""
        self.ensure_one()
        order = self.order_id
        return (
            bool(order.website_id)
            and order.state == "draft"
            and any(
                rule.mode == "reserve"
                for rule in order._get_allocation_rules().get(self.product_id.id, ())
            )
        )

    def _start_allocation_holds(self):
        """Keep what is in carts for the customer, where that is how it is sold.

        The time runs from the first bottle; more of them do not prolong it.
        """
        if is_own_word(self.env, "allocation_unheld"):
            return
        now = fields.Datetime.now()
        carts = self.order_id.sudo().filtered(lambda o: o.website_id and o.state == "draft")
        for cart in carts:
            rules = cart._get_allocation_rules()
            for line in self.sudo().filtered(lambda line, cart=cart: line.order_id == cart):
                minutes = [
                    rule.hold_minutes
                    for rule in rules.get(line.product_id.id, ())
                    if rule.mode == "reserve"
                ]
                if minutes and not (
                    line.allocation_held_until and line.allocation_held_until > now
                ):
                    line.allocation_held_until = fields.Datetime.add(now, minutes=min(minutes))
