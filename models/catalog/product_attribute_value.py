from odoo import api, fields, models, tools
from odoo.tools import SQL


class ProductAttributeValue(models.Model):
    """A value that no product has but in variants which are reserved for others."""

    _name = "product.attribute.value"
    _inherit = ["product.attribute.value", "customer.type.catalog.part.mixin"]

    is_value_visible_to_user = fields.Boolean(
        compute="_compute_is_part_visible", search="_search_is_part_visible", compute_sudo=True
    )

    def _get_hidden_part_ids(self, conditions):
        return self._get_hidden_value_ids(conditions)

    @api.model
    def _get_hidden_part_sql(self, conditions, part_id):
        return SQL("%s = ANY(%s)", part_id, list(self._get_hidden_value_ids(conditions)))

    @api.model
    @tools.ormcache("conditions")
    def _get_hidden_value_ids(self, conditions):
        """Kept, because all products are looked through. Odoo clears this cache whenever variants
        come and go.
        """
        self.env["product.product"].flush_model(["active", "product_template_attribute_value_ids"])
        self.env["product.template.attribute.value"].flush_model()
        rows = self.env.execute_query(conditions.hidden_attribute_values())
        return frozenset(value_id for [value_id] in rows)
