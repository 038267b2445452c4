from odoo import api, models
from odoo.http import request
from odoo.tools import format_amount

# What tells an amount, in the values a page or its JavaScript gets for a product.
SHOWN_AMOUNTS = ("price", "list_price", "compare_list_price", "base_unit_price")


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "customer.price.guard.mixin"]

    _guarded_price_fields = frozenset(
        ("list_price", "lst_price", "compare_list_price", "base_unit_price", "tax_string")
    )

    # -- Hidden prices -----------------------------------------------------

    def _get_sales_prices(self, website):
        if website._hides_prices():
            return {template.id: {"price_reduce": 0.0, "prices_hidden": True} for template in self}
        prices = super()._get_sales_prices(website)
        if website._compares_prices():
            self._add_public_prices(prices, website)
        return prices

    def _get_additionnal_combination_info(self, product_or_template, quantity, uom, date, website):
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        if website._hides_prices():
            self._hide_combination_prices(info)
        elif website._compares_prices():
            self._compare_combination_prices(info, product_or_template, quantity, uom, website)
        return info

    def _get_combination_info(self, *args, **kwargs):
        info = super()._get_combination_info(*args, **kwargs)
        if info.get("prices_hidden"):
            # Once more for what other modules have added in between.
            self._hide_combination_prices(info)
        return info

    @api.model
    def _hide_combination_prices(self, info):
        """Take every amount out of the values of a combination.

        :param dict info: the values, changed in place. Odoo's own flag for products that cannot be
            bought for lack of a price hides price, quantity and button on the pages.
        """
        for key, value in info.items():
            if "price" in key and isinstance(value, float):
                info[key] = 0.0
        info.update(
            dict.fromkeys(SHOWN_AMOUNTS, 0.0),
            has_discounted_price=False,
            discount_start_date=False,
            discount_end_date=False,
            prevent_zero_price_sale=True,
            prices_hidden=True,
        )

    def _website_show_quick_add(self):
        return not request.website._hides_prices() and super()._website_show_quick_add()

    @api.model
    def _get_configurator_display_price(
        self, product_or_template, quantity, date, currency, pricelist, **kwargs
    ):
        if self.env["website"]._is_visited_without_prices():
            return 0.0, False
        return super()._get_configurator_display_price(
            product_or_template, quantity, date, currency, pricelist, **kwargs
        )

    # -- Search ------------------------------------------------------------

    @api.model
    def _search_get_detail(self, website, order, options):
        if website._hides_prices():
            # A price range would let anybody close in on a hidden price.
            options = {**options, "min_price": 0.0, "max_price": 0.0}
        return super()._search_get_detail(website, order, options)

    @api.model
    def _search_fetch(self, search_detail, search, limit, order):
        if self.env["website"]._is_visited_without_prices():
            order = self._drop_price_order(order)
        return super()._search_fetch(search_detail, search, limit, order)

    def _search_render_results(self, fetch_fields, mapping, icon, limit):
        website = self.env["website"].get_current_website()
        templates = website._with_public_price_rules(self)
        return super(ProductTemplate, templates)._search_render_results(
            fetch_fields, mapping, icon, limit
        )

    @api.model
    def _drop_price_order(self, order):
        """:return: ``order`` (str) with the shop's usual order where it sorted by price"""
        terms = [
            term if term.split()[0] not in self._guarded_price_fields else self._order_of_shop()
            for term in order.split(",")
            if term.strip()
        ]
        return ",".join(terms)

    @api.model
    def _order_of_shop(self):
        return "website_sequence asc"

    # -- The public price --------------------------------------------------

    def _add_public_prices(self, prices, website):
        """Add what guests pay to the prices of a list of products.

        :param dict prices: values by template id, as ``_get_sales_prices`` has them, changed in
            place
        """
        public_prices = website._get_public_prices(
            [(template, 1.0, template.uom_id) for template in self]
        )
        company, fiscal_position = self.env.company, request.fiscal_position
        for template, public_price in zip(self, public_prices, strict=True):
            product_taxes = template.sudo().taxes_id._filter_taxes_by_company(company)
            values = prices[template.id]
            values.update(
                self._get_public_price_values(
                    template,
                    public_price,
                    values["price_reduce"],
                    product_taxes,
                    fiscal_position.map_tax(product_taxes),
                    website,
                )
            )

    @api.model
    def _compare_combination_prices(self, info, product_or_template, quantity, uom, website):
        """Strike the public price through, instead of the price before a discount of the own list.

        :param dict info: the values of a combination, changed in place
        """
        [public_price] = website._get_public_prices([(product_or_template, quantity, uom)])
        values = self._get_public_price_values(
            product_or_template,
            public_price,
            info["price"],
            info["product_taxes"],
            info["taxes"],
            website,
        )
        if values and not info["prevent_zero_price_sale"]:
            info.update(
                values,
                own_discount=info["has_discounted_price"],
                list_price=values["public_price"],
                has_discounted_price=True,
                compare_list_price=0.0,
            )

    @api.model
    def _get_public_price_values(
        self, product_or_template, public_price, price, product_taxes, taxes, website
    ):
        """Compare two prices as the visitor reads them: taxed the same way, rounded the same way.

        :param float public_price: what a guest pays, before taxes, in the visitor's currency
        :param float price: what the visitor pays, as displayed
        :return: ``public_price``, ``public_saving`` and ``public_saving_label`` when the public
            price is the higher one, else nothing
        :rtype: dict
        """
        currency = website.currency_id
        if product_taxes:
            public_price = self._apply_taxes_to_price(
                public_price, currency, product_taxes, taxes, product_or_template, website=website
            )
        public_price = currency.round(public_price)
        saving = currency.round(public_price - currency.round(price))
        if currency.compare_amounts(saving, 0.0) <= 0:
            return {}
        return {
            "public_price": public_price,
            "public_saving": saving,
            "public_saving_label": self._get_saving_label(saving, public_price, currency),
        }

    @api.model
    def _get_saving_label(self, saving, public_price, currency):
        """:return: the saving in words: an amount, and a percentage when it is worth saying"""
        amount = format_amount(self.env, saving, currency)
        if percent := round(100 * saving / public_price):
            return self.env._(
                "You save %(amount)s (%(percent)s\N{NO-BREAK SPACE}%%)",
                amount=amount,
                percent=percent,
            )
        return self.env._("You save %(amount)s", amount=amount)
