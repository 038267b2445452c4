from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    pay_on_account = fields.Selection(
        [("allowed", "Allowed"), ("refused", "Not allowed")],
        string="Pay on Account",
        policy="first",
        tracking=True,
        help="Allowed: in the shop and on quotations in the portal, holders may order on their "
        "account. The order is confirmed at once, the invoice is due by its payment terms.",
    )
    credit_limit = fields.Monetary(
        policy="max",
        tracking=True,
        help="What holders may owe: open invoices, confirmed orders that are not invoiced yet, and "
        "the order at hand, in the currency of the company. A limit set on the customer "
        "comes first (Invoicing settings, Sales Credit Limit). Zero: no limit.",
    )
    overdue_days = fields.Integer(
        string="Overdue for More Than",
        policy="max",
        tracking=True,
        help="Holders with an invoice that has been overdue for more days than that order nothing "
        "more on their account. Zero: overdue invoices change nothing.",
    )

    _credit_positive = models.Constraint(
        "CHECK(COALESCE(credit_limit, 0) >= 0 AND COALESCE(overdue_days, 0) >= 0)",
        "A credit limit and a number of days are not negative.",
    )
