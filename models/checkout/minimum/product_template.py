from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    order_limit_exempt = fields.Boolean(
        string="Does not count for order minimums",
        groups="base.group_user",
        help="Orders of this product do not come closer to the minimum, or the maximum, that a "
        "customer type sets: for deposits, samples, or goods with little margin.",
    )
