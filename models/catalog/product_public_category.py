from odoo import api, fields, models
from odoo.fields import Domain

from .catalog import split


class ProductPublicCategory(models.Model):
    _name = "product.public.category"
    _inherit = ["product.public.category", "customer.type.reservation.mixin"]

    reserved_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_reserved_category_rel",
        "category_id",
        "type_id",
        string="Reserved for",
        groups="base.group_user",
        help="Only holders of these types see the category, those below it and their products. "
        "A category below, or a product, that names types itself follows those instead.",
    )
    priced_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_priced_category_rel",
        "category_id",
        "type_id",
        string="Price shown to",
        groups="base.group_user",
        help="Others see the products without their price, and ask for it. Empty: everybody.",
    )
    sold_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_sold_category_rel",
        "category_id",
        "type_id",
        string="Sold to",
        groups="base.group_user",
        help="Others cannot order the products in the shop, but ask for an offer. "
        "Empty: everybody.",
    )

    # -- Categories a visitor sees -----------------------------------------

    @api.depends(
        "product_tmpl_ids.reserved_type_ids", "product_tmpl_ids.public_from", "reserved_type_ids"
    )
    @api.depends_context("uid", "policy_website_id")
    def _compute_has_published_products(self):
        """For visitors: has products that they see, and is not reserved for others.

        Odoo asks for one category after the other, down the tree; a page of the shop shows them
        all. So those that were read together are found out together.
        """
        field = self._fields["has_published_products"]
        known_ids = set(field._get_cache(self.env))
        together = self.browse(i for i in self._prefetch_ids if i not in known_ids) | self
        shown_ids, closed_ids = together._get_shown_ids(), set(self._get_closed_ids())
        with self.env.protecting([field], together):
            for category in together:
                category.has_published_products = (
                    category.id in shown_ids and category.id not in closed_ids
                )

    def _get_shown_ids(self):
        """:return: ids of the categories with products, in them or below, that visitors see"""
        below = self._search(Domain("id", "child_of", self.ids))
        groups = self.env["product.template"]._read_group(
            self._get_published_product_domain()
            & self._get_visible_product_leaf()
            & Domain("public_categ_ids", "in", below),
            ["public_categ_ids"],
        )
        return {i for [category] in groups for i in category._get_path_ids()}

    @api.model
    def _search_has_published_products(self, operator, value):
        visible = self._get_visible_product_leaf()
        if operator != "in" or visible.is_true():
            return super()._search_has_published_products(operator, value)
        published = self.sudo()._search(
            Domain("product_tmpl_ids", "any", self._get_published_product_domain() & visible)
        )
        shown_ids = published.get_result_ids()
        return (Domain("id", "in", shown_ids) | Domain("id", "parent_of", shown_ids)) & Domain(
            "id", "not in", self._get_closed_ids()
        )

    @api.model
    def _get_published_product_domain(self):
        return Domain("is_published", "=", True) & Domain("active", "=", True)

    @api.model
    def _get_visible_product_leaf(self):
        """:return: domain of what the browsing user sees, ``Domain.TRUE`` where that is all"""
        return self.env["product.template"]._search_is_visible_to_user("in", {True})

    @api.model
    def _get_closed_ids(self):
        """:return: ids of the categories that are reserved, and not for the browsing user"""
        type_ids = self.env["product.template"]._get_visitor_type_ids("see")
        if type_ids is None:
            return []
        chains = self.env["customer.type"]._get_catalog_table().categories["see"]
        open_ids, closed_ids = split(chains, type_ids, fields.Datetime.now())
        # Through a closed category leads the way to one below that is open.
        way_down = {
            i for category in self.sudo().browse(open_ids) for i in category._get_path_ids()
        }
        return [category_id for category_id in closed_ids if category_id not in way_down]

    def _get_path_ids(self):
        """:return: ids of the categories down to this one, itself included

        Not by ``parents_and_self``: computing that asks for access, for which this is asked.
        """
        self.ensure_one()
        path = self.sudo().parent_path or ""
        return [int(part) for part in path.split("/") if part] or self.ids

    # -- Following changes -------------------------------------------------

    def _get_inherited_reservation(self, now):
        self.ensure_one()
        for parent in self.sudo().browse(self._get_path_ids()[-2::-1]):
            seen = parent._get_reservation("see")
            if seen.is_acting(now):
                return seen, parent
        return super()._get_inherited_reservation(now)

    @api.model
    def _changes_catalog(self, vals):
        return super()._changes_catalog(vals) or "parent_id" in vals or "product_tmpl_ids" in vals

    def unlink(self):
        res = super().unlink()
        self.env["customer.type"]._catalog_changed()
        return res
