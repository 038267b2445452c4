from odoo import api, fields, models

from .catalog import split


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

    # -- Whom it is named to -----------------------------------------------

    @api.model
    def _get_hidden_ids(self, type_ids):
        """:param type_ids: ids of customer types that act together; ``None`` for staff
        :return: ids of the tags that are reserved for others
        """
        if type_ids is None:
            return []
        chains = self.env["customer.type"]._get_catalog_table().tags["see"]
        _open_ids, closed_ids = split(chains, type_ids, fields.Datetime.now())
        return closed_ids

    def _filter_named_to(self, type_ids):
        """:return: those of these tags that somebody with these types may read"""
        return self - self.browse(self._get_hidden_ids(type_ids))

    def _filter_named_to_user(self):
        """:return: those of these tags that the browsing user may read"""
        return self._filter_named_to(self.env["product.template"]._get_visitor_type_ids("see"))

    # -- Following changes -------------------------------------------------

    @api.model
    def _changes_catalog(self, vals):
        return super()._changes_catalog(vals) or "product_product_ids" in vals

    def unlink(self):
        res = super().unlink()
        self.env["customer.type"]._catalog_changed()
        return res
