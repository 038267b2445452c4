from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    quantity_rule_count = fields.Integer(
        string="Quantity Rules", compute="_compute_quantity_rule_count"
    )

    def _compute_quantity_rule_count(self):
        rules = self.env["customer.type.quantity.rule"]
        groups = rules._read_group(
            [("customer_type_ids", "in", self.ids)], ["customer_type_ids"], ["__count"]
        )
        counts = {customer_type.id: count for customer_type, count in groups}
        for customer_type in self:
            customer_type.quantity_rule_count = counts.get(customer_type.id, 0)

    def action_view_quantity_rules(self):
        """:return: an action that lists the quantity rules for this type"""
        self.ensure_one()
        xmlid = "customer_type.customer_type_quantity_rule_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("customer_type_ids", "in", self.ids)]
        action["context"] = {"default_customer_type_ids": self.ids}
        return action
