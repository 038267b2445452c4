from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_quantity_words(self, limits):
        """See the method of the template."""
        return self.product_tmpl_id._get_quantity_words(limits)
