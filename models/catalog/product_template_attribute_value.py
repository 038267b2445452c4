from odoo import models


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    def _only_active(self):
        """A value that only reserved variants have is not even named to others."""
        values = super()._only_active()
        templates = values.product_tmpl_id
        if not any(template._has_reserved_variants() for template in templates):
            return values
        return values.filtered(lambda value: value._is_offered_to_user())

    def _is_offered_to_user(self):
        """:return: whether the browsing user may choose this value of a product with variants"""
        self.ensure_one()
        variants = self.sudo().ptav_product_variant_ids
        return not variants or any(variant.is_variant_visible_to_user for variant in variants)
