from odoo import fields, models


class WebsitePageProperties(models.TransientModel):
    _inherit = "website.page.properties"

    customer_type_ids = fields.Many2many(
        related="target_model_id.customer_type_ids", readonly=False
    )
