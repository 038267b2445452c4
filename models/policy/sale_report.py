from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    customer_type_id = fields.Many2one("customer.type", readonly=True)

    def _select_additional_fields(self):
        return super()._select_additional_fields() | {"customer_type_id": "s.customer_type_id"}

    def _group_by_sale(self):
        return f"{super()._group_by_sale()}, s.customer_type_id"
