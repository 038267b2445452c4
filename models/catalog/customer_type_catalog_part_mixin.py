from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .catalog import VariantConditions, split


class CustomerTypeCatalogPartMixin(models.AbstractModel):
    """Variants and their values: not everybody who sees a product sees all of them."""

    _name = "customer.type.catalog.part.mixin"
    _description = "Part of a Product That Is Not for Everybody"

    # The computed field that each of these models declares, and its rule asks.
    _part_visibility_field = "is_value_visible_to_user"

    @api.depends_context("uid", "policy_website_id")
    def _compute_is_part_visible(self):
        visible = self._filter_visible_parts(self._get_visitor_type_ids())
        for part in self:
            part[self._part_visibility_field] = part in visible

    @api.model
    def _search_is_part_visible(self, operator, _value):
        if operator != "in":
            return NotImplemented
        return self._get_visible_part_domain(self._get_visitor_type_ids())

    @api.model
    def _get_visitor_type_ids(self):
        return self.env["product.template"]._get_visitor_type_ids("part")

    @api.model
    def _get_visible_part_domain(self, type_ids):
        """
        :param type_ids: ids of customer types that act together; ``None`` for staff
        :return: what somebody with these types sees, where they see the product
        :rtype: Domain
        """
        conditions = self._get_variant_conditions(type_ids)
        if not conditions:
            return Domain.TRUE
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "NOT %s", self._get_hidden_part_sql(conditions, SQL.identifier(alias, "id"))
            ),
            predicate=lambda part: part in part._filter_visible_parts(type_ids),
        )

    def _filter_visible_parts(self, type_ids):
        """The same for these records, by one query at most and by none where nothing is reserved.

        :param type_ids: ids of customer types that act together; ``None`` for staff
        """
        conditions = self._get_variant_conditions(type_ids)
        if not conditions or not self:
            return self
        hidden_ids = self._get_hidden_part_ids(conditions)
        return self.filtered(lambda part: part._origin.id not in hidden_ids)

    @api.model
    def _get_variant_conditions(self, type_ids):
        """:return: the :class:`VariantConditions` of these types, None where they hide nothing"""
        table = self.env["customer.type"]._get_catalog_table()
        if type_ids is None or not table.variant_template_ids:
            return None
        tag_ids = split(table.tags["see"], type_ids, fields.Datetime.now())
        return VariantConditions(tuple(type_ids), *map(tuple, tag_ids))

    def _get_hidden_part_ids(self, conditions):
        """:return: ids of those of these records that :class:`VariantConditions` hide"""
        table = self.env["customer.type"]._get_catalog_table()
        parts = self._origin.sudo()
        # Nothing else of them: what is in memory is read past the rules.
        parts.fetch(["product_tmpl_id"])
        parts = parts.filtered(lambda part: part.product_tmpl_id.id in table.variant_template_ids)
        if not parts:
            return frozenset()
        self.env["product.product"].flush_model(["active", "product_template_attribute_value_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) AND %s",
                SQL.identifier(self._table),
                parts.ids,
                self._get_hidden_part_sql(conditions, SQL.identifier(self._table, "id")),
            )
        )
        return frozenset(part_id for [part_id] in rows)

    @api.model
    def _get_hidden_part_sql(self, conditions, part_id):
        """Hook: the condition that a record is hidden.

        :param VariantConditions conditions: for whom
        :param SQL part_id: its id
        """
        raise NotImplementedError
