from collections import defaultdict
from math import ceil, floor, lcm

from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.customer_type.models.checkout.quantity.quantity_limits import QuantityLimits

from ..quota import DIGITS, EPSILON

# From so few of a pool on, customers are told how many there are.
SCARCE = 12
# So many products of one allocation are listed in the portal.
LISTED = 6


class SaleAllocation(models.Model):
    """What customers are told in the shop and in the portal; reading only."""

    _inherit = "sale.allocation"

    # -- What is left ------------------------------------------------------

    @api.model
    def _get_shop_values(self, product, website, cart=None, uom=None):
        """What the page of a product tells the browsing user.

        :param product: a product.product, or a product.template before a variant is chosen
        :param website: the website browsed
        :param cart: the sale.order of the visitor, none for a look at the list
        :param uom: uom.uom in which the page counts, that of the product by default
        :return: see :meth:`_prepare_shop_values`; empty where the product is not allocated
        :rtype: dict
        """
        quotas = self._get_customer_allocations(
            product, self.env.user.partner_id, website, website.company_id
        )
        quota = quotas.get(product.id)
        if not quota:
            return {}
        demands = []
        if cart and product._name == "product.product":
            demands = cart.sudo()._get_allocation_demands(product)
        rule = self._get_table(website.company_id.id)["rules"][quota.allocation_id]
        return self._prepare_shop_values(quota, rule, product.sudo().uom_id, uom, demands)

    @api.model
    def _prepare_shop_values(self, quota, rule, base_uom, uom=None, demands=()):
        """No query, but for units of measure where they differ.

        :param quota: the :class:`CustomerAllocation` that decides
        :param rule: its :class:`Rule`
        :param base_uom: uom.uom in which the product is sold; another one is named
        :param uom: uom.uom in which the customer types quantities, the same by default
        :param demands: what the cart wants already, :class:`Demand` values
        :return: plain values for pages and JSON. ``state``: that of the quota, ``sold_out`` (the
            customer has had all) or ``gone`` (everybody has); ``left``: what the customer may
            still add, None for any quantity, and ``in_cart``, both in the unit of the allocation;
            ``words`` and ``badge`` for the customer; ``limits`` for an input of quantities in
            ``uom``; ``opens_in``: seconds until it opens; ``may_ask``: whether more can be asked
            for, and ``ask_quantity``, how much is proposed
        :rtype: dict
        """
        own = next((d for d in demands if d.quota.allocation_id == quota.allocation_id), None)
        in_cart = own.wanted if own else 0.0
        rooms = [d.available - d.wanted for d in demands if d.available is not None]
        if not demands:
            rooms = [quota.left] if quota.left is not None else []
        left = max(round(min(rooms), DIGITS), 0.0) if rooms else None
        state = self._get_shop_state(quota, left)
        is_guest = self.env.user._is_public()
        values = {
            "allocation_id": quota.allocation_id,
            "state": state,
            "is_guest": is_guest,
            "left": left,
            "in_cart": in_cart,
            "unit": self._get_told_unit(rule, base_uom),
            "opens_in": self._get_seconds_until(quota.opens_at) if state == "coming" else 0,
            "may_ask": not is_guest
            and (state in ("request", "sold_out", "gone") or quota.customer_left is not None)
            and quota.state in ("open", "request"),
            "ask_quantity": quota.default or quota.multiple or quota.minimum or 1.0,
        }
        values["words"] = self._get_shop_words(quota, rule, values)
        values["badge"] = self._get_shop_badge(quota, rule, values)
        values["limits"] = self._get_shop_limits(quota, rule, left, own, uom or base_uom)
        # Less may be left than can be ordered at all.
        values["is_buyable"] = state == "open" and values["limits"]["maximum"] != 0
        return values

    @api.model
    def _get_shop_state(self, quota, left):
        if quota.state != "open" or left is None or left > EPSILON:
            return quota.state
        return "gone" if self._is_bound_by_pool(quota) else "sold_out"

    @api.model
    def _is_bound_by_pool(self, quota):
        pool, own = quota.pool_left, quota.customer_left
        return pool is not None and (own is None or pool < own)

    @api.model
    def _get_seconds_until(self, moment):
        """:return: by the clock of the server; that of the visitor is not asked"""
        return max(ceil((moment - fields.Datetime.now()).total_seconds()), 0)

    @api.model
    def _get_told_unit(self, rule, base_uom):
        """:return: the name of the unit in which an allocation counts; none where it goes without
        saying
        """
        if rule.uom_id == base_uom.id:
            return ""
        return self.env["uom.uom"].sudo().browse(rule.uom_id).name

    @api.model
    def _get_unit_factor(self, rule, uom):
        """:return: how many units of an allocation one of a uom.uom is"""
        if rule.uom_id == uom.id:
            return 1.0
        unit = self.env["uom.uom"].sudo().browse(rule.uom_id)
        return uom.sudo()._compute_quantity(1.0, unit, round=False)

    @api.model
    def _get_shop_limits(self, quota, rule, left, own, uom):
        """:return: ``minimum``, ``maximum`` (False for any), ``step`` and ``default`` of an input
        of quantities in a unit (uom.uom)
        """
        factor = self._get_unit_factor(rule, uom)
        taken = quota.used + quota.held + (own.wanted - own.own if own else 0.0)
        limits = QuantityLimits(max(quota.minimum - taken, 0.0), 0.0, quota.multiple)
        maximum = False if left is None else floor(round(left / factor, DIGITS))
        ceiling = None if left is None else maximum
        minimum = limits.correct(1, factor=factor, ceiling=ceiling)
        if ceiling is not None and not minimum:
            maximum = 0
        wanted = ceil(round(quota.default / factor, DIGITS))
        return {
            "minimum": minimum or 1,
            "maximum": maximum,
            "step": limits.get_step(factor),
            "default": limits.correct(wanted, factor=factor, ceiling=ceiling) or minimum or 1,
        }

    @api.model
    def _merge_limits(self, first, second):
        """:return: limits of an input (dict) that keep to both"""
        if not first or not second:
            return first or second
        step = lcm(first["step"], second["step"])
        least = max(first["minimum"], second["minimum"])
        known = [m for m in (first["maximum"], second["maximum"]) if m is not False]
        minimum = ceil(least / step) * step
        default = max(first.get("default") or 0, second.get("default") or 0, minimum)
        maximum = min(known, default=False)
        if maximum is not False:
            default = min(default, max(maximum // step * step, minimum))
        return {
            **first,
            **second,
            "minimum": minimum,
            "maximum": maximum,
            "step": step,
            "default": ceil(default / step) * step,
        }

    # -- Words -------------------------------------------------------------

    @api.model
    def _tell_quantity(self, quantity, unit=""):
        return f"{quantity:.10g} {unit}".strip()

    @api.model
    def _tell_moment(self, moment, rule):
        """:return: an instant in the zone of an allocation, which is named"""
        words = self._format_moment(moment, rule.tz)
        return self.env._("%(moment)s (%(zone)s)", moment=words, zone=rule.tz)

    @api.model
    def _tell_until(self, words, quota, rule):
        """:return: the words, and until when they hold, if anything ends"""
        if not quota.until:
            return words
        moment = self._tell_moment(quota.until, rule)
        return self.env._("%(words)s until %(moment)s", words=words, moment=moment)

    @api.model
    def _get_left_words(self, quota, values):
        """:return: how much is left of what is open; of the pool only when it is little"""
        left, unit = values["left"], values["unit"]
        if left is None:
            return self.env._("Allocated to you")
        if not self._is_bound_by_pool(quota):
            return self.env._(
                "%(left)s of %(maximum)s left for you",
                left=self._tell_quantity(left),
                maximum=self._tell_quantity(quota.maximum, unit),
            )
        if left <= SCARCE:
            return self.env._("Only %s left", self._tell_quantity(left, unit))
        return self.env._("Limited supply")

    @api.model
    def _get_shop_words(self, quota, rule, values):
        """:return: what the customer may have, in a sentence without full stop"""
        tell = getattr(self, f"_get_{values['state']}_words")
        return tell(quota, rule, values)

    @api.model
    def _get_open_words(self, quota, rule, values):
        return self._tell_until(self._get_left_words(quota, values), quota, rule)

    @api.model
    def _get_gone_words(self, _quota, _rule, values):
        if values["in_cart"]:
            return self.env._("Sold out, but for what is in your cart")
        return self.env._("Sold out")

    @api.model
    def _get_coming_words(self, quota, rule, values):
        moment = self._tell_moment(quota.opens_at, rule)
        if not quota.maximum:
            return self.env._("Opens for you on %s", moment)
        return self.env._(
            "Opens for you on %(moment)s: %(maximum)s for you",
            moment=moment,
            maximum=self._tell_quantity(quota.maximum, values["unit"]),
        )

    @api.model
    def _get_closed_words(self, quota, rule, _values):
        return self.env._("Closed on %s", self._tell_moment(quota.closes_at, rule))

    @api.model
    def _get_request_words(self, _quota, _rule, _values):
        return self.env._("On request only")

    @api.model
    def _get_refused_words(self, _quota, _rule, values):
        if values["is_guest"]:
            return self.env._("Sold by allocation: sign in to see what is yours")
        return self.env._("Sold to those to whom it is allocated")

    @api.model
    def _get_sold_out_words(self, quota, rule, values):
        if values["in_cart"]:
            return self.env._("All that is left for you is in your cart")
        maximum = self._tell_quantity(quota.maximum, values["unit"])
        if quota.period.is_endless:
            return self.env._("Sold out for you: you have had all %s", maximum)
        return self.env._(
            "Sold out for you: you have had all %(maximum)s, and get more from %(moment)s",
            maximum=maximum,
            moment=self._tell_moment(quota.period.end, rule),
        )

    @api.model
    def _get_shop_badge(self, quota, rule, values):
        """:return: the same in two or three words, or none where there is nothing to tell"""
        state = values["state"]
        if state == "open":
            return "" if values["left"] is None else self._get_left_words(quota, values)
        if state == "coming":
            moment = tools.format_datetime(
                self.env, quota.opens_at, tz=rule.tz, dt_format="d MMM, HH:mm"
            )
            return self.env._("From %s", moment)
        return {
            "sold_out": self.env._("Sold out for you"),
            "gone": self.env._("Sold out"),
            "closed": self.env._("Closed"),
            "request": self.env._("On request"),
        }.get(state) or self.env._("By allocation")

    # -- The list of the shop ----------------------------------------------

    @api.model
    def _get_list_values(self, product):
        """What the list of the shop tells of a product; read once for all that are shown with it.

        :param product: a product.product or product.template
        :return: see :meth:`_prepare_shop_values`; empty where it is not allocated
        :rtype: dict
        """
        website = self.env["website"].get_current_website()
        company = website.company_id or self.env.company
        if not self._get_rules(product, company, website):
            return {}
        products = product.browse(product._prefetch_ids)
        if product.id not in products._ids:
            products = product
        cache = self._get_cache()
        key = ("list", products._name, products._ids, website.id, self.env.uid, self.env.lang)
        if key not in cache:
            quotas = self._get_customer_allocations(
                products, self.env.user.partner_id, website, company
            )
            told = {}
            for shown in products:
                quota = quotas.get(shown.id)
                if quota and (quota, shown.uom_id) not in told:
                    rule = self._get_table(company.id)["rules"][quota.allocation_id]
                    told[quota, shown.uom_id] = self._prepare_shop_values(
                        quota, rule, shown.sudo().uom_id
                    )
            cache[key] = {
                shown.id: told[quotas[shown.id], shown.uom_id]
                for shown in products
                if shown.id in quotas
            }
        return cache[key].get(product.id, {})

    # -- The portal --------------------------------------------------------

    @api.model
    def _get_portal_allocations(self, website):
        """What the browsing user sees of allocations: those that are for the user, and of which
        there is a product to see, or something was bought.

        :return: list of values as :meth:`_prepare_shop_values` has them, with ``allocation``
            (sale.allocation in sudo), ``quota``, ``products`` (those that are listed) and ``more``
            (how many are not); open ones first, then coming, then over
        :rtype: list
        """
        company = website.company_id
        partner = self.env.user.partner_id
        table = self._get_table(company.id)
        rules = {
            rule
            for rule in table["rules"].values()
            if not rule.website_ids or website.id in rule.website_ids
        }
        if not rules or self.env.user._is_public():
            return []
        quotas = self._get_quotas(rules, partner, website, company)
        type_ids = partner.sudo()._get_customer_policy(company=company, website=website).type_ids
        shown = [rule for rule in rules if self._is_shown(rule, quotas[rule.id], type_ids)]
        products = self._get_portal_products([rule.id for rule in shown], table, website)
        result = []
        for rule in shown:
            quota, found = quotas[rule.id], products.get(rule.id, [])
            if not found and not quota.used:
                continue
            allocation = self.sudo().browse(rule.id)
            base_uom = found[0].sudo().uom_id if found else allocation.uom_id
            result.append(
                {
                    **self._prepare_shop_values(quota, rule, base_uom),
                    "allocation": allocation,
                    "quota": quota,
                    "products": found[:LISTED],
                    "more": max(len(found) - LISTED, 0),
                }
            )
        ranks = {"open": 0, "sold_out": 1, "gone": 1, "request": 2, "coming": 3}
        return sorted(
            result,
            key=lambda row: (
                ranks.get(row["state"], 4),
                row["allocation"].sequence,
                row["allocation_id"],
            ),
        )

    @api.model
    def _is_shown(self, rule, quota, type_ids):
        """:return: whether a customer is told of an allocation at all"""
        if quota.used or quota.held:
            return True
        if quota.state == "request":
            granted = {grant.type_id for grant in rule.grants}
            return not granted or not granted.isdisjoint(type_ids)
        return quota.state in ("open", "coming")

    @api.model
    def _get_portal_products(self, allocation_ids, table, website):
        """:return: the products that the browsing user sees, in either form, by id of allocation
        :rtype: dict
        """
        result = defaultdict(list)
        wanted = set(allocation_ids)
        for key, model in (("product", "product.template"), ("variant", "product.product")):
            ids = [i for i, covering in table[key].items() if not wanted.isdisjoint(covering)]
            if not ids:
                continue
            products = self.env[model].search(
                Domain("id", "in", ids) & Domain(website.sale_product_domain()), order="name, id"
            )
            for product in products:
                for allocation_id in wanted.intersection(table[key][product.id]):
                    result[allocation_id].append(product)
        return result
