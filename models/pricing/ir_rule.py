from odoo import api, models
from odoo.fields import Domain

CART_PATHS = {"sale.order": "", "sale.order.line": "order_id."}


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Keep carts, not quotations, from customers who may not see prices.

        Not an ir.rule: those are cached by user, and a customer's type may change at any moment.
        """
        domain = super()._compute_domain(model_name, mode)
        if model_name in CART_PATHS and self.env["website"]._refuses_prices():
            path = CART_PATHS[model_name]
            domain &= Domain(f"{path}website_id", "=", False) | Domain(
                f"{path}state", "!=", "draft"
            )
        return domain
