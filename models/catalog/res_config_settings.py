from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shop_type_ids = fields.Many2many(related="website_id.shop_type_ids", readonly=False)
