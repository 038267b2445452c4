from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_types_changed(self):
        carts = self._get_orders_to_reconsider().filtered(lambda order: order._is_cart())
        # Before prices are computed again: that takes away what is no longer given.
        rewards = {cart: cart.order_line.reward_id for cart in carts}
        res = super()._customer_types_changed()
        carts._follow_promotions(rewards)
        return res
