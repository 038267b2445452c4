from odoo import api, fields, models
from odoo.fields import Domain


class ProductPricelistItem(models.Model):
    _name = "product.pricelist.item"
    _inherit = ["product.pricelist.item", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(
        (
            "fixed_price",
            "percent_price",
            "price",
            "price_discount",
            "price_markup",
            "price_max_margin",
            "price_min_margin",
            "price_round",
            "price_surcharge",
            "rule_tip",
        )
    )

    is_open_to_user = fields.Boolean(
        compute="_compute_is_open_to_user", search="_search_is_open_to_user"
    )

    @api.depends("pricelist_id.is_open_to_user")
    @api.depends_context("uid", "company", "policy_website_id")
    def _compute_is_open_to_user(self):
        hidden_ids = self.env["product.pricelist"]._get_hidden_ids()
        for item in self:
            item.is_open_to_user = item.sudo().pricelist_id._origin.id not in hidden_ids

    def _search_is_open_to_user(self, operator, _value):
        if operator != "in":
            return NotImplemented
        hidden_ids = self.env["product.pricelist"]._get_hidden_ids()
        return Domain("pricelist_id", "not in", hidden_ids) if hidden_ids else Domain.TRUE

    # Which price list starts from which other is cached.

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if any(vals.get("base_pricelist_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return items

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"base", "base_pricelist_id", "pricelist_id"}:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        linked = any(item.base_pricelist_id for item in self)
        res = super().unlink()
        if linked:
            self.env.registry.clear_cache()
        return res
