from odoo.addons.website_sale.controllers.main import WebsiteSale


class ShippingShop(WebsiteSale):
    def _prepare_checkout_page_values(self, order_sudo, **kwargs):
        """Where the delivery method is chosen: a lost one is not replaced without a word."""
        order_sudo._replace_lost_carrier()
        return super()._prepare_checkout_page_values(order_sudo, **kwargs)
