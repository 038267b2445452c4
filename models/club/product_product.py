from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_clubs(self):
        """:return: the clubs (sale.club) of which these products are the membership, by product id;
        products that are none are left out
        """
        clubs = self.env["sale.club"].sudo()
        memberships = clubs._get_membership_products()
        return {
            product.id: clubs.browse(memberships[product.id])
            for product in self
            if product.id in memberships
        }
