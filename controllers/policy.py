from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale


class PolicyShop(WebsiteSale):
    @route()
    def process_express_checkout(self, *args, **kwargs):
        """Refuse in words where there is no cart, or none that may be shown."""
        if not request.cart:
            raise UserError(request.env._("There is nothing in your cart to pay for."))
        return super().process_express_checkout(*args, **kwargs)

    def _check_cart(self, order_sudo):
        # On the way to pay, also who has been at a provider begins anew.
        order_sudo._stop_waiting_for_payment()
        redirection = super()._check_cart(order_sudo)
        if not redirection and order_sudo._get_policy_blocks("checkout"):
            # The cart says what is wrong and what would fix it.
            return request.redirect("/shop/cart")
        return redirection

    def _get_shop_payment_errors(self, order):
        errors = super()._get_shop_payment_errors(order)
        last = order.sudo().transaction_ids._get_last()
        if order._is_paid_for() or (order.state == "sent" and last.state == "pending"):
            # Asked too when the customer comes back from paying: what turned bad is for staff.
            return errors
        return errors + [
            (issue.message, issue.fix or "") for issue in order._get_policy_blocks("payment")
        ]


class PolicyCart(Cart):
    def _cart_values(self, **post):
        order = request.cart._asking_gate_once()
        return {**super()._cart_values(**post), "website_sale_order": order}

    @route()
    def update_cart(self, *args, **kwargs):
        """Tell the page also whether the cart may be paid in one click now."""
        values = super().update_cart(*args, **kwargs)
        values["express_checkout_ready"] = request.cart._is_express_checkout_ready()
        return values


class PolicyPortal(CustomerPortal):
    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        """Refuse in words, before anything is signed, what the order gate would not confirm."""
        token = access_token or request.httprequest.args.get("access_token")
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=token)
        except (AccessError, MissingError):
            order_sudo = request.env["sale.order"]
        if order_sudo and (
            error := order_sudo._get_policy_error(order_sudo._get_acceptance_stage())
        ):
            return {"error": error}
        return super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )
