from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale


class OrderSizeShop(WebsiteSale):
    def _check_cart(self, order_sudo):
        """A type or a rule may have changed since the customer saw the cart."""
        order_sudo._follow_order_minimum()
        return super()._check_cart(order_sudo)


class OrderSizeCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        request.cart._follow_order_minimum()
        return super().cart(*args, **kwargs)
