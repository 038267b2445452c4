from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# So long after it goes out a shipment may still be waiting for its money.
GRACE_DAYS = 14


class SaleClubShipment(models.Model):
    """What was granted of an allocation goes with a shipment, besides what is in its pack."""

    _inherit = "sale.club.shipment"

    allocation_request_ids = fields.One2many("sale.allocation.request", "club_shipment_id")

    def _get_content(self):
        content = super()._get_content()
        if content:
            content += self._get_granted_content()
        return content

    def _get_granted_content(self):
        """:return: list of ``(product id, quantity, discount)`` of what was granted to go with this
        shipment, and was not bought in another way since
        """
        self.ensure_one()
        return [
            (request.club_product_id.id, quantity, self.club_id.discount)
            for request in self.sudo().allocation_request_ids
            if (quantity := request._get_quantity_to_ship())
        ]

    def _get_granted_words(self):
        """:return: the same in words"""
        products = self.env["product.product"].sudo().with_context(display_default_code=False)
        return [
            f"{quantity:.10g} × {products.browse(product_id).display_name}"
            for product_id, quantity, _discount in self._get_granted_content()
        ]

    @api.model
    def _get_open_for_grants_domain(self):
        """:return: Domain of the shipments to which something can still be added"""
        return (
            Domain("state", "=", "waiting")
            & Domain("step", "=", "order")
            & Domain("order_id", "=", False)
            & Domain("run_id.state", "in", ("draft", "window", "review"))
        )

    def _get_granted_until(self):
        """:return: until when what goes with this shipment is the customer's (naive UTC)"""
        self.ensure_one()
        moment = self.run_id.process_at or datetime.combine(self.ship_date, time())
        return moment + timedelta(days=GRACE_DAYS)
