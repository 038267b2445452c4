from werkzeug.exceptions import NotFound

from odoo.http import request, route
from odoo.tools.i18n import format_list

from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.combo_configurator import (
    WebsiteSaleComboConfiguratorController,
)
from odoo.addons.website_sale.controllers.main import WebsiteSale, handle_product_params_error
from odoo.addons.website_sale.controllers.product_configurator import (
    WebsiteSaleProductConfiguratorController,
)
from odoo.addons.website_sale_loyalty.controllers.portal import CustomerPortalLoyalty

from .price_visibility import drop_price


def is_shop_closed():
    """:return: whether the shop of this website is private, and not for this visitor"""
    return (
        not request.env.user._is_internal()
        and not request.env["website"].get_current_website()._is_shop_open_to_visitor()
    )


def refuse_product(exc, product, category=None, **kwargs):
    """What a visitor gets for a product or category that they may not see: as if there were none.

    Odoo's answer leads to the category's page, whose address has the category's name.
    """
    if is_shop_closed():
        return request.redirect("/shop")
    if category and not category.exists().has_access("read"):
        return NotFound.code
    return handle_product_params_error(exc, product, category=category, **kwargs)


def refuse_category(_exc, **_kwargs):
    """What a visitor gets for a category that they may not see."""
    return request.redirect("/shop") if is_shop_closed() else NotFound.code


class CatalogShop(WebsiteSale):
    @route(handle_params_access_error=refuse_category)
    def shop(self, *args, **kwargs):
        if is_shop_closed():
            return self._render_closed_shop()
        response = super().shop(*args, **kwargs)
        if tags := getattr(response, "qcontext", {}).get("all_tags"):
            response.qcontext["all_tags"] = tags._filter_named_to_user()
        return response

    @route(handle_params_access_error=refuse_product)
    def product(self, *args, **kwargs):
        if is_shop_closed():
            return self._render_closed_shop()
        return super().product(*args, **kwargs)

    def _render_closed_shop(self):
        """:return: the page that says for whom this shop is, and how to apply"""
        response = request.render(
            "customer_type.shop_closed", {"audience": self._get_shop_audience()}
        )
        response.status_code = 403
        return response

    def _get_shop_audience(self):
        """:return: what those are called for whom this private shop is; testers are not told of"""
        types = request.website.sudo().shop_type_ids.filtered(lambda t: not t.is_test)
        return format_list(request.env, types.mapped("name"), "or") if types else ""

    def _get_shop_domain(self, *args, **kwargs):
        """The bounds of the price filter say nothing about prices that are not for everybody, nor
        about variants that are not.
        """
        products = request.env["product.template"]
        domain = (
            super()
            ._get_shop_domain(*args, **kwargs)
            .map_conditions(products._look_for_visible_codes)
        )
        return domain & products._get_catalog_domain(
            "price", products._get_visitor_type_ids("price")
        )

    # -- Asking for an offer -----------------------------------------------

    @route(
        '/shop/ask/<model("product.template"):product>',
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        handle_params_access_error=refuse_product,
    )
    def shop_ask(self, product, product_id=None, quantity="1", message="", **_kwargs):
        """Ask for an offer: a page with a form, and what becomes of it."""
        if is_shop_closed():
            return self._render_closed_shop()
        if request.env.user._is_public():
            return request.redirect(f"/web/login?redirect=/shop/ask/{product.id}")
        if not product._lacks_right("price") and not product._lacks_right("buy"):
            return request.redirect(product._get_product_url())
        variants = product._get_askable_variants()
        if not variants:
            return request.redirect(product._get_product_url())
        values = {"product": product, "variants": variants, "message": message}
        if request.httprequest.method == "POST":
            values.update(self._ask_for_offer(variants, product_id, quantity, message))
        return request.render("customer_type.shop_ask", values)

    def _ask_for_offer(self, variants, product_id, quantity, message):
        """:return: values for the page: the quotation that was opened, or what is wrong"""
        variant = variants.filtered(lambda v: str(v.id) == product_id)[:1]
        if not variant:
            return {"error": request.env._("Please choose what you would like.")}
        try:
            wanted = float(quantity.replace(",", "."))
        except ValueError:
            wanted = 0.0
        if not 0 < wanted < 1e6:
            return {"error": request.env._("Please say how many you would like.")}
        order = (
            request.env["sale.order"]
            .sudo()
            ._create_catalog_request(
                request.website, request.env.user.partner_id, variant, wanted, message[:2000]
            )
        )
        return {"order": order}


class CatalogCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        if is_shop_closed():
            return request.redirect("/shop")
        return super().cart(*args, **kwargs)


class CatalogProductConfigurator(WebsiteSaleProductConfiguratorController):
    def _get_product_template(self, product_template_id):
        """A product of a combo is asked for past the rules, which must not show reserved ones."""
        template = super()._get_product_template(product_template_id)
        if not template.sudo().is_visible_to_user:
            raise NotFound
        own = template.sudo(False)
        return own if own.has_access("read") else template

    def _should_show_product(self, product_template, parent_combination):
        if request.env.user._is_internal():
            return super()._should_show_product(product_template, parent_combination)
        return product_template._is_ordered_by_user() and super()._should_show_product(
            product_template, parent_combination
        )

    def _get_basic_product_information(self, product_or_template, *args, **kwargs):
        information = super()._get_basic_product_information(product_or_template, *args, **kwargs)
        template = request.env["product.template"]._template_of(product_or_template)
        if template._lacks_right("price"):
            drop_price(information)
        elif template._lacks_right("buy"):
            information["can_be_sold"] = False
        return information


class CatalogComboConfigurator(WebsiteSaleComboConfiguratorController):
    @route()
    def website_sale_combo_configurator_get_data(self, *args, **kwargs):
        return self._drop_hidden_items(
            super().website_sale_combo_configurator_get_data(*args, **kwargs)
        )

    @route()
    def sale_combo_configurator_get_data(self, *args, **kwargs):
        return self._drop_hidden_items(super().sale_combo_configurator_get_data(*args, **kwargs))

    def _drop_hidden_items(self, data):
        """:return: the data of a combo without the products that are not for the visitor"""
        if request.env.user._is_internal():
            return data
        items = request.env["product.combo.item"].sudo()
        for combo in data["combos"]:
            combo["combo_items"] = [
                values
                for values in combo["combo_items"]
                if items.browse(values["id"]).product_id._is_ordered_by_visitor()
            ]
        return data


class CatalogLoyaltyPortal(CustomerPortalLoyalty):
    @route()
    def portal_get_card_history_values(self, card_id):
        """A card does not tell of products that are not for its owner."""
        values = super().portal_get_card_history_values(card_id)
        if not values or request.env.user._is_internal():
            return values
        type_ids = request.env["product.template"]._get_visitor_type_ids()
        card = request.env["loyalty.card"].sudo().browse(int(card_id))
        rewards = card.program_id.reward_ids
        kept_words = rewards._filter_told_to(type_ids).mapped("description")
        values["rewards"] = [
            reward for reward in values["rewards"] if reward["description"] in kept_words
        ]
        products = request.env["product.product"].sudo()
        program = values["program"]
        program["trigger_products"] = [
            product
            for product in program.get("trigger_products", [])
            if products.browse(product["id"])._is_ordered_by_visitor()
        ]
        return values
