from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.combo_configurator import (
    WebsiteSaleComboConfiguratorController,
)
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.product_configurator import (
    WebsiteSaleProductConfiguratorController,
)
from odoo.addons.website_sale_loyalty.controllers.portal import CustomerPortalLoyalty


def hides_prices():
    """:return: whether the user of this request may not see prices, on a page or not"""
    return request.env["website"].get_current_website()._hides_prices()


def drop_price(information):
    """Take the price out of what a configurator tells of a product.

    :param dict information: changed in place
    """
    information.update(price=0.0, can_be_sold=False, pricelist_rule_id=False)
    for key in ("strikethrough_price", "price_info"):
        information.pop(key, None)


class HiddenPriceShop(WebsiteSale):
    def _check_cart(self, order_sudo):
        if hides_prices():
            # Before anything forgets the cart of the session, because there seems to be none.
            return request.redirect("/shop/cart")
        return super()._check_cart(order_sudo)

    @route()
    def shop_payment_confirmation(self, **post):
        if self._is_last_order_hidden():
            return request.redirect("/shop/cart")
        return super().shop_payment_confirmation(**post)

    @route()
    def print_saleorder(self, **kwargs):
        if self._is_last_order_hidden():
            return request.redirect("/shop/cart")
        return super().print_saleorder(**kwargs)

    def _is_last_order_hidden(self):
        """:return: whether what the visitor ordered last is a cart still, and prices are hidden"""
        order = request.env["sale.order"].sudo().browse(request.session.get("sale_last_order_id"))
        return order.exists().state == "draft" and hides_prices()


class HiddenPriceCart(Cart):
    def _prepare_order_history(self):
        if hides_prices():
            return {"order_history": []}
        return super()._prepare_order_history()


class HiddenPriceProductConfigurator(WebsiteSaleProductConfiguratorController):
    def _get_basic_product_information(self, product_or_template, *args, **kwargs):
        information = super()._get_basic_product_information(product_or_template, *args, **kwargs)
        if hides_prices():
            drop_price(information)
        return information

    def _get_ptav_price_extra(self, ptav, currency, date, product_or_template):
        if hides_prices():
            return 0.0
        return super()._get_ptav_price_extra(ptav, currency, date, product_or_template)

    def _get_strikethrough_price(
        self, product_or_template, currency, date, price, pricelist_rule_id=None
    ):
        public_price = self._get_struck_public_price(product_or_template, currency, price)
        return public_price or super()._get_strikethrough_price(
            product_or_template, currency, date, price, pricelist_rule_id=pricelist_rule_id
        )

    def _get_struck_public_price(self, product_or_template, currency, price):
        """:return: what guests pay, where the visitor is to be shown that it is more, else False"""
        website = request.website
        if not website._compares_prices() or currency != website.currency_id:
            return False
        [public_price] = website._get_public_prices(
            [(product_or_template, 1.0, product_or_template.uom_id)]
        )
        public_price = self._apply_taxes_to_price(public_price, product_or_template, currency)
        return currency.compare_amounts(public_price, price) > 0 and public_price


class HiddenPriceComboConfigurator(WebsiteSaleComboConfiguratorController):
    def _get_combo_item_data(self, combo, combo_item, *args, **kwargs):
        data = super()._get_combo_item_data(combo, combo_item, *args, **kwargs)
        if hides_prices():
            data["extra_price"] = 0.0
        return data

    def _get_selected_ptavs_data(self, selected_ptavs, custom_value_by_ptav_id):
        ptavs_data = super()._get_selected_ptavs_data(selected_ptavs, custom_value_by_ptav_id)
        if hides_prices():
            for ptav_data in ptavs_data:
                ptav_data["price_extra"] = 0.0
        return ptavs_data


class HiddenPricePortal(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        document = super()._document_check_access(
            model_name, document_id, access_token=access_token
        )
        if (
            model_name == "sale.order"
            and document.website_id
            and document.state == "draft"
            and hides_prices()
        ):
            raise AccessError(request.env["website"]._get_hidden_price_refusal())
        return document


class HiddenPriceLoyaltyPortal(CustomerPortalLoyalty):
    @route()
    def portal_get_card_history_values(self, card_id):
        values = super().portal_get_card_history_values(card_id)
        if hides_prices() and values.get("program"):
            values["program"]["trigger_products"] = []
        return values
