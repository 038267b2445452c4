from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    guest_customer_type_id = fields.Many2one(
        related="website_id.guest_customer_type_id", readonly=False
    )
    # Not "default_...": Odoo takes settings so named for default values of other models.
    typeless_customer_type_id = fields.Many2one(
        related="website_id.default_customer_type_id", readonly=False
    )
    signup_customer_type_id = fields.Many2one(
        related="website_id.signup_customer_type_id", readonly=False
    )
