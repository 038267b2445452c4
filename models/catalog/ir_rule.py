from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Keep reserved tags from customers who are not to know them.

        Past the pages only: these read tags of products that other code has looked up past the
        rules, and leave out what is not for the visitor themselves. Not an ir.rule: those are
        cached by user, and a customer's type may change at any moment.
        """
        domain = super()._compute_domain(model_name, mode)
        if model_name == "product.tag" and self.env["website"]._is_asked_past_pages():
            type_ids = self.env["product.template"]._get_visitor_type_ids()
            if hidden_ids := self.env["product.tag"]._get_hidden_ids(type_ids):
                domain &= Domain("id", "not in", hidden_ids)
        return domain
