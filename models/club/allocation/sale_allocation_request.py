from odoo import fields, models
from odoo.fields import Domain

from ...allocation.quota import EPSILON


class SaleAllocationRequest(models.Model):
    _inherit = "sale.allocation.request"

    club_shipment_id = fields.Many2one(
        "sale.club.shipment",
        string="Goes with",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What was granted goes with this shipment of a club, as far as the customer has not "
        "bought it by then.",
    )
    club_product_id = fields.Many2one(
        "product.product", string="As", readonly=True, copy=False, ondelete="restrict"
    )

    def _get_open_shipments(self):
        """:return: the next shipment to which what is granted can be added, by request; only where
        it goes out in the period that counts now
        :rtype: dict
        """
        customers = self.partner_id
        shipments = (
            self.env["sale.club.shipment"]
            .sudo()
            .search(
                Domain("partner_id.commercial_partner_id", "in", customers.ids)
                & self.env["sale.club.shipment"]._get_open_for_grants_domain(),
                order="ship_date, id",
            )
        )
        by_customer = shipments.grouped(lambda s: s.partner_id.commercial_partner_id)
        found = {}
        for request in self:
            for shipment in by_customer.get(request.partner_id, ()):
                if request._fits_shipment(shipment):
                    found[request] = shipment.with_env(self.env)
                    break
        return found

    def _fits_shipment(self, shipment):
        """Hook: whether what is granted can go with a shipment."""
        self.ensure_one()
        company = self.allocation_id.company_id
        if company and company != shipment.company_id:
            return False
        period = self._get_period()
        return period.is_endless or shipment._get_granted_until() < period.end

    def _get_products_to_ship(self):
        """:return: the product.product that the allocation covers, and that can be sold"""
        self.ensure_one()
        covered = self.allocation_id.sudo()._get_covered_ids()
        return self.env["product.product"].search(
            (
                Domain("id", "in", list(covered["variant"]))
                | Domain("product_tmpl_id", "in", list(covered["product"]))
            )
            & Domain("sale_ok", "=", True)
        )

    def _get_quantity_to_ship(self):
        """:return: how much (float) of its product goes with the shipment, in the product's unit"""
        self.ensure_one()
        product = self.club_product_id
        if (
            self.state != "granted"
            or self.outstanding <= EPSILON
            or not (product.active and product.sale_ok)
        ):
            return 0.0
        return self.uom_id._compute_quantity(self.outstanding, product.uom_id, round=False)

    def _grant_one(self, quantity, valid_until):
        if shipment := self.sudo().club_shipment_id:
            valid_until = shipment._get_granted_until()
        return super()._grant_one(quantity, valid_until)
