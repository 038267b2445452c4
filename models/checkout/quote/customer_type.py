from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    checkout_mode = fields.Selection(
        [("pay", "Order and pay"), ("quote", "Request a quote")],
        string="Checkout",
        policy="first",
        tracking=True,
        help="Request a quote: nothing is paid in the shop. The cart becomes a quotation, the "
        "salesperson gets an activity, and the customer accepts the quotation in the portal "
        "once it has been sent.",
    )
