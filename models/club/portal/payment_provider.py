from odoo import api, models
from odoo.fields import Domain


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    @api.model
    def _is_tokenization_required(self, sale_order_id=None, **kwargs):
        """Whoever joins a club that charges a card leaves one: it is saved with the first payment.

        :param int sale_order_id: the order that is being paid, if any
        """
        if super()._is_tokenization_required(sale_order_id=sale_order_id, **kwargs):
            return True
        # Asked on every cart: shops without clubs ask the database nothing.
        memberships = self.env["sale.club"]._get_membership_products()
        if not memberships or not sale_order_id:
            return False
        lines = self.env["sale.order.line"].sudo()
        joining = lines.search(
            Domain("order_id", "=", int(sale_order_id))
            & Domain("product_id", "in", list(memberships))
        )
        clubs = joining.product_id._get_clubs().values()
        return any(club.payment == "token" for same in clubs for club in same)
