from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    granted_customer_type_id = fields.Many2one(
        "customer.type",
        string="Gives the type",
        ondelete="restrict",
        groups="base.group_user",
        help="Who buys this product gets this customer type when the order is confirmed.",
    )
    granted_customer_type_days = fields.Integer(
        string="For days",
        groups="base.group_user",
        help="Days that one unit lasts, the day of purchase included; buying again adds to them. "
        "Zero: for good.",
    )

    @api.constrains("granted_customer_type_days")
    def _check_granted_customer_type_days(self):
        if any(product.granted_customer_type_days < 0 for product in self):
            raise ValidationError(
                self.env._("A type is given for a number of days, or zero for good.")
            )
