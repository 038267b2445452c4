from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _get_customer_domain(self, model_name):
        """Menus and documents are kept from customers whom they are not for."""
        domain = super()._get_customer_domain(model_name)
        if model_name in ("website.menu", "ir.attachment"):
            if hidden_ids := self.env[model_name]._get_hidden_ids():
                domain &= Domain("id", "not in", hidden_ids)
        return domain
