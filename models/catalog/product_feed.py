from odoo import models
from odoo.fields import Domain

MAX_LABELS = 5  # as many as search engines take


class ProductFeed(models.Model):
    _inherit = "product.feed"

    def _get_feed_product_domain(self):
        """A feed is for everybody: it has what guests see, and may know the price of."""
        website, type_ids = self.website_id, self._get_guest_type_ids()
        products = self.env["product.template"]
        if website._get_shop_type_ids() and not website._admits_to_shop(type_ids):
            return Domain.FALSE
        return (
            Domain(super()._get_feed_product_domain())
            & Domain("product_tmpl_id", "any", products._get_catalog_domain("see", type_ids))
            & Domain("product_tmpl_id", "any", products._get_catalog_domain("price", type_ids))
            & self.env["product.product"]._get_visible_part_domain(type_ids)
        )

    def _get_guest_type_ids(self):
        """:return: ids of the types that act for the guests of this feed's website"""
        website = self.website_id
        return website._get_guest_policy(website.sudo().company_id.id).type_ids

    def _prepare_gmc_additional_info(self, product):
        info = super()._prepare_gmc_additional_info(product)
        tags = product.all_product_tag_ids
        named = tags._filter_named_to(self._get_guest_type_ids())
        if named != tags:
            names = named.sorted("sequence").mapped("name")[:MAX_LABELS]
            info["custom_label"] = [
                (f"custom_label_{number}", name) for number, name in enumerate(names)
            ]
        return info
