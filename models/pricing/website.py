from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.website_sale.models.website import (
    PRICELIST_SELECTED_SESSION_CACHE_KEY,
    PRICELIST_SESSION_CACHE_KEY,
)

PRICELIST_GIVEN_SESSION_KEY = "customer_type_given_pricelists"


class Website(models.Model):
    _inherit = "website"

    # -- The price list of the visitor --------------------------------------

    def _get_and_cache_current_pricelist(self):
        """The session keeps the price list only as long as the visitor is given the same."""
        self.ensure_one()
        if not self._has_given_pricelist_changed():
            return super()._get_and_cache_current_pricelist()
        request.session.pop(PRICELIST_SESSION_CACHE_KEY, None)
        request.session.pop(PRICELIST_SELECTED_SESSION_CACHE_KEY, None)
        cart = request.cart
        if cart and cart._is_being_paid() and cart._is_behind_policy():
            # What is being paid stays as it is, and follows once that is over.
            if not request.env.cr.readonly:
                cart.policy_pending = True
            return cart.pricelist_id
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
        # None is shown, changed or paid without prices. It is kept for better days.
        return cart.browse() if cart and self._hides_prices() else cart

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

    # -- Who sees prices ---------------------------------------------------

    def _hides_prices(self):
        """:return: whether the browsing user may not see prices here. Staff always may."""
        self.ensure_one()
        return (
            self.env["customer.type"]._is_ever_said("price_visibility", "hidden")
            and self._get_visitor_policy().get("price_visibility") == "hidden"
            and self._get_visitor().share
        )

    def _hides_prices_from_guests(self):
        """:return: whether visitors who have not signed in may not see prices here"""
        self.ensure_one()
        policy = self._get_guest_policy(self._get_cached("company_id"))
        return policy.get("price_visibility") == "hidden"

    @api.model
    def _is_visited_without_prices(self):
        """:return: whether this is a request to a page of a website that hides prices"""
        return bool(
            request
            and getattr(request, "is_frontend", False)
            and self.get_current_website()._hides_prices()
        )

    @api.model
    def _refuses_prices(self):
        """Whether the user may not read prices by RPC, in exports and in reports.

        Not on the pages of the website, which compute with prices and decide themselves what they
        show; unless ``guard_prices`` in the context says that it is about what a browser asks for.
        """
        return self._is_asked_past_pages() and self._get_browsed_website()._hides_prices()

    @api.model
    def _refuses_product_prices(self):
        """Hook: whether prices of products are refused, see :meth:`_refuses_prices`"""
        return self._refuses_prices()

    @api.model
    def _is_asked_past_pages(self):
        """:return: whether a customer asks by RPC, export or report, not by a page of the shop"""
        if self.env.su or not self._get_visitor().share:
            return False
        return not (
            request
            and getattr(request, "is_frontend", False)
            and not request.httprequest.path.startswith("/report/")
            and not self.env.context.get("guard_prices")
        )

    def _get_hidden_price_refusal(self):
        """:return: why nothing can be ordered, and what to do about it, in the visitor's words"""
        if self.env.user._is_public():
            return self.env._("Please sign in to see prices and to order.")
        return self.env._("Your prices are not set up yet. Please contact us to order.")

    # -- What a shop without prices does without ----------------------------

    def _create_cart(self):
        if self._hides_prices():
            raise UserError(self._get_hidden_price_refusal())
        return super()._create_cart()

    @api.model
    def is_view_active(self, key):
        if key == "website_sale.filter_products_price" and self._is_visited_without_prices():
            return False
        return super().is_view_active(key)

    def _get_product_sort_mapping(self):
        """Do not offer to sort by price. Called on no website for the settings."""
        mapping = super()._get_product_sort_mapping()
        if not self or not self._hides_prices():
            return mapping
        guarded = self.env["product.template"]._guarded_price_fields
        mapping = [term for term in mapping if term[0].split()[0] not in guarded]
        default, usual = self.shop_default_sort, self.env["product.template"]._order_of_shop()
        if default not in dict(mapping):
            # The page looks its default up in here: it is there, and called what it does.
            mapping = [
                (default, words) if order == usual else (order, words) for order, words in mapping
            ]
        return mapping

    # -- The public price --------------------------------------------------

    def _compares_prices(self):
        """:return: whether the browsing customer is shown what they save on the public price"""
        self.ensure_one()
        return (
            self.env["customer.type"]._is_ever_said("price_comparison", "show")
            and self._get_visitor_policy().get("price_comparison") == "show"
            and hasattr(request, "pricelist")
            and not self.env.user._is_public()
            and not self._hides_prices()
            and self._get_public_pricelist() != request.pricelist
        )

    def _get_public_pricelist(self):
        """:return: the price list of guests who browse from where the visitor does; maybe none"""
        pricelist_id, _currency_id = self._get_public_pricelist_ids(self._get_geoip_country_code())
        return self.env["product.pricelist"].sudo().browse(pricelist_id)

    @tools.ormcache("self.id", "country_code")
    def _get_public_pricelist_ids(self, country_code):
        """:return: ids of the price list of guests, or False, and of its currency"""
        website = self.with_user(self.sudo().user_id).sudo()
        website = website.with_company(website.company_id).with_context(policy_website_id=self.id)
        pricelist = website.env["product.pricelist"]
        if self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            pricelist = website.env.user.partner_id.property_product_pricelist
            available = website.get_pricelist_available()
            if available and pricelist not in available:
                pricelist = available[0]
        return pricelist.id, (pricelist.currency_id or website.company_id.currency_id).id

    def _get_public_prices(self, wanted):
        """What guests pay: one query for rules, however many products there are.

        :param list wanted: (product, quantity, unit of measure); the products all templates or
            all variants, with their price context
        :return: unit prices in the visitor's currency, before taxes, in the order of ``wanted``
        :rtype: list
        """
        if not wanted:
            return []
        _pricelist_id, currency_id = self._get_public_pricelist_ids(self._get_geoip_country_code())
        from_currency = self.env["res.currency"].browse(currency_id)
        now = fields.Datetime.now()
        products = wanted[0][0].concat(*(product for product, _qty, _uom in wanted[1:]))
        rules = self._get_public_price_rules(products)
        prices = []
        for product, quantity, uom in wanted:
            product_qty = uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False)
            rule = next((r for r in rules if r._is_applicable_for(product, product_qty)), rules[:0])
            price = rule._compute_price(product, quantity, uom, now, currency=from_currency)
            prices.append(
                from_currency._convert(
                    price, self.currency_id, self.env.company, now.date(), round=False
                )
            )
        return prices

    def _with_public_price_rules(self, products):
        """:return: the same products, whose public prices can be asked for one by one at no cost"""
        if not products or not self._compares_prices():
            return products
        return products.with_context(public_price_rules=self._get_public_price_rules(products))

    def _get_public_price_rules(self, products):
        """:return: the rules (product.pricelist.item) of guests on these products"""
        rules = products.env.context.get("public_price_rules")
        if rules is not None:
            return rules
        pricelist, rules = self._get_public_pricelist(), self.env["product.pricelist.item"].sudo()
        if not pricelist:
            return rules
        domain = pricelist._get_applicable_rules_domain(products, fields.Datetime.now())
        return rules.search_fetch(domain)
