from odoo import models

from odoo.addons.website.tools import text_from_html

from .audience import has_blocks, strip_blocks


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _to_markup_data(self, website):
        """What search engines are told describes what the visitor may read."""
        data = super()._to_markup_data(website)
        if "hasVariant" in data and has_blocks(self.description_ecommerce):
            shown = strip_blocks(self.description_ecommerce, website._is_shown_to_visitor)
            data["description"] = text_from_html(shown)
        return data
