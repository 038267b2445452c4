from odoo import models
from odoo.fields import Domain


class ProductFeed(models.Model):
    _inherit = "product.feed"

    def _get_feed_product_domain(self):
        """A feed is for everybody: it has what guests see, and may know the price of."""
        website = self.website_id
        type_ids = website._get_guest_policy(website.sudo().company_id.id).type_ids
        products = self.env["product.template"]
        if website._get_shop_type_ids() and not website._admits_to_shop(type_ids):
            return Domain.FALSE
        return (
            Domain(super()._get_feed_product_domain())
            & Domain("product_tmpl_id", "any", products._get_catalog_domain("see", type_ids))
            & Domain("product_tmpl_id", "any", products._get_catalog_domain("price", type_ids))
            & self.env["product.product"]._get_visible_part_domain(type_ids)
        )
