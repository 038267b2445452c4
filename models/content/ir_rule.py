from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Keep menus and documents from customers whom they are not for.

        Not an ir.rule: those are cached by user, and a customer's type may change at any moment.
        """
        domain = super()._compute_domain(model_name, mode)
        if model_name in ("website.menu", "ir.attachment") and not self.env.su:
            hidden_ids = self.env[model_name]._get_hidden_ids()
            if hidden_ids:
                domain &= Domain("id", "not in", hidden_ids)
        return domain
