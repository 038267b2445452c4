from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale

CORRECTION_KEY = "customer_type_option_correction"


class OrderSizeShop(WebsiteSale):
    def _check_cart(self, order_sudo):
        """A type or a rule may have changed since the customer saw the cart."""
        order_sudo._follow_order_minimum()
        return super()._check_cart(order_sudo)


class OrderSizeCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        request.cart.filtered(lambda cart: not cart._is_being_paid())._follow_order_minimum()
        return super().cart(*args, **kwargs)


class OrderSizePortal(CustomerPortal):
    @route()
    def portal_quote_option_update(
        self, order_id, line_id, access_token=None, remove=False, input_quantity=False, **kwargs
    ):
        """Options of a quotation follow the rules for quantities, and the small-order fee follows
        the options, as in the cart.
        """
        option = self._get_portal_option(order_id, line_id, access_token)
        order = option.order_id
        if option:
            wanted = input_quantity
            if wanted is False:
                wanted = max(option.product_uom_qty + (-1 if remove else 1), 0)
            input_quantity, words = order._correct_option_quantity(option, wanted)
            if words:
                request.session[CORRECTION_KEY] = {"order_id": order.id, "words": words}
        # Another fee than the one that is due was the decision of a person.
        follows = order and not order._get_order_minimum_fee_difference()
        res = super().portal_quote_option_update(
            order_id,
            line_id,
            access_token=access_token,
            remove=remove,
            input_quantity=input_quantity,
            **kwargs,
        )
        if follows:
            order._update_order_minimum_fee()
        return res

    def _get_portal_option(self, order_id, line_id, access_token):
        """:return: the line of an order that the visitor may change, or none"""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.env["sale.order.line"]
        return order_sudo.order_line.filtered(
            lambda line: line.id == int(line_id) and line._can_be_edited_on_portal()
        )

    def _get_page_view_values(self, document, *args, **kwargs):
        values = super()._get_page_view_values(document, *args, **kwargs)
        correction = request.session.get(CORRECTION_KEY)
        if correction and document._name == "sale.order" and document.id == correction["order_id"]:
            values["option_correction"] = request.session.pop(CORRECTION_KEY)["words"]
        return values
