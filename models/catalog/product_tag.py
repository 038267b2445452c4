from odoo import api, fields, models


class ProductTag(models.Model):
    _name = "product.tag"
    _inherit = ["product.tag", "customer.type.reservation.mixin"]

    reserved_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_reserved_tag_rel",
        "tag_id",
        "type_id",
        string="Reserved for",
        groups="base.group_user",
        help="Only holders of these types see the products, and the variants, with this tag. A "
        "product or variant that names types itself follows those instead.",
    )
    priced_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_priced_tag_rel",
        "tag_id",
        "type_id",
        string="Price shown to",
        groups="base.group_user",
        help="Others see the products with this tag without their price, and ask for it. A tag of "
        "a single variant does not act on its price.",
    )
    sold_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_sold_tag_rel",
        "tag_id",
        "type_id",
        string="Sold to",
        groups="base.group_user",
        help="Others cannot order the products with this tag in the shop, but ask for an offer. A "
        "tag of a single variant does not act on who orders it.",
    )
    reserved_from = fields.Datetime(groups="base.group_user")
    public_from = fields.Datetime(groups="base.group_user")

    @api.model
    def _changes_catalog(self, vals):
        return super()._changes_catalog(vals) or "product_product_ids" in vals

    def unlink(self):
        res = super().unlink()
        self.env["customer.type"]._catalog_changed()
        return res
