from odoo import api, models
from odoo.http import request

from odoo.addons.website_sale.models.website import (
    PRICELIST_SELECTED_SESSION_CACHE_KEY,
    PRICELIST_SESSION_CACHE_KEY,
)

PRICELIST_GIVEN_SESSION_KEY = "customer_type_given_pricelists"


class Website(models.Model):
    _inherit = "website"

    def _get_and_cache_current_pricelist(self):
        """The session keeps the price list only as long as the visitor is given the same."""
        self.ensure_one()
        if not self._has_given_pricelist_changed():
            return super()._get_and_cache_current_pricelist()
        request.session.pop(PRICELIST_SESSION_CACHE_KEY, None)
        request.session.pop(PRICELIST_SELECTED_SESSION_CACHE_KEY, None)
        cart = request.cart
        if request.env.cr.readonly:
            # Nothing can be put right before the next page: leave that to it.
            pricelist = super()._get_and_cache_current_pricelist()
            request.session.pop(PRICELIST_SESSION_CACHE_KEY, None)
            return pricelist
        request.session[PRICELIST_GIVEN_SESSION_KEY] = self._get_given_pricelist_stamp()
        if cart:
            cart._follow_customer_policy()
        before = cart.pricelist_id
        pricelist = super()._get_and_cache_current_pricelist()
        if cart.pricelist_id != before:
            cart._recompute_prices()
        return pricelist

    def _get_and_cache_current_cart(self):
        cart = super()._get_and_cache_current_cart()
        if cart and self._has_given_pricelist_changed():
            # Not every page that shows the cart asks for the price list: do so here.
            request.cart = cart
            bool(request.pricelist)
        return cart

    def _has_given_pricelist_changed(self):
        """:return: whether the visitor is given another price list than earlier in the session"""
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return False
        stamp = self._get_given_pricelist_stamp()
        return request.session.setdefault(PRICELIST_GIVEN_SESSION_KEY, stamp) != stamp

    def _get_given_pricelist_stamp(self):
        """:return: what decides on the visitor's price list before Odoo does, as a string"""
        pricelists = self.env["product.pricelist"]
        return ",".join(map(str, sorted(pricelists._get_visitor_ids(self))))

    def get_pricelist_available(self, show_visible=False):
        available = super().get_pricelist_available(show_visible=show_visible)
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return available
        # What is in there comes from a cache that does not know whose types it was filled for.
        given_ids = available._get_visitor_ids(self)
        reserved_ids = available._get_reserved_ids()
        available = available.filtered(
            lambda pricelist: pricelist.id in given_ids or pricelist.id not in reserved_ids
        )
        given = available.browse(available._get_visitor_policy_id(self) or ())
        if given and given not in available and given._is_available_on_website(self):
            current_id = request and request.session.get(PRICELIST_SESSION_CACHE_KEY)
            if not show_visible or given.selectable or given.id == current_id:
                return available.browse((available | given).sudo().sorted().ids)
        return available

    # -- Keeping the cache of reserved price lists true --------------------

    @api.model_create_multi
    def create(self, vals_list):
        websites = super().create(vals_list)
        self.env.registry.clear_cache()
        return websites

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"guest_customer_type_id", "default_customer_type_id"}:
            self.env.registry.clear_cache()
            self.env["res.partner"].invalidate_model(["property_product_pricelist"])
            self.env["product.pricelist"].invalidate_model(["is_reserved", "is_open_to_user"])
        return res
