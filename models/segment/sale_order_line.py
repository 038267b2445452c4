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
        if vals.keys() & {"product_uom_qty", "product_id"}:
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
            assignment = granted.get(line.id)
            if assignment and assignment.type_id != customer_type:
                assignment._end(self.env._("%s was cancelled or changed", line.order_id.name))
                assignment = None
            if not customer_type:
                continue
            partner = line.order_id.partner_id.commercial_partner_id
            first_day = assignment.date_from if assignment else line._first_granted_day(partner)
            days = line.product_id.granted_customer_type_days * line._get_granted_units()
            partner._assign_customer_types(
                customer_type,
                source="order",
                date_from=first_day,
                date_to=first_day + timedelta(days=days - 1) if days else None,
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
        if self.state != "sale" or self._get_granted_units() <= 0:
            return self.env["customer.type"]
        return self.product_id.granted_customer_type_id

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
            lambda a: a.type_id == customer_type
            and a.source == "order"
            and a.state != "ended"
            and a.date_to
        )
        if running:
            return max(running.mapped("date_to")) + timedelta(days=1)
        return running._today(customer_type.company_id)
