from odoo import fields, models


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
        help="Only holders of these types see products with this tag. A product that names types "
        "itself follows those instead.",
    )
    priced_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_priced_tag_rel",
        "tag_id",
        "type_id",
        string="Price shown to",
        groups="base.group_user",
    )
    sold_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_sold_tag_rel",
        "tag_id",
        "type_id",
        string="Sold to",
        groups="base.group_user",
    )
    reserved_from = fields.Datetime(groups="base.group_user")
    public_from = fields.Datetime(groups="base.group_user")

    def unlink(self):
        res = super().unlink()
        self.env["customer.type"]._catalog_changed()
        return res
