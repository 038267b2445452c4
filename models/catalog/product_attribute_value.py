from odoo import api, fields, models
from odoo.fields import Domain


class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    is_value_visible_to_user = fields.Boolean(
        compute="_compute_is_value_visible_to_user", search="_search_is_value_visible_to_user"
    )

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
        """:return: ids of the values that no product has but in variants which are not for the
        browsing user
        """
        values = self.env["product.template.attribute.value"].sudo()
        hidden_ids = values._get_hidden_ids()
        if not hidden_ids:
            return []
        own = values.browse(hidden_ids).product_attribute_value_id
        domain = Domain("product_attribute_value_id", "in", own.ids)
        others = values.search(
            domain & Domain("ptav_active", "=", True) & Domain("id", "not in", hidden_ids)
        )
        return (own - others.product_attribute_value_id).ids
