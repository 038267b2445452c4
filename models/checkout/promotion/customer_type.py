from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    promotion_stacking = fields.Selection(
        [
            ("stack", "Come on top of the type's prices"),
            ("own", "Only those made for the type"),
        ],
        string="Promotions",
        policy="first",
        tracking=True,
        help="Whether promotions come on top of the price list that a type gives. Promotions that "
        "name the type always do; gift cards and eWallets are money and are always taken. "
        "Where a customer has another price list, nothing changes.",
    )
