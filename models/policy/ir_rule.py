from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Keep from customers what their types do not let them have.

        Not an ir.rule: those are cached by user, and a customer's type may change at any moment.
        """
        domain = super()._compute_domain(model_name, mode)
        return domain if self.env.su else domain & self._get_customer_domain(model_name)

    @api.model
    def _get_customer_domain(self, model_name):
        """Hook: which records of a model the browsing user may have, as far as types decide.

        :rtype: Domain
        """
        return Domain.TRUE
