from odoo import api, fields, models


class ProductTemplateAttributeValue(models.Model):
    """A value that only variants have which are reserved for others."""

    _name = "product.template.attribute.value"
    _inherit = ["product.template.attribute.value", "customer.type.catalog.part.mixin"]

    is_value_visible_to_user = fields.Boolean(
        compute="_compute_is_part_visible", search="_search_is_part_visible", compute_sudo=True
    )

    @api.depends("ptav_product_variant_ids.variant_reserved_type_ids")
    def _compute_is_part_visible(self):
        return super()._compute_is_part_visible()

    @api.model
    def _get_hidden_part_sql(self, conditions, part_id):
        return conditions.hidden_value(part_id)

    def _only_active(self):
        """A value that only reserved variants have is not even named to others."""
        return super()._only_active().filtered("is_value_visible_to_user")
