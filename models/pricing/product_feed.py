import gzip

from odoo import models
from odoo.http import request


class ProductFeed(models.Model):
    """A feed is for everybody: it says what guests may know, whoever asks for it."""

    _inherit = "product.feed"

    def _render_and_cache_compressed_gmc_feed(self):
        if self.website_id._hides_prices_from_guests():
            # Past the cache: it may still hold the prices of yesterday's policy.
            return gzip.compress(self._render_gmc_feed().encode())
        return super()._render_and_cache_compressed_gmc_feed()

    def _render_gmc_feed(self):
        website = self.website_id
        request.pricelist = website._get_public_pricelist()
        feed = self.with_user(website.sudo().user_id).sudo()
        return super(ProductFeed, feed)._render_gmc_feed()

    def _prepare_gmc_items(self):
        if self.website_id._hides_prices_from_guests():
            return {}
        return super()._prepare_gmc_items()
