from odoo import api, fields, models

from .catalog import RIGHTS


class CustomerTypeReserve(models.TransientModel):
    """Reserve many products at once, or give them back to everybody."""

    _name = "customer.type.reserve"
    _description = "Reserve Products"

    action = fields.Selection(
        [
            ("add", "Reserve for these types too"),
            ("replace", "Reserve for these types only"),
            ("remove", "No longer reserve for these types"),
            ("free", "Reserve for nobody"),
        ],
        required=True,
        default="add",
    )
    right = fields.Selection(
        [("see", "Who sees it"), ("price", "Who sees its price"), ("buy", "Who may order it")],
        required=True,
        default="see",
    )
    product_ids = fields.Many2many(
        "product.template", string="Products", default=lambda self: self._default_product_ids()
    )
    type_ids = fields.Many2many("customer.type", string="Customer Types")
    set_moments = fields.Boolean(string="Set the dates too")
    reserved_from = fields.Datetime(string="Holders see it from")
    public_from = fields.Datetime(string="Everybody sees it from")
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _default_product_ids(self):
        if self.env.context.get("active_model") != "product.template":
            return self.env["product.template"]
        return self.env["product.template"].browse(self.env.context.get("active_ids", []))

    @api.depends("product_ids", "right")
    def _compute_summary(self):
        for wizard in self:
            reserved = wizard.product_ids.filtered(RIGHTS[wizard.right or "see"])
            wizard.summary = self.env._(
                "Products: %(count)s. With types of their own today: %(reserved)s.",
                count=len(wizard.product_ids),
                reserved=len(reserved),
            )

    def action_apply(self):
        """Change the products, in one go."""
        self.ensure_one()
        command = {
            "add": [fields.Command.link(type_id) for type_id in self.type_ids.ids],
            "replace": [fields.Command.set(self.type_ids.ids)],
            "remove": [fields.Command.unlink(type_id) for type_id in self.type_ids.ids],
            "free": [fields.Command.clear()],
        }[self.action]
        values = {RIGHTS[self.right]: command}
        if self.right == "see" and self.set_moments:
            values.update(reserved_from=self.reserved_from, public_from=self.public_from)
        elif self.right == "see" and self.action == "free":
            values.update(reserved_from=False, public_from=False)
        self.product_ids.write(values)
        return {"type": "ir.actions.act_window_close"}
