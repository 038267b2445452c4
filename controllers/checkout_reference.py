from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.main import WebsiteSale

from ..models.checkout.reference.sale_order import FILE_MAX_SIZE

ERROR_KEY = "customer_type_reference_error"


def save_reference(order_sudo, client_order_ref=None, purchase_order=None):
    """Put on an order what its customer has posted about it; what is wrong is shown next.

    :param order_sudo: the order, which the visitor may act on
    :param str client_order_ref: the customer's own reference
    :param purchase_order: the uploaded file
    :return: whether all was well
    """
    content = purchase_order.read(FILE_MAX_SIZE + 1) if purchase_order else None
    try:
        order_sudo._save_customer_reference(
            client_order_ref, content, purchase_order and purchase_order.filename
        )
    except UserError as error:
        request.session[ERROR_KEY] = str(error)
        return False
    return True


def get_reference_values():
    """:return: values that the form of the reference shows, apart from the order"""
    return {"reference_error": request.session.pop(ERROR_KEY, None)}


class ReferenceShop(WebsiteSale):
    @route(
        "/shop/reference", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def shop_reference(self, client_order_ref=None, purchase_order=None, **post):
        """Save the customer's own reference and purchase order on the cart."""
        order_sudo = request.cart
        if redirection := self._check_cart(order_sudo):
            return redirection
        if order_sudo._asks_for_reference():
            save_reference(order_sudo, client_order_ref, purchase_order)
        return request.redirect("/shop/payment")

    @route("/shop/reference/save", type="jsonrpc", auth="public", website=True)
    def shop_reference_save(self, client_order_ref=None):
        """Save the customer's own reference on the cart while it is typed.

        :return: what is wrong with it, in words, or False
        """
        order_sudo = request.cart
        if order_sudo and order_sudo._asks_for_reference():
            try:
                order_sudo._save_customer_reference(client_order_ref)
            except UserError as error:
                return str(error)
        return False

    def _get_shop_payment_values(self, order, **kwargs):
        return super()._get_shop_payment_values(order, **kwargs) | get_reference_values()


class ReferencePortal(CustomerPortal):
    def _get_reference_order(self, order_id, access_token):
        """:return: the order, if the visitor may see it, or none"""
        try:
            return self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.env["sale.order"]

    @route(
        "/my/orders/<int:order_id>/reference",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_order_reference(
        self, order_id, access_token=None, client_order_ref=None, purchase_order=None, **post
    ):
        """Save the customer's own reference and purchase order on a quotation."""
        order_sudo = self._get_reference_order(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        if order_sudo._asks_for_reference() and not order_sudo.is_expired:
            save_reference(order_sudo, client_order_ref, purchase_order)
        return request.redirect(order_sudo.get_portal_url(anchor="customer_reference"))

    @route(
        "/my/orders/<int:order_id>/purchase_order",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def portal_order_purchase_order(self, order_id, access_token=None):
        """Download the purchase order that the customer has sent."""
        order_sudo = self._get_reference_order(order_id, access_token)
        if not order_sudo.purchase_order_file:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(
            order_sudo, "purchase_order_file", filename_field="purchase_order_filename"
        )
        return stream.get_response(as_attachment=True)

    def _get_page_view_values(self, document, *args, **kwargs):
        values = super()._get_page_view_values(document, *args, **kwargs)
        if document._name == "sale.order":
            values |= get_reference_values()
        return values
