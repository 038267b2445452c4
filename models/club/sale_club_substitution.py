from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleClubSubstitution(models.TransientModel):
    """Something is sold out: what do all get instead who have not chosen by themselves?"""

    _name = "sale.club.substitution"
    _description = "Substitute a Product of a Club Run"

    run_id = fields.Many2one("sale.club.run", required=True, readonly=True, ondelete="cascade")
    pack_product_ids = fields.Many2many(
        "product.product", compute="_compute_counts", string="In the Pack"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Sold out",
        required=True,
        domain="[('id', 'in', pack_product_ids)]",
    )
    substitute_id = fields.Many2one(
        "product.product",
        string="Send instead",
        required=True,
        domain="[('sale_ok', '=', True), ('id', '!=', product_id)]",
    )
    untouched_count = fields.Integer(
        string="Shipments that change",
        compute="_compute_counts",
        help="They get the pack of the run, and are no orders yet.",
    )
    chosen_count = fields.Integer(
        string="Members who chose it",
        compute="_compute_counts",
        help="Their own choice stays as it is: ask them.",
    )

    @api.depends("run_id", "product_id")
    def _compute_counts(self):
        for wizard in self:
            run, product = wizard.run_id.sudo(), wizard.product_id
            wizard.pack_product_ids = run.line_ids.product_id
            shipments = run._get_shipments_without_order()
            untouched = shipments.filtered(lambda s: s._is_untouched())
            in_pack = product in run.line_ids.product_id
            wizard.untouched_count = len(untouched) if in_pack else 0
            wizard.chosen_count = len(
                (shipments - untouched).filtered(
                    lambda s, p=product: p in s._get_lines().product_id
                )
            )

    def action_substitute(self):
        """Button: put the substitute in the pack.

        :raise UserError: where the run is over, or the product is not in its pack
        """
        self.ensure_one()
        run = self.run_id
        run.check_access("write")
        if run.state == "done" and not any(
            shipment._is_untouched() for shipment in run._get_shipments_without_order()
        ):
            raise UserError(self.env._("This run is done: its orders are made."))
        if self.product_id not in run.line_ids.product_id:
            raise UserError(
                self.env._("%s is not in the pack of this run.", self.product_id.display_name)
            )
        run.sudo()._substitute(self.product_id, self.substitute_id)
        return {"type": "ir.actions.act_window_close"}
