from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_types_changed(self):
        res = super()._customer_types_changed()
        orders = self._get_orders_to_reconsider()
        orders.filtered(lambda order: order._is_cart())._rate_shipment_again()
        return res
