from odoo import api, models
from odoo.fields import Domain

CART_PATHS = {"sale.order": "", "sale.order.line": "order_id."}


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _get_customer_domain(self, model_name):
        """Carts, not quotations, are kept from customers who may not see prices."""
        domain = super()._get_customer_domain(model_name)
        if model_name in CART_PATHS and self.env["website"]._refuses_prices():
            path = CART_PATHS[model_name]
            domain &= Domain(f"{path}website_id", "=", False) | Domain(
                f"{path}state", "!=", "draft"
            )
        return domain
