from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    po_mode = fields.Selection(
        [("ask", "Ask for it"), ("require", "Require it")],
        string="Customer's Reference",
        policy="first",
        tracking=True,
        help="Customers are asked for their own order number (PO number), and may add their "
        "purchase order as a file: when they check out, ask for a quotation, and accept one. "
        "Required: no order without it.",
    )
