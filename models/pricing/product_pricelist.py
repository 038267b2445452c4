from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.website.models import ir_http


class ProductPricelist(models.Model):
    """A price list that a customer type names is reserved for those who hold the type."""

    _inherit = "product.pricelist"

    customer_type_ids = fields.One2many(
        "customer.type",
        "pricelist_id",
        string="Customer Types",
        groups="base.group_user",
        help="The customer types whose holders get this price list.",
    )
    open_to_all = fields.Boolean(
        string="Also for customers without the type",
        help="A price list that a customer type names is for holders of that type only. Tick this "
        "to let Odoo give it to other customers too, as it does with any other price list.",
    )
    is_reserved = fields.Boolean(
        string="Reserved",
        compute="_compute_is_reserved",
        search="_search_is_reserved",
        help="Only holders of its customer types, and customers on whom it is set, can see and "
        "use this price list.",
    )
    is_open_to_user = fields.Boolean(
        compute="_compute_is_open_to_user", search="_search_is_open_to_user"
    )

    # -- Reserved price lists ----------------------------------------------

    @api.depends("selectable", "open_to_all", "customer_type_ids.active")
    def _compute_is_reserved(self):
        reserved_ids = self._get_reserved_ids()
        for pricelist in self:
            pricelist.is_reserved = pricelist._origin.id in reserved_ids

    def _search_is_reserved(self, operator, _value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._get_reserved_ids())

    @api.model
    @tools.ormcache()
    def _get_reserved_ids(self):
        """Ids of the price lists that only those may see and use to whom they are given.

        What a website gives to its guests, or to customers without a type, is no secret.
        """
        types = self.env["customer.type"].sudo().with_context(active_test=True)
        websites = self.env["website"].sudo().search([])  # pylint: disable=no-search-all
        public_types = websites.guest_customer_type_id | websites.default_customer_type_id
        named = types.search([("pricelist_id", "!=", False)])
        public = named.filtered(lambda t: t in public_types).pricelist_id
        reserved = (named.pricelist_id - public).filtered(
            lambda pricelist: not pricelist.selectable and not pricelist.open_to_all
        )
        return frozenset(reserved.ids)

    @api.model
    @tools.ormcache("pricelist_id")
    def _get_chain_ids(self, pricelist_id):
        """Ids of a price list and of those its rules start from, however far back."""
        chain = to_follow = frozenset([pricelist_id])
        items = self.env["product.pricelist.item"].sudo()
        while to_follow:
            based = items.search(
                Domain("base", "=", "pricelist") & Domain("pricelist_id", "in", to_follow)
            )
            to_follow = frozenset(based.base_pricelist_id.ids) - chain
            chain |= to_follow
        return chain

    # -- The browsing user -------------------------------------------------

    @api.depends("is_reserved")
    @api.depends_context("uid", "company", "policy_website_id")
    def _compute_is_open_to_user(self):
        hidden_ids = self._get_hidden_ids()
        for pricelist in self:
            pricelist.is_open_to_user = pricelist._origin.id not in hidden_ids

    def _search_is_open_to_user(self, operator, _value):
        if operator != "in":
            return NotImplemented
        hidden_ids = self._get_hidden_ids()
        return Domain("id", "not in", hidden_ids) if hidden_ids else Domain.TRUE

    @api.model
    def _get_hidden_ids(self):
        """:return: ids of the price lists that the user must not see; none for internal users"""
        if not self.env["website"]._get_visitor().share:
            return frozenset()
        hidden_ids = self._get_reserved_ids()
        if not hidden_ids:
            return hidden_ids
        given_ids = self._get_visitor_ids(self._get_policy_website())
        return hidden_ids.difference(*map(self._get_chain_ids, given_ids))

    @api.model
    def _get_visitor_ids(self, website):
        """:return: ids of the price lists that the browsing user gets by name or by type"""
        given_ids = {self._get_visitor_policy_id(website)}
        if not self.env.user._is_public():
            company_id = website._get_cached("company_id") if website else self.env.company.id
            partner = self.env.user.partner_id.with_company(company_id)
            # By itself, else all that depends on the company is read, on each page.
            partner.fetch(["specific_property_product_pricelist"])
            given_ids.add(partner.specific_property_product_pricelist.id)
        return given_ids - {False}

    @api.model
    def _get_visitor_policy_id(self, website):
        """:return: id of the price list that the browsing user's types give, or False"""
        if website:
            return website._get_visitor_policy().get("pricelist_id")
        return self.env.user.partner_id._get_customer_policy().get("pricelist_id")

    def _is_fit_for(self, company, website):
        """Whether those to whom this price list is given can use it there.

        :param company: res.company
        :param website: website, or none for orders typed by the sales desk
        :rtype: bool
        """
        pricelist = self.sudo()
        return (
            pricelist.active
            and pricelist.company_id.id in (False, company.id)
            and (not website or pricelist.website_id.id in (False, website.id))
        )

    # -- Who gets which price list -----------------------------------------

    @api.model
    def _get_policy_website(self):
        """:return: the website whose policy counts: that of the order at hand, else the browsed"""
        website = self.env["website"]._get_named_website()
        if website is None:
            return ir_http.get_request_website() or self.env["website"]
        return website

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Between the customer's own price list and Odoo's default come those of the types."""
        feature = "product.group_product_pricelist"
        if not self.env["res.groups"]._is_feature_enabled(feature):
            return super()._get_partner_pricelist_multi(partner_ids)
        given = self._get_given_pricelists(partner_ids)
        others = [partner_id for partner_id in partner_ids if partner_id not in given]
        return super()._get_partner_pricelist_multi(others) | given

    @api.model
    def _get_given_pricelists(self, partner_ids):
        """The price lists that customers get by their types, or that are reserved and set on them.

        :return: price list by partner id; without those for whom Odoo's own choice stands
        """
        company = self.env.company
        website = self._get_policy_website()
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        by_type = {}
        if not self.env.context.get("without_customer_policy"):
            policies = partners._get_customer_policies(company, website)
            by_type = {id_: policy.get("pricelist_id") for id_, policy in policies.items()}
        own = {partner.id: partner.specific_property_product_pricelist.id for partner in partners}
        candidates = self.browse({*by_type.values(), *own.values()} - {False})
        fit_ids = {p.id for p in candidates if p._is_fit_for(company, website)}
        reserved_ids = self._get_reserved_ids()
        given = {}
        for partner_id, own_id in own.items():
            type_id = by_type.get(partner_id)
            if own_id in reserved_ids:
                if own_id in fit_ids:
                    given[partner_id] = self.browse(own_id)
                    continue
            elif self.browse(own_id or ())._get_partner_pricelist_multi_filter_hook():
                continue
            if type_id in fit_ids:
                given[partner_id] = self.browse(type_id)
        return given

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("is_reserved", "=", False)]

    def _get_country_pricelist_multi(self, country_ids):
        result = super()._get_country_pricelist_multi(country_ids)
        reserved_ids = self._get_reserved_ids()
        return {
            country_id: self.browse() if pricelist.id in reserved_ids else pricelist
            for country_id, pricelist in result.items()
        }

    def _get_website_pricelists_domain(self, website):
        return [*super()._get_website_pricelists_domain(website), ("is_reserved", "=", False)]

    def _is_available_on_website(self, website):
        """Reserved: for those only to whom it is given. And for them without further settings."""
        self.ensure_one()
        is_reserved = self.id in self._get_reserved_ids()
        if not is_reserved and super()._is_available_on_website(website):
            return True
        # What is set on the customer has to be read, what the types give is known.
        given = self.id == self._get_visitor_policy_id(website) or (
            is_reserved and self.id in self._get_visitor_ids(website)
        )
        return given and self._is_fit_for(website.sudo().company_id, website)

    # -- Following changes -------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"active", "company_id", "website_id"}:
            types = self.env["customer.type"].sudo().search([("pricelist_id", "in", self.ids)])
            if types:
                types._policy_changed({"pricelist_id"})
        return res
