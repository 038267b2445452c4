from werkzeug.exceptions import Forbidden

from odoo.http import request, route

from odoo.addons.website.controllers.main import Website
from odoo.addons.website_sale.controllers.main import WebsiteSale

from ..models.content.ir_ui_view import AUDIENCE_REFUSAL


class ContentShop(WebsiteSale):
    @route()
    def product_document(self, product_template, document_id):
        if not request.env["product.document"].sudo().browse(document_id)._is_for_visitor():
            raise Forbidden(AUDIENCE_REFUSAL)
        return super().product_document(product_template, document_id)


class LandingPage(Website):
    def _login_redirect(self, uid, redirect=None):
        """Customers who were on no other way arrive on the landing page of their types."""
        if not redirect and request.params.get("login_success"):
            redirect = self._get_landing_page(uid)
        return super()._login_redirect(uid, redirect=redirect)

    def _get_landing_page(self, uid):
        """:return: where the user arrives after signing in, None for Odoo's default"""
        website = request.env["website"].get_current_website().with_user(uid)
        if website.env.user._is_internal():
            return None
        return website._get_visitor_policy().get("landing_page", None)
