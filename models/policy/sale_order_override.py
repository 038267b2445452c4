from odoo import fields, models


class SaleOrderPolicyOverride(models.TransientModel):
    """Confirm an order over what its customer's policy blocks."""

    _name = "sale.order.policy.override"
    _description = "Override Order Policy"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    issues_html = fields.Html(related="order_id.policy_issues_html", related_sudo=False)
    reason = fields.Char(required=True)

    def _prepare_action(self, order):
        """:return: an action that asks for the reason and confirms the order"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm %s all the same", order.name),
            "res_model": self._name,
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_order_id": order.id},
        }

    def action_override(self):
        """Log the reason, then confirm."""
        self.ensure_one()
        self.order_id._override_policy(self.reason)
        self.order_id.action_confirm()
        # The order below was opened before; closing alone would leave it there as it was.
        return {"type": "ir.actions.client", "tag": "soft_reload"}
