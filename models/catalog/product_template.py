from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql, format_datetime

from .catalog import RIGHTS, TEMPLATE_RELATIONS, CatalogConditions

# The codes of all variants, which Odoo keeps on the product, and of those that rules let through.
ALL_CODES, VISIBLE_CODES = "variants_default_code", "product_variant_ids.default_code"


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "customer.type.reservation.mixin"]

    _other_guarded_fields = frozenset((ALL_CODES,))

    reserved_type_ids = fields.Many2many(
        "customer.type",
        TEMPLATE_RELATIONS["see"],
        "product_id",
        "type_id",
        string="Reserved for",
        groups="base.group_user",
        help="Only holders of these types see the product. Empty: what its categories and tags "
        "say, and everybody where they say nothing.",
    )
    priced_type_ids = fields.Many2many(
        "customer.type",
        TEMPLATE_RELATIONS["price"],
        "product_id",
        "type_id",
        string="Price shown to",
        groups="base.group_user",
        help="Others see the product without its price, and ask for it. Empty: everybody.",
    )
    sold_type_ids = fields.Many2many(
        "customer.type",
        TEMPLATE_RELATIONS["buy"],
        "product_id",
        "type_id",
        string="Sold to",
        groups="base.group_user",
        help="Others cannot order it in the shop, but ask for an offer. Empty: everybody.",
    )
    # Found out once for who looks at it and for the code that looks past rights.
    is_visible_to_user = fields.Boolean(
        compute="_compute_is_visible_to_user",
        search="_search_is_visible_to_user",
        compute_sudo=True,
    )
    lacks_price_right = fields.Boolean(compute="_compute_lacked_rights", compute_sudo=True)
    lacks_buy_right = fields.Boolean(compute="_compute_lacked_rights", compute_sudo=True)
    visible_type_ids = fields.Many2many(
        "customer.type",
        string="Visible to type",
        compute="_compute_visible_type_ids",
        search="_search_visible_type_ids",
        groups="base.group_user",
        help="The types that show the product to somebody who holds only that one.",
    )

    # -- Who asks ----------------------------------------------------------

    @api.model
    def _get_visitor_type_ids(self, right=None):
        """
        :param str right: what is asked for, as :meth:`CatalogTable.restricts` names it
        :return: ids of the types that act for the browsing user; ``None`` for who is not
            restricted: staff, and everybody where nobody lacks the right
        """
        if not self.env["website"]._get_visitor().share:
            return None
        if right and not self.env["customer.type"]._get_catalog_table().restricts(right):
            return None
        return self.env["website"]._get_catalog_website()._get_visitor_policy().type_ids

    # -- Asking ------------------------------------------------------------

    @api.model
    def _get_catalog_domain(self, right, type_ids):
        """
        :param str right: ``see``, ``price`` or ``buy``
        :param type_ids: ids of customer types that act together; ``None`` for staff
        :return: the products on which somebody with these types has the right
        :rtype: Domain
        """
        find_out = partial(self._get_catalog_condition, right, type_ids)
        if type_ids is None or find_out("product_template") is None:
            return Domain.TRUE
        return Domain.custom(
            to_sql=lambda _model, alias, _query: find_out(alias),
            predicate=lambda product: product in product._filter_by_right(right, type_ids),
        )

    @api.model
    def _get_catalog_condition(self, right, type_ids, alias):
        """
        :param str right: ``see``, ``price`` or ``buy``
        :param type_ids: ids of customer types that act together
        :param str alias: the table of products in the query
        :return: the condition (SQL) on products on which somebody with these types has the right,
            None where that is all of them; kept, as a page asks the same a dozen times
        """
        table, now = self.env["customer.type"]._get_catalog_table(), fields.Datetime.now()
        key = ("customer_type.catalog_condition", right, tuple(type_ids), alias, now)
        of_table, condition = self.env.cr.cache.get(key, (None, None))
        if of_table is not table:
            condition = CatalogConditions(table, type_ids, now, self, alias).get(right)
            self.env.cr.cache[key] = table, condition
        return condition

    def _filter_by_right(self, right, type_ids):
        """
        :param str right: ``see``, ``price`` or ``buy``
        :param type_ids: ids of customer types that act together; ``None`` for staff
        :return: those of these products on which somebody with these types has the right, by one
            query at most
        """
        if type_ids is None or not self:
            return self
        condition = self._get_catalog_condition(right, type_ids, "product_template")
        if condition is None:
            return self
        self.flush_model([*RIGHTS.values(), "public_categ_ids", "product_tag_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM product_template WHERE id = ANY(%s) AND %s",
                self._origin.ids,
                condition,
            )
        )
        ids = {product_id for [product_id] in rows}
        return self.filtered(lambda product: not product._origin or product._origin.id in ids)

    def _filter_visible_to_user(self):
        """:return: those of these products that the browsing user may see"""
        if not self._is_shop_open_to_user():
            return self.browse()
        products = self
        if closed_ids := self.env["website"]._get_closed_website_ids():
            products = self.filtered(lambda p: p.sudo().website_id.id not in closed_ids)
        return products._filter_by_right("see", self._get_visitor_type_ids("see"))

    @api.model
    def _is_shop_open_to_user(self):
        """:return: whether the browsing user may enter the shop at all. Staff always may."""
        website = self.env["website"]
        return (
            not website._get_visitor().share
            or not website._get_private_website_ids()
            or website._get_catalog_website()._is_shop_open_to_visitor()
        )

    # -- What the browsing user sees ---------------------------------------

    @api.depends(
        *("reserved_type_ids", "reserved_from", "public_from"),
        *("public_categ_ids", "product_tag_ids", "website_id"),
    )
    @api.depends_context("uid", "policy_website_id")
    def _compute_is_visible_to_user(self):
        visible = self._filter_visible_to_user()
        visible.is_visible_to_user = True
        (self - visible).is_visible_to_user = False

    @api.model
    def _search_is_visible_to_user(self, operator, _value):
        if operator != "in":
            return NotImplemented
        if not self.env["website"]._get_visitor().share:
            return Domain.TRUE
        if not self._is_shop_open_to_user():
            return Domain.FALSE
        domain = self._get_catalog_domain("see", self._get_visitor_type_ids("see"))
        if closed_ids := self.env["website"]._get_closed_website_ids():
            domain &= Domain("website_id", "not in", closed_ids)
        return domain

    def _lacks_right(self, right):
        """:return: whether the browsing user, who sees this product, lacks a further right"""
        self.ensure_one()
        return self[f"lacks_{right}_right"]

    @api.depends("priced_type_ids", "sold_type_ids", "public_categ_ids", "product_tag_ids")
    @api.depends_context("uid", "policy_website_id")
    def _compute_lacked_rights(self):
        for right in ("price", "buy"):
            having = self._filter_by_right(right, self._get_visitor_type_ids(right))
            having[f"lacks_{right}_right"] = False
            (self - having)[f"lacks_{right}_right"] = True

    def _is_ordered_by_user(self):
        """:return: whether the browsing user sees this product, knows its price and may order it"""
        self.ensure_one()
        template = self.sudo()
        return (
            template.is_visible_to_user
            and not template._lacks_right("price")
            and not template._lacks_right("buy")
        )

    def _can_return_content(self, field_name=None, access_token=None):
        # A published product's pictures are served past all rules.
        return self.sudo().is_visible_to_user and super()._can_return_content(
            field_name, access_token
        )

    # -- Early access ------------------------------------------------------

    def _get_early_access(self):
        """What to tell a customer who sees this product before everybody does.

        :return: nothing, or a dict with ``until`` (when everybody sees it, UTC, ISO format) and
            ``label`` (the same in words, in the time zone of the website's company)
        """
        self.ensure_one()
        table = self.env["customer.type"]._get_catalog_table()
        if not table.opens:
            return {}
        until = self._get_public_from(table, fields.Datetime.now())
        if not until:
            return {}
        zone = self._get_reservation_zone()
        moment = format_datetime(self.env, until, tz=zone.zone, dt_format="EEEE d MMMM, HH:mm")
        return {
            "until": f"{until.isoformat()}Z",
            "label": self.env._(
                "For everybody from %(moment)s (%(zone)s)", moment=moment, zone=zone
            ),
        }

    def _get_public_from(self, table, now):
        """:return: the moment (datetime, UTC) from which everybody sees this product, or None where
        everybody does already or never will
        """
        product = self.sudo()
        if product.public_from:
            return product.public_from if product.public_from > now else None
        chains = [
            *(table.categories["see"].get(i, ()) for i in product.public_categ_ids.ids),
            *(table.tags["see"].get(i, ()) for i in product.product_tag_ids.ids),
        ]
        acting = [next((r for r in chain if r.is_acting(now)), None) for chain in chains]
        moments = [reservation.until for reservation in acting if reservation]
        own_types = "see" in table.own and product.reserved_type_ids
        return None if own_types or not moments or None in moments else max(moments)

    # -- What types see ----------------------------------------------------

    def _compute_visible_type_ids(self):
        types = self.env["customer.type"].search([])  # pylint: disable=no-search-all
        visible_ids = {product: [] for product in self}
        for customer_type in types:
            for product in self._filter_by_right("see", customer_type.ids):
                visible_ids[product].append(customer_type.id)
        for product, type_ids in visible_ids.items():
            product.visible_type_ids = types.browse(type_ids)

    @api.model
    def _search_visible_type_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        types = self.env["customer.type"].search(
            Domain("id", "in", value) if operator == "in" else value
        )
        return Domain.OR(self._get_catalog_domain("see", [type_id]) for type_id in types.ids)

    def _get_inherited_reservation(self, now):
        self.ensure_one()
        product = self.sudo()
        for source in [*product.public_categ_ids, *product.product_tag_ids]:
            seen = source._get_reservation("see")
            if seen.is_acting(now):
                return seen, source
            if inherited := source._get_inherited_reservation(now):
                return inherited
        return super()._get_inherited_reservation(now)

    # -- Following changes -------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"public_categ_ids", "product_tag_ids"}:
            self.env["website"]._forget_published_catalog()
        return res

    # -- Variants ----------------------------------------------------------

    def _has_reserved_variants(self):
        """:return: whether some variants of this product are not for the browsing user"""
        self.ensure_one()
        table = self.env["customer.type"]._get_catalog_table()
        return self.id in table.variant_template_ids and self.env["website"]._get_visitor().share

    def _is_combination_possible(
        self, combination, parent_combination=None, ignore_no_variant=False
    ):
        possible = super()._is_combination_possible(
            combination, parent_combination, ignore_no_variant
        )
        if possible and self._has_reserved_variants():
            variant = self._get_variant_for_combination(combination)
            return not variant or variant.sudo().is_variant_visible_to_user
        return possible

    def _get_combination_info(self, combination=False, product_id=False, **kwargs):
        """A variant for others is told of as one that there is not."""
        if self._has_reserved_variants():
            variant = self.env["product.product"].browse(product_id or ())
            if combination and not variant:
                variant = self._get_variant_for_combination(combination)
            if variant and not variant.sudo().is_variant_visible_to_user:
                info = super()._get_combination_info(**{**kwargs, "only_template": True})
                return {**info, "is_combination_possible": False}
        return super()._get_combination_info(combination, product_id, **kwargs)

    def _get_first_possible_variant_id(self):
        if self._has_reserved_variants():
            # Past the cache, which does not know who asks.
            return self._create_first_product_variant().id
        return super()._get_first_possible_variant_id()

    def _get_attribute_exclusions(self, *args, **kwargs):
        exclusions = super()._get_attribute_exclusions(*args, **kwargs)
        if self._has_reserved_variants():
            # Not by the field, whose cache knows only what rules have let through.
            hidden = self.env["product.product"].sudo()._search_hidden_variants(self)
            exclusions["archived_combinations"] = [
                *exclusions["archived_combinations"],
                *(tuple(v.product_template_attribute_value_ids.ids) for v in hidden),
            ]
        return exclusions

    def _get_askable_variants(self):
        """:return: the variants of this product for which the browsing user may ask"""
        self.ensure_one()
        variants = self.product_variant_ids or self._create_first_product_variant()
        return variants.filtered(lambda variant: variant._is_visible_to_visitor())

    # -- Prices that are not for everybody ---------------------------------

    def _get_sales_prices(self, website):
        prices = super()._get_sales_prices(website)
        type_ids = self._get_visitor_type_ids("price")
        for template in self - self._filter_by_right("price", type_ids):
            prices[template.id] = {"price_reduce": 0.0, "ask_for_price": True}
        return prices

    def _get_additionnal_combination_info(self, product_or_template, quantity, uom, date, website):
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        template = self._template_of(product_or_template)
        if template._lacks_right("price"):
            self._hide_combination_prices(info)
        info["ask_representative"] = template._lacks_right("price") or template._lacks_right("buy")
        return info

    @api.model
    def _template_of(self, product_or_template):
        """:return: the product.template of a product in either form"""
        if product_or_template._name == "product.product":
            return product_or_template.product_tmpl_id
        return product_or_template

    def _website_show_quick_add(self):
        return self._is_ordered_by_user() and super()._website_show_quick_add()

    @api.model
    def _get_configurator_display_price(self, product_or_template, *args, **kwargs):
        if self._template_of(product_or_template)._lacks_right("price"):
            return 0.0, False
        return super()._get_configurator_display_price(product_or_template, *args, **kwargs)

    # -- Search ------------------------------------------------------------

    @api.model
    def _search_get_detail(self, website, order, options):
        detail = super()._search_get_detail(website, order, options)
        if self._hides_variant_codes():
            detail["search_fields"].remove(ALL_CODES)
            detail["search_extra"] = lambda _env, term: Domain(
                VISIBLE_CODES, "ilike", escape_psql(term)
            )
        if options.get("min_price") or options.get("max_price"):
            # A price range would let anybody close in on a price that is not for them.
            detail["base_domain"].append(
                self._get_catalog_domain("price", self._get_visitor_type_ids("price"))
            )
        return detail

    @api.model
    def _look_for_visible_codes(self, condition):
        """:return: the same condition of a domain, on the codes of the variants that are visible
        to the browsing user where it was on those of all
        """
        if condition.field_expr != ALL_CODES or not self._hides_variant_codes():
            return condition
        return Domain(VISIBLE_CODES, condition.operator, condition.value)

    @api.model
    def _hides_variant_codes(self):
        """:return: whether the codes of all variants, as the product has them, tell too much"""
        table = self.env["customer.type"]._get_catalog_table()
        return table.restricts("part") and self.env["website"]._get_visitor().share

    @api.model
    def _is_field_withheld(self, fname):
        if fname == ALL_CODES:
            return not self.env.su and self._hides_variant_codes()
        return super()._is_field_withheld(fname)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        sql = super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        if field_name not in self._guarded_price_fields:
            return sql
        type_ids = self._get_visitor_type_ids("price")
        if type_ids is None:
            return sql
        condition = self._get_catalog_condition("price", type_ids, alias)
        if condition is None:
            return sql
        # Products without a price come last, in an order that does not tell it.
        price = SQL(
            "CASE WHEN %s THEN %s END", condition, self._field_to_sql(alias, field_name, query)
        )
        query._order_groupby.append(price)
        return SQL("%s %s NULLS LAST", price, direction)
