from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._sync_granted_types()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"product_uom_qty", "product_uom_id", "product_id"}:
            self.filtered(lambda line: line.state == "sale")._sync_granted_types()
        return res

    def _sync_granted_types(self):
        """Give, prolong or end the types that these lines sell, so that each gives what it says.

        A line of a confirmed order gives its type for its days times its quantity, after what
        former purchases of the same type still run; a cancelled or emptied line gives nothing.
        """
        lines = self.sudo()
        granted = lines._get_granted_assignments()
        for line in lines:
            customer_type = line._get_granted_type()
            partner = line.order_id.partner_id.commercial_partner_id
            assignment = granted.get(line.id)
            if assignment and (
                assignment.type_id != customer_type or assignment.partner_id != partner
            ):
                assignment._end(self.env._("%s was cancelled or changed", line.order_id.name))
                assignment = None
            if not customer_type:
                continue
            first_day = assignment.date_from if assignment else line._first_granted_day(partner)
            partner._assign_customer_types(
                customer_type,
                source="order",
                date_from=first_day,
                date_to=line._last_granted_day(first_day),
                reason=self.env._("Bought with %s", line.order_id.name),
                origin=line,
            )

    def _get_granted_assignments(self):
        """:return: the open assignment each of these lines has given, by line id"""
        assignments = self.env["customer.type.assignment"].search(
            Domain("source", "=", "order")
            & Domain("state", "!=", "ended")
            & Domain("origin_ref", "in", [f"{self._name},{line_id}" for line_id in self.ids])
        )
        return {assignment.origin_ref.id: assignment for assignment in assignments}

    def _get_granted_type(self):
        """:return: the customer.type that this line gives as things stand, or none"""
        self.ensure_one()
        customer_type = self.product_id.granted_customer_type_id
        # A type of another company would be refused, and an order that is paid must not be.
        acts_here = customer_type.company_id in (customer_type.company_id.browse(), self.company_id)
        if self.state != "sale" or self._get_granted_units() <= 0 or not acts_here:
            return customer_type.browse()
        return customer_type

    def _get_granted_units(self):
        """:return: how many units of the product's own unit of measure the line sells, as int"""
        quantity = self.product_uom_qty
        if self.product_uom_id and self.product_id.uom_id:
            quantity = self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id)
        return int(quantity)

    def _first_granted_day(self, partner):
        """:return: today, or the day (date) after what the partner bought before runs out"""
        customer_type = self.product_id.granted_customer_type_id
        running = partner.customer_type_assignment_ids.filtered(
            lambda a: (
                a.type_id == customer_type
                and a.source == "order"
                and a.state != "ended"
                and a.date_to
            )
        )
        today = running._today(customer_type.company_id)
        return max([today, *(day + timedelta(days=1) for day in running.mapped("date_to"))])

    def _last_granted_day(self, first_day):
        """
        :param date first_day: the day on which what the line gives begins
        :return: the last day (date), or None for good
        """
        days = self.product_id.granted_customer_type_days * self._get_granted_units()
        try:
            return first_day + timedelta(days=days - 1) if days else None
        except OverflowError:
            # Ten thousand memberships of a year: there is no such day in the calendar.
            return None
