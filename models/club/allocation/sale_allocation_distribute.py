from odoo import api, fields, models
from odoo.exceptions import UserError

from ...allocation.quota import EPSILON


class SaleAllocationDistribute(models.TransientModel):
    _inherit = "sale.allocation.distribute"

    way = fields.Selection(
        [
            ("right", "To be bought by the customer"),
            ("shipment", "With the next shipment of the club, where there is one"),
        ],
        string="What is granted is",
        required=True,
        default="right",
    )
    has_shipments = fields.Boolean(compute="_compute_has_shipments")
    product_ids = fields.Many2many("product.product", compute="_compute_product_ids")

    @api.depends("request_ids")
    def _compute_has_shipments(self):
        for wizard in self:
            wizard.has_shipments = bool(wizard.request_ids._origin._get_open_shipments())

    @api.depends("request_ids")
    def _compute_product_ids(self):
        for wizard in self:
            wizard.product_ids = wizard.request_ids._origin[:1]._get_products_to_ship()

    def action_apply(self):
        lines = self.line_ids.filtered(lambda line: line.granted > EPSILON)
        if chosen := lines.club_shipment_id.sudo():
            # Else the run could begin in between.
            chosen.lock_for_update()
        shipments = lines.request_id._get_open_shipments()
        for line in lines:
            line._choose_shipment(shipments.get(line.request_id), self.product_ids)
        return super().action_apply()


class SaleAllocationDistributeLine(models.TransientModel):
    _inherit = "sale.allocation.distribute.line"

    club_shipment_id = fields.Many2one(
        "sale.club.shipment",
        string="Goes with",
        compute="_compute_club_shipment_id",
        store=True,
        readonly=False,
    )
    ship_date = fields.Date(related="club_shipment_id.ship_date")
    club_product_id = fields.Many2one(
        "product.product",
        string="As",
        compute="_compute_club_shipment_id",
        store=True,
        readonly=False,
    )

    @api.depends("request_id", "wizard_id.way")
    def _compute_club_shipment_id(self):
        shipments = self.request_id._origin._get_open_shipments()
        for line in self:
            asked = line.wizard_id.way == "shipment"
            line.club_shipment_id = asked and shipments.get(line.request_id._origin)
            products = line.wizard_id.product_ids._origin
            line.club_product_id = (
                products if line.club_shipment_id and len(products) == 1 else False
            )

    def _choose_shipment(self, shipment, products):
        """Let what is granted go with the shipment of this line, if there is one.

        :param shipment: the sale.club.shipment that is still open to this customer, or None
        :param products: the product.product records that can be shipped
        :raise UserError: where it is too late for that, or nobody has said which product
        """
        self.ensure_one()
        request, chosen, product = self.request_id, self.club_shipment_id, self.club_product_id
        if chosen and chosen != shipment:
            raise UserError(
                self.env._(
                    "Nothing can be added to the shipment of %s any more.",
                    request.partner_id.name,
                )
            )
        if chosen and product not in products:
            raise UserError(self.env._("Say which product goes to %s.", request.partner_id.name))
        request.sudo().write(
            {"club_shipment_id": chosen.id, "club_product_id": product.id if chosen else False}
        )
