from odoo import api, fields, models, tools


class Website(models.Model):
    _inherit = "website"

    shop_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_website_shop_rel",
        "website_id",
        "type_id",
        string="Shop only for",
        groups="base.group_user",
        help="A private shop: only holders of these types see it. Others are told how to apply. "
        "Empty: everybody.",
    )

    # -- Whose catalogue ---------------------------------------------------

    @api.model
    def _get_catalog_website(self):
        """:return: the website whose catalogue counts, never one that the caller of an RPC names"""
        return self._get_named_website() or self._get_browsed_website()

    def _product_domain(self):
        domain = super()._product_domain()
        if self.env["ir.rule"]._restricts_catalog():
            # Asked under sudo too, where rules do not act.
            domain = [*domain, ("is_visible_to_user", "=", True)]
        return domain

    @api.model
    def _refuses_product_prices(self):
        """Where some prices are not for everybody, customers read none but on the pages."""
        if super()._refuses_product_prices():
            return True
        if not self._is_asked_past_pages():
            return False
        products = self.env["product.template"]
        return not products._get_catalog_domain(
            "price", products._get_visitor_type_ids("price")
        ).is_true()

    # -- Private shops -----------------------------------------------------

    @tools.ormcache("self.id", cache="stable")
    def _get_shop_type_ids(self):
        """:return: ids of the types for which the shop is; none: for everybody"""
        return frozenset(self.sudo().with_context(active_test=False).shop_type_ids.ids)

    def _admits_to_shop(self, type_ids):
        """:return: whether somebody for whom these types act may enter the shop"""
        shop_type_ids = self._get_shop_type_ids()
        return not shop_type_ids or not shop_type_ids.isdisjoint(type_ids)

    def _is_shop_open_to_visitor(self):
        """:return: whether the browsing customer may enter the shop of this website"""
        self.ensure_one()
        return not self._get_shop_type_ids() or self._admits_to_shop(
            self._get_visitor_policy().type_ids
        )

    @api.model
    def _get_closed_website_ids(self):
        """:return: ids of the websites whose private shop is not for the browsing customer"""
        if not self._get_visitor().share:
            return []
        return [
            website_id
            for website_id in self._get_private_website_ids()
            if not self.browse(website_id)._is_shop_open_to_visitor()
        ]

    @api.model
    @tools.ormcache(cache="stable")
    def _get_private_website_ids(self):
        return tuple(
            self.sudo().with_context(active_test=False).search([("shop_type_ids", "!=", False)]).ids
        )

    def has_ecommerce_access(self):
        # Menus of no website are asked for that of none.
        return super().has_ecommerce_access() and (
            not self or not self._get_visitor().share or self._is_shop_open_to_visitor()
        )

    def write(self, vals):
        res = super().write(vals)
        if "shop_type_ids" in vals:
            self.env.registry.clear_cache("stable")
        if vals.keys() & {"shop_type_ids", "guest_customer_type_id", "default_customer_type_id"}:
            self.env["customer.type"]._catalog_changed()
        return res

    # -- What strangers were told ------------------------------------------

    @api.model
    def _forget_published_catalog(self):
        """Let sitemaps and product feeds, which are kept for hours, be made anew."""
        self._forget_sitemaps()
        feeds = self.env["product.feed"].sudo().search([("feed_cache", "!=", False)])
        if feeds:
            feeds.action_invalidate_cache()
