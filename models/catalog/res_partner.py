from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_types_changed(self):
        self.env["customer.type"]._audience_changed()
        return super()._customer_types_changed()
