from odoo.http import request, route

from odoo.addons.website_sale.controllers.main import WebsiteSale

from .checkout_reference import get_reference_values, save_reference

# What the form lets in.
MESSAGE_MAX_LENGTH = 4000


class QuoteShop(WebsiteSale):
    @route()
    def shop_payment(self, **post):
        """In the place of payment, those who do not pay in the shop ask for a quotation."""
        order_sudo = request.cart
        if not order_sudo or not order_sudo._asks_for_quote():
            return super().shop_payment(**post)
        if redirection := self._check_cart_and_addresses(order_sudo):
            return redirection
        order_sudo._recompute_cart()
        return request.render(
            "customer_type.quote_request",
            {
                "website_sale_order": order_sudo,
                "order": order_sudo,
                "partner": order_sudo.partner_invoice_id,
                "only_services": order_sudo.only_services,
                **request.website._get_checkout_step_values(),
                **get_reference_values(),
            },
        )

    @route(
        "/shop/quote/request",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def shop_quote_request(self, message=None, client_order_ref=None, purchase_order=None, **post):
        """Make a quotation of the cart, and ask a salesperson for it."""
        order_sudo = request.cart
        if redirection := self._check_cart_and_addresses(order_sudo):
            return redirection
        if not order_sudo._asks_for_quote():
            # What the customer's types say has changed since the page was shown.
            return request.redirect("/shop/payment")
        if order_sudo._asks_for_reference() and not save_reference(
            order_sudo, client_order_ref, purchase_order
        ):
            return request.redirect("/shop/payment")
        order_sudo._request_quote((message or "").strip()[:MESSAGE_MAX_LENGTH])
        request.website.sale_reset()
        request.session["sale_last_order_id"] = order_sudo.id
        return request.redirect("/shop/quote/requested")

    @route("/shop/quote/requested", type="http", auth="public", website=True, sitemap=False)
    def shop_quote_requested(self, **post):
        """Thank the customer, and say where to follow the quotation."""
        order_id = request.session.get("sale_last_order_id")
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if not order_sudo.quote_state:
            return request.redirect(self._get_shop_path())
        order_sudo._portal_ensure_token()
        return request.render(
            "customer_type.quote_requested",
            {"order": order_sudo, "website_sale_order": order_sudo},
        )
