from odoo import models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def _get_rate_key(self, order):
        """Hook: what decides about the rate of an order, beside what is on it and at what terms.

        :return: a tuple; or None for carriers that are to be asked about each order, as those are
            whose rates come from elsewhere
        """
        self.ensure_one()
        if self.delivery_type not in ("fixed", "base_on_rule"):
            return None
        address = order.partner_shipping_id
        return (
            address.country_id.id,
            address.state_id.id,
            address.zip,
            order._get_customer_policy().type_ids,
        )
