from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    carrier_ids = fields.Many2many(
        "delivery.carrier",
        "customer_type_delivery_carrier_rel",
        "type_id",
        "carrier_id",
        string="Delivery Methods",
        policy="union",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="Holders choose among these and no others: in the shop, in express checkout and at "
        "the sales desk. Empty: among all that are not kept for other types.",
    )
    free_shipping_over = fields.Monetary(
        string="Free Delivery from",
        policy="min",
        tracking=True,
        help="Delivery is free once an order comes to this amount, with taxes and after "
        "discounts, in the currency of the company that sells. Where a customer holds several "
        "types, the smallest amount counts. Zero: this type says nothing.",
    )

    _free_shipping_over_positive = models.Constraint(
        "CHECK (free_shipping_over >= 0)", "An amount for free delivery cannot be negative."
    )
