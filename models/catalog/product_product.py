from odoo import api, fields, models
from odoo.fields import Domain

from .catalog import VARIANT_RELATION

RESERVING_FIELDS = frozenset(("variant_reserved_type_ids", "additional_product_tag_ids"))


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "customer.type.catalog.part.mixin"]

    _part_visibility_field = "is_variant_visible_to_user"

    variant_reserved_type_ids = fields.Many2many(
        "customer.type",
        VARIANT_RELATION,
        "product_id",
        "type_id",
        string="Variant reserved for",
        groups="base.group_user",
        help="Of those who see the product, only holders of these types see this variant. "
        "Empty: all of them.",
    )
    is_variant_visible_to_user = fields.Boolean(
        compute="_compute_is_part_visible", search="_search_is_part_visible", compute_sudo=True
    )

    # -- Reserved variants -------------------------------------------------

    @api.depends("variant_reserved_type_ids", "additional_product_tag_ids")
    def _compute_is_part_visible(self):
        return super()._compute_is_part_visible()

    @api.model
    def _get_hidden_part_sql(self, conditions, part_id):
        return conditions.hidden_variant(part_id)

    @api.model
    def _search_hidden_variants(self, template):
        """:return: the variants of a product.template that are not for the browsing user"""
        type_ids = self._get_visitor_type_ids()
        return self.search(
            Domain("product_tmpl_id", "=", template.id) & ~self._get_visible_part_domain(type_ids)
        )

    def _filter_by_right(self, right, type_ids):
        """
        :param str right: ``see``, ``price`` or ``buy``
        :param type_ids: ids of customer types that act together; ``None`` for staff
        :return: those of these variants on which somebody with these types has the right
        """
        templates = self.product_tmpl_id._filter_by_right(right, type_ids)
        variants = self._filter_visible_parts(type_ids) if right == "see" else self
        return variants.filtered(lambda variant: variant.product_tmpl_id in templates)

    def _is_visible_to_visitor(self):
        """:return: whether the browsing user may see this very variant"""
        self.ensure_one()
        variant = self.sudo()
        return variant.is_variant_visible_to_user and variant.product_tmpl_id.is_visible_to_user

    def _is_ordered_by_visitor(self):
        """:return: whether the browsing user sees this variant and may order it"""
        self.ensure_one()
        return self._is_visible_to_visitor() and self.product_tmpl_id._is_ordered_by_user()

    # -- What becomes of it in the shop ------------------------------------

    def _is_add_to_cart_allowed(self):
        self.ensure_one()
        # First: whoever may not see the product cannot even be told what the shop asks next.
        return self.sudo()._is_ordered_by_visitor() and super()._is_add_to_cart_allowed()

    def _website_show_quick_add(self):
        return self._is_ordered_by_visitor() and super()._website_show_quick_add()

    def _can_return_content(self, field_name=None, access_token=None):
        return self._is_visible_to_visitor() and super()._can_return_content(
            field_name, access_token
        )

    def _to_markup_data(self, website):
        markup_data = super()._to_markup_data(website)
        if self.product_tmpl_id._lacks_right("price"):
            self._drop_markup_price(markup_data)
        return markup_data

    # -- Following changes -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        if any(vals.get(fname) for vals in vals_list for fname in RESERVING_FIELDS):
            self.env["customer.type"]._catalog_changed()
        return variants

    def write(self, vals):
        res = super().write(vals)
        if not RESERVING_FIELDS.isdisjoint(vals):
            self.env["customer.type"]._catalog_changed()
        return res
