from odoo import api, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    @api.model
    def _is_tokenization_required(self, sale_order_id=None, **kwargs):
        """Whoever joins a club that charges a card leaves one: it is saved with the first payment.

        :param int sale_order_id: the order that is being paid, if any
        """
        if super()._is_tokenization_required(sale_order_id=sale_order_id, **kwargs):
            return True
        order = self.env["sale.order"].sudo().browse(int(sale_order_id or 0) or ())
        return bool(order._get_charging_clubs())
