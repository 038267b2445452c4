from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    is_value_visible_to_user = fields.Boolean(
        compute="_compute_is_value_visible_to_user", search="_search_is_value_visible_to_user"
    )

    @api.depends("ptav_product_variant_ids.variant_reserved_type_ids")
    @api.depends_context("uid", "policy_website_id")
    def _compute_is_value_visible_to_user(self):
        hidden_ids = self._get_hidden_ids()
        for value in self:
            value.is_value_visible_to_user = value._origin.id not in hidden_ids

    @api.model
    def _search_is_value_visible_to_user(self, operator, _value):
        if operator != "in":
            return NotImplemented
        hidden_ids = self._get_hidden_ids()
        return Domain("id", "not in", hidden_ids) if hidden_ids else Domain.TRUE

    @api.model
    def _get_hidden_ids(self):
        """:return: ids of the values that only variants have which are not for the browsing user"""
        type_ids = self.env["product.template"]._get_visitor_type_ids()
        variant_ids = self.env["product.product"]._get_hidden_variant_ids(type_ids)
        if not variant_ids:
            return []
        self.env["product.product"].flush_model(["active", "product_template_attribute_value_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.product_template_attribute_value_id
                FROM product_variant_combination c
                JOIN product_product p ON p.id = c.product_product_id
                WHERE (p.active OR p.id = ANY(%(hidden)s))
                  AND c.product_template_attribute_value_id IN (
                      SELECT h.product_template_attribute_value_id
                      FROM product_variant_combination h
                      WHERE h.product_product_id = ANY(%(hidden)s)
                  )
                GROUP BY 1
                HAVING BOOL_AND(p.id = ANY(%(hidden)s))
                """,
                hidden=list(variant_ids),
            )
        )
        return [value_id for [value_id] in rows]

    def _only_active(self):
        """A value that only reserved variants have is not even named to others."""
        return super()._only_active().filtered("is_value_visible_to_user")
