from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    _depends = {"account.move": ["customer_type_id"]}

    customer_type_id = fields.Many2one("customer.type", readonly=True)

    @api.model
    def _select(self):
        return SQL("%s, move.customer_type_id AS customer_type_id", super()._select())
