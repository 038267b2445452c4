from odoo import fields, models


class Website(models.Model):
    _inherit = "website"

    guest_customer_type_id = fields.Many2one(
        "customer.type",
        string="Guests",
        ondelete="restrict",
        help="What visitors get who have not signed in.",
    )
    default_customer_type_id = fields.Many2one(
        "customer.type",
        string="Customers without a type",
        ondelete="restrict",
        help="What customers get on this website who hold no type. It is not assigned to them.",
    )
    signup_customer_type_id = fields.Many2one(
        "customer.type",
        string="New sign-ups",
        ondelete="restrict",
        help="Assigned to customers who create their account on this website.",
    )
