from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from .catalog import (
    ASSORTMENT_RELATION,
    AUDIENCE_FIELDS,
    HIDDEN_RELATION,
    RESERVED_MODELS,
    RIGHTS,
    CatalogTable,
    Selection,
    TypeCatalog,
)


class CustomerType(models.Model):
    _inherit = "customer.type"

    catalog_mode = fields.Selection(
        [("public", "The public catalogue"), ("assortment", "Only its assortment")],
        string="Catalogue",
        policy="each",
        tracking=True,
        help="The public catalogue: what is not reserved, and what is reserved for this type. "
        "Only its assortment: a closed list, chosen below. Silent: the public catalogue. Somebody "
        "with several types sees what any of them sees.",
    )
    assortment_product_ids = fields.Many2many(
        "product.template", ASSORTMENT_RELATION, "type_id", "product_id", string="Products shown"
    )
    assortment_category_ids = fields.Many2many(
        "product.public.category",
        "customer_type_assortment_category_rel",
        "type_id",
        "category_id",
        string="Categories shown",
        help="With all categories below them.",
    )
    assortment_tag_ids = fields.Many2many(
        "product.tag",
        "customer_type_assortment_tag_rel",
        "type_id",
        "tag_id",
        string="Tags shown",
    )
    hidden_product_ids = fields.Many2many(
        "product.template",
        HIDDEN_RELATION,
        "type_id",
        "product_id",
        string="Products hidden",
        help="This type does not see them. Who holds another type that does, sees them still.",
    )
    hidden_category_ids = fields.Many2many(
        "product.public.category",
        "customer_type_hidden_category_rel",
        "type_id",
        "category_id",
        string="Categories hidden",
        help="With all categories below them.",
    )
    hidden_tag_ids = fields.Many2many(
        "product.tag", "customer_type_hidden_tag_rel", "type_id", "tag_id", string="Tags hidden"
    )
    visible_product_count = fields.Integer(
        string="Products seen", compute="_compute_visible_product_count"
    )

    # -- What decides on the catalogue -------------------------------------

    @api.model
    @tools.ormcache()
    def _get_catalog_table(self):
        """:return: what decides on the catalogue, but for single products
        :rtype: CatalogTable
        """
        categories, tags = self._read_category_reservations(), self._read_tag_reservations()
        chains = [*categories["see"].values(), *tags["see"].values()]
        return CatalogTable(
            categories=categories,
            tags=tags,
            own=self._read_rights_with_own_products(),
            variant_template_ids=self._read_products_with_reserved_variants(tags["see"]),
            types=self._read_type_catalogs(),
            opens=self._has_opening_products()
            or any(reservation.until for chain in chains for reservation in chain),
        )

    @api.model
    def _read_category_reservations(self):
        # Read past every filter: what nobody finds any more may still hide something.
        categories = self.env["product.public.category"].sudo().with_context(active_test=False)
        categories = categories.search([])  # pylint: disable=no-search-all
        chains = {right: {} for right in RIGHTS}
        for right, by_category in chains.items():
            own = {category.id: category._get_reservation(right) for category in categories}
            for category in categories:
                path = category._get_path_ids()[::-1]
                chain = tuple(own[i] for i in path if own[i].type_ids or own[i].until)
                if chain:
                    by_category[category.id] = chain
        return chains

    @api.model
    def _read_tag_reservations(self):
        tags = self.env["product.tag"].sudo().search([])  # pylint: disable=no-search-all
        chains = {right: {} for right in RIGHTS}
        for right, by_tag in chains.items():
            for tag in tags:
                reservation = tag._get_reservation(right)
                if reservation.type_ids or reservation.until:
                    by_tag[tag.id] = (reservation,)
        return chains

    @api.model
    def _read_rights_with_own_products(self):
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        rights = []
        for right, fname in RIGHTS.items():
            domain = Domain(fname, "!=", False)
            if right == "see":
                domain |= Domain("public_from", "!=", False)
            if templates.search(domain, limit=1, order="id"):
                rights.append(right)
        return frozenset(rights)

    @api.model
    def _has_opening_products(self):
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        return bool(templates.search(Domain("public_from", "!=", False), limit=1, order="id"))

    @api.model
    def _read_products_with_reserved_variants(self, tag_ids):
        """:param tag_ids: ids of the reserved tags, which variants have of their own too"""
        variants = self.env["product.product"].sudo().with_context(active_test=False)
        reserved = Domain("variant_reserved_type_ids", "!=", False)
        if tag_ids:
            reserved |= Domain("additional_product_tag_ids", "in", list(tag_ids))
        groups = variants._read_group(reserved, ["product_tmpl_id"])
        return frozenset(product.id for [product] in groups)

    @api.model
    def _read_type_catalogs(self):
        catalogs = {}
        types = self.sudo().with_context(active_test=False)
        for customer_type in types.search([]):  # pylint: disable=no-search-all
            catalog = TypeCatalog(
                customer_type.catalog_mode == "assortment",
                customer_type._get_product_selection("assortment"),
                customer_type._get_product_selection("hidden"),
            )
            if catalog.is_assortment or catalog.hidden:
                catalogs[customer_type.id] = catalog
        return catalogs

    def _get_product_selection(self, kind):
        """:param str kind: ``assortment`` or ``hidden``
        :rtype: Selection
        """
        self.ensure_one()
        categories = self[f"{kind}_category_ids"]
        if categories:
            categories = categories.search(Domain("id", "child_of", categories.ids))
        return Selection(
            bool(self[f"{kind}_product_ids"]),
            frozenset(categories.ids),
            frozenset(self[f"{kind}_tag_ids"].ids),
        )

    # -- Following changes -------------------------------------------------

    @api.model
    def _catalog_changed(self):
        """Who sees what has changed: forget what was kept of it, and what strangers were told."""
        self.env.registry.clear_cache()
        self._audience_changed()
        self.env["website"]._forget_published_catalog()

    @api.model
    def _audience_changed(self):
        """Who acts with which types has changed: look at products anew in this transaction."""
        for model, fnames in AUDIENCE_FIELDS.items():
            self.env[model].invalidate_model(fnames)

    def _policy_changed(self, fnames):
        self._audience_changed()
        return super()._policy_changed(fnames)

    @api.model
    def _catalog_fields(self):
        """:return: names of the fields of a type that decide on its catalogue"""
        lists = {
            f"{kind}_{what}_ids"
            for kind in ("assortment", "hidden")
            for what in ("product", "category", "tag")
        }
        return lists | {"catalog_mode"}

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        types._catalog_changed()
        return types

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & (self._catalog_fields() | {"active", "company_id", "website_ids"}):
            self._catalog_changed()
            self._notify_holders()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reserving(self):
        """What is reserved for a type that is no more would be there for everybody."""
        for model, fnames in (
            *((model, RIGHTS.values()) for model in RESERVED_MODELS),
            ("product.product", ["variant_reserved_type_ids"]),
            ("website", ["shop_type_ids"]),
        ):
            records = self.env[model].sudo().with_context(active_test=False)
            domain = Domain.OR(Domain(fname, "in", self.ids) for fname in fnames)
            if reserved := records.search(domain, limit=1):
                raise UserError(
                    self.env._(
                        "“%s” is for this type and would be there for everybody. Choose first for "
                        "whom it shall be instead, or archive the type.",
                        reserved.display_name,
                    )
                )

    # -- What holders see --------------------------------------------------

    def _compute_visible_product_count(self):
        for customer_type in self:
            customer_type.visible_product_count = self.env["product.template"].search_count(
                customer_type._get_visible_product_domain()
            )

    def _get_visible_product_domain(self):
        """:return: domain of the products in the shop that holders of this type alone see"""
        self.ensure_one()
        return Domain("visible_type_ids", "in", self.ids) & Domain("is_published", "=", True)

    def action_view_visible_products(self):
        """:return: an action that lists what holders of this type see in the shop"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale.product_template_action_website"
        )
        action["display_name"] = self.env._("What %s sees", self.name)
        action["context"] = {
            "search_default_visible_type_ids": self.id,
            "search_default_published": 1,
            "create": False,
        }
        return action
