from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.http import request


class Website(models.Model):
    """Who sees prices on a website, and which price is the public one."""

    _inherit = "website"

    # -- Who sees prices ---------------------------------------------------

    def _hides_prices(self):
        """:return: whether the browsing user may not see prices here. Staff always may."""
        self.ensure_one()
        return (
            self._get_visitor_policy().get("price_visibility") == "hidden"
            and not self.env.user._is_internal()
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
        if self.env.su or self.env.user._is_internal():
            return False
        if (
            request
            and getattr(request, "is_frontend", False)
            and not request.httprequest.path.startswith("/report/")
            and not self.env.context.get("guard_prices")
        ):
            return False
        # The website browsed, never one that the caller of an RPC names in the context.
        return self.with_context(website_id=False).get_current_website()._hides_prices()

    def _get_hidden_price_refusal(self):
        """:return: why nothing can be ordered, and what to do about it, in the visitor's words"""
        if self.env.user._is_public():
            return self.env._("Please sign in to see prices and to order.")
        return self.env._("Your prices are not set up yet. Please contact us to order.")

    # -- What a shop without prices does without ----------------------------

    def _get_and_cache_current_cart(self):
        """No cart is shown, changed or paid without prices. It is kept for better days."""
        cart = super()._get_and_cache_current_cart()
        return cart.browse() if cart and self._hides_prices() else cart

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
        if self._get_visitor_policy().get("price_comparison") != "show":
            return False
        return (
            hasattr(request, "pricelist")
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
