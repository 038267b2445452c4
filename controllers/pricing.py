from odoo.http import request, route

from odoo.addons.website_sale.controllers.combo_configurator import (
    WebsiteSaleComboConfiguratorController,
)
from odoo.addons.website_sale.controllers.product_configurator import (
    WebsiteSaleProductConfiguratorController,
)


def _force_own_pricelist(kwargs):
    """Customers get prices of their own price list, whichever they ask for.

    :param dict kwargs: what was posted, changed in place
    """
    if request.env.user._is_internal():
        return
    pricelist = request.env.user.partner_id.property_product_pricelist
    currency = pricelist.currency_id or request.env.company.currency_id
    kwargs.update(pricelist_id=pricelist.id, currency_id=currency.id, company_id=None)


class PricingProductConfigurator(WebsiteSaleProductConfiguratorController):
    """The routes of the sales desk trust a posted price list, and customers can reach them."""

    @route()
    def sale_product_configurator_get_values(self, *args, **kwargs):
        _force_own_pricelist(kwargs)
        return super().sale_product_configurator_get_values(*args, **kwargs)

    @route()
    def sale_product_configurator_update_combination(self, *args, **kwargs):
        _force_own_pricelist(kwargs)
        return super().sale_product_configurator_update_combination(*args, **kwargs)

    @route()
    def sale_product_configurator_get_optional_products(self, *args, **kwargs):
        _force_own_pricelist(kwargs)
        return super().sale_product_configurator_get_optional_products(*args, **kwargs)


class PricingComboConfigurator(WebsiteSaleComboConfiguratorController):
    @route()
    def sale_combo_configurator_get_data(self, *args, **kwargs):
        _force_own_pricelist(kwargs)
        return super().sale_combo_configurator_get_data(*args, **kwargs)

    @route()
    def sale_combo_configurator_get_price(self, *args, **kwargs):
        _force_own_pricelist(kwargs)
        return super().sale_combo_configurator_get_price(*args, **kwargs)
