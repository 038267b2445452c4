import logging
from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import frozendict

from odoo.addons.base.models.res_partner import _tz_get

from .period import CALENDAR_KINDS, ENDLESS, Period, period_of
from .quota import CustomerAllocation, Rule, decide, get_relevant
from .sale_allocation_balance import NOTHING

_logger = logging.getLogger(__name__)

# How what is read once is called on the cursor, for as long as its transaction sees no change.
_CACHE = "customer_type.allocation"


class SaleAllocation(models.Model):
    """Who may buy how much of what is scarce, in which period."""

    _name = "sale.allocation"
    _description = "Allocation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True, help="Customers read it, too.")
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: it acts in every company."
    )
    website_ids = fields.Many2many(
        "website",
        string="Websites",
        help="It acts on these websites only, and not on orders typed by the sales desk. "
        "Empty: it acts everywhere.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Hears of differences that the nightly check finds.",
    )
    description = fields.Html(
        string="Shown to the customer",
        translate=True,
        help="What the customer reads about this allocation, in your words.",
    )

    # -- What it covers
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, ondelete="restrict"
    )
    product_ids = fields.Many2many(
        "product.product", string="Variants", check_company=True, ondelete="restrict"
    )
    public_categ_ids = fields.Many2many(
        "product.public.category",
        string="Categories",
        ondelete="restrict",
        help="Categories of the shop, with those below them.",
    )
    product_tag_ids = fields.Many2many("product.tag", string="Tags", ondelete="restrict")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        required=True,
        default=lambda self: self.env.ref("uom.product_uom_unit", raise_if_not_found=False),
        help="All quantities are in this unit; what is ordered in another one is converted.",
    )

    # -- How
    mode = fields.Selection(
        [
            ("checkout", "First to check out"),
            ("reserve", "First to put it into the cart"),
            ("request", "On request only"),
        ],
        required=True,
        default="checkout",
        tracking=True,
    )
    hold_minutes = fields.Integer(
        string="Kept in the cart for",
        default=15,
        help="Minutes for which what is put into a cart is kept for the customer.",
    )
    period = fields.Selection(
        [
            ("window", "The whole release"),
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
            ("rolling", "Last days"),
            ("membership", "Year of membership"),
            ("lifetime", "Ever"),
        ],
        string="Counted per",
        required=True,
        default="window",
        tracking=True,
        help="A year of membership begins on the day on which the customer was given the first of "
        "the types that hold a grant; for others it is the calendar year.",
    )
    rolling_days = fields.Integer(string="Days", default=30)
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.company.sudo().partner_id.tz or self.env.user.tz or "UTC",
        help="The zone in which the allocation opens and closes, and in which its periods begin.",
    )
    open_at = fields.Datetime(string="Opens", tracking=True)
    close_at = fields.Datetime(string="Closes", tracking=True)
    state = fields.Selection(
        [("coming", "Coming"), ("open", "Open"), ("closed", "Closed")],
        compute="_compute_state",
        search="_search_state",
    )
    window_words = fields.Char(
        string="In its zone",
        compute="_compute_window_words",
        help="When it opens and closes, on the clocks of its own zone.",
    )
    pool_quantity = fields.Float(
        string="Pool",
        digits="Product Unit",
        tracking=True,
        help="What there is for all customers together, per period. Zero: there is no pool. Where "
        "periods differ from customer to customer, the pool is for good.",
    )
    pool_floor = fields.Float(
        string="Kept back",
        digits="Product Unit",
        tracking=True,
        help="So much of the pool is sold only by those who may override.",
    )
    beyond = fields.Selection(
        [("holders", "Holders of a grant only"), ("everyone", "Everyone, beyond the grants")],
        string="Who may buy",
        required=True,
        default="holders",
        tracking=True,
    )
    beyond_maximum = fields.Float(
        string="Others, at most",
        digits="Product Unit",
        help="What everyone may have, holder of a grant or not. Zero: what is left of the pool.",
    )
    beyond_opens_at = fields.Datetime(
        string="Others, from", help="Empty: as soon as the allocation opens."
    )
    count_from = fields.Datetime(
        string="Count purchases since",
        required=True,
        copy=False,
        default=fields.Datetime.now,
        help="Orders confirmed before are not looked at.",
    )
    carry_over = fields.Boolean(help="What a customer has left at the end of a period is kept.")
    carry_maximum = fields.Float(string="Carried over, at most", digits="Product Unit")
    carry_days = fields.Integer(
        string="Carried over, for days", help="Zero: to the end of the next period."
    )
    carried_until = fields.Datetime(readonly=True, copy=False)
    grant_ids = fields.One2many(
        "sale.allocation.grant", "allocation_id", string="Grants", copy=True
    )
    balance_ids = fields.One2many("sale.allocation.balance", "allocation_id", string="Balances")
    is_booked = fields.Boolean(compute="_compute_is_booked")

    _dates_ordered = models.Constraint(
        "CHECK(close_at IS NULL OR open_at IS NULL OR close_at > open_at)",
        "An allocation closes after it opens.",
    )
    _quantities_positive = models.Constraint(
        "CHECK(pool_quantity >= 0 AND pool_floor >= 0 AND beyond_maximum >= 0"
        " AND carry_maximum >= 0 AND carry_days >= 0)",
        "The quantities of an allocation cannot be negative.",
    )
    _durations_positive = models.Constraint(
        "CHECK((mode != 'reserve' OR hold_minutes > 0)"
        " AND (period != 'rolling' OR rolling_days > 0))",
        "Say for how many minutes the cart keeps it, and how many days count.",
    )

    @api.constrains("beyond", "beyond_maximum", "pool_quantity")
    def _check_beyond(self):
        for allocation in self:
            if allocation.beyond == "everyone" and not (
                allocation.pool_quantity or allocation.beyond_maximum
            ):
                raise ValidationError(
                    self.env._("Where everyone may buy, say how much: by a pool, or per customer.")
                )

    @api.constrains("carry_over", "carry_maximum", "period")
    def _check_carry_over(self):
        for allocation in self.filtered("carry_over"):
            if allocation.period not in ("week", "month", "quarter", "year"):
                raise ValidationError(
                    self.env._(
                        "Only weeks, months, quarters and years end for all at once: what "
                        "is left of them can be carried over."
                    )
                )
            if not allocation.carry_maximum:
                raise ValidationError(self.env._("Say how much is carried over at most."))

    @api.onchange("product_tmpl_ids", "product_ids")
    def _onchange_products(self):
        uom = (self.product_tmpl_ids.uom_id + self.product_ids.uom_id)[:1]
        if uom and not self._origin:
            self.uom_id = uom

    # -- State -------------------------------------------------------------

    @api.depends("open_at", "close_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for allocation in self:
            if allocation.close_at and allocation.close_at <= now:
                allocation.state = "closed"
            elif allocation.open_at and allocation.open_at > now:
                allocation.state = "coming"
            else:
                allocation.state = "open"

    @api.depends("balance_ids")
    def _compute_is_booked(self):
        for allocation in self:
            # Balances follow the rules of companies as their allocation does.
            allocation.is_booked = bool(allocation.sudo().balance_ids)

    @api.depends("open_at", "close_at", "tz")
    def _compute_window_words(self):
        for allocation in self:
            moments = (allocation.open_at, allocation.close_at)
            allocation.window_words = " – ".join(
                self._format_moment(moment, allocation.tz) if moment and allocation.tz else "…"
                for moment in moments
            )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        closed = Domain("close_at", "<=", now)
        coming = ~closed & Domain("open_at", ">", now)
        by_state = {"closed": closed, "coming": coming, "open": ~closed & ~coming}
        return Domain.OR(by_state[state] for state in value if state in by_state)

    # -- Which products it covers ------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _get_table(self, company_id):
        """What acts in a company, read once.

        :return: ``rules``: :class:`Rule` by id; ``variant``, ``product``: ids of rules by id of
            product.product and product.template; ``single``: by id of templates with one variant,
            that variant's
        :rtype: frozendict
        """
        allocations = self.sudo().search(Domain("company_id", "in", (company_id, False)))
        table = {key: defaultdict(tuple) for key in ("variant", "product", "single")}
        for allocation in allocations:
            for key, ids in allocation._get_covered_ids().items():
                for record_id in ids:
                    table[key][record_id] += (allocation.id,)
        return frozendict(
            {key: dict(ids) for key, ids in table.items()},
            rules={allocation.id: allocation._prepare_rule() for allocation in allocations},
        )

    def _get_covered_ids(self):
        """:return: ids of covered ``product`` (templates) and ``variant``, and of the templates
            that have no ``single`` variant besides a covered one
        :rtype: dict
        """
        self.ensure_one()
        # Quotations may be confirmed after their products were archived.
        everything = self.with_context(active_test=False)
        variants, templates = everything.product_ids, everything.product_tmpl_ids
        if self.public_categ_ids:
            templates |= templates.search(
                Domain("public_categ_ids", "child_of", self.public_categ_ids.ids)
            )
        if self.product_tag_ids:
            templates |= templates.search(Domain("product_tag_ids", "in", self.product_tag_ids.ids))
            variants |= variants.search(
                Domain("additional_product_tag_ids", "in", self.product_tag_ids.ids)
            )
        singles = variants.product_tmpl_id.filtered(lambda p: p.product_variant_count == 1)
        return {
            "product": set(templates.ids),
            "variant": set(variants.filtered(lambda v: v.product_tmpl_id not in templates).ids),
            "single": set((singles - templates).ids),
        }

    def _prepare_rule(self):
        """:rtype: Rule"""
        self.ensure_one()
        return Rule(
            id=self.id,
            website_ids=tuple(self.website_ids.ids),
            mode=self.mode,
            hold_minutes=self.hold_minutes,
            period=self.period,
            rolling_days=self.rolling_days,
            tz=self.tz,
            uom_id=self.uom_id.id,
            opens_at=self.open_at or None,
            closes_at=self.close_at or None,
            pool=max(self.pool_quantity - self.pool_floor, 0.0) if self.pool_quantity else None,
            beyond=self.beyond,
            beyond_maximum=self.beyond_maximum or None,
            beyond_opens_at=self.beyond_opens_at or None,
            count_from=self.count_from,
            grants=tuple(
                grant._prepare_grant() for grant in self.grant_ids if grant.customer_type_id
            ),
        )

    @api.model
    def _get_rules(self, products, company, website=None):
        """The allocations that cover products. No query while the table is warm.

        :param products: product.product or product.template records
        :param company: res.company
        :param website: website; without one, allocations that are limited to websites do not act
        :return: tuple of :class:`Rule` by id of the product, without those that none covers
        :rtype: dict
        """
        table = self._get_table(company.id)
        if not table["rules"]:
            return {}
        website_id = website.id if website else False
        is_variant = products._name == "product.product"
        result = {}
        for product in products:
            if is_variant:
                ids = table["variant"].get(product.id, ())
                template_id = product.sudo().product_tmpl_id.id
            else:
                ids = table["single"].get(product.id, ())
                template_id = product.id
            rules = tuple(
                rule
                for rule_id in (*ids, *table["product"].get(template_id, ()))
                if not (rule := table["rules"][rule_id]).website_ids
                or website_id in rule.website_ids
            )
            if rules:
                result[product.id] = rules
        return result

    # -- What a customer may have ------------------------------------------

    @api.model
    def _get_customer_allocations(self, products, partner, website=None, company=None):
        """What a customer may have of each of these products now. For shop pages; never writes.

        One query (another one where membership years count, or something came on top of what had
        closed), none when nothing in the set is allocated.

        :param products: product.product, or product.template before a variant is chosen
        :param partner: res.partner who asks; the public one, or none, for guests
        :return: the :class:`CustomerAllocation` that decides, by id of product; of several the one
            that leaves least. Products that are not allocated are not in it.
        :rtype: dict
        """
        company = company or (website and website.company_id) or self.env.company
        rules = self._get_rules(products, company, website)
        quotas = self._get_quotas(
            {rule for found in rules.values() for rule in found}, partner, website, company
        )
        return {
            product_id: get_relevant([quotas[rule.id] for rule in found])[0]
            for product_id, found in rules.items()
        }

    @api.model
    def _get_quotas(self, rules, partner, website=None, company=None):
        """
        :param rules: :class:`Rule` values
        :param partner: res.partner; the public one, or none, for guests
        :return: :class:`CustomerAllocation` by id of allocation
        :rtype: dict
        """
        if not rules:
            return {}
        customer = partner.sudo().commercial_partner_id
        # A contact shows what the company holds, and has been read.
        policy = partner.sudo()._get_customer_policy(company=company, website=website)
        if customer and website and customer.id == website._get_policy_ids()["public_partner_id"]:
            customer = customer.browse()
        return self._get_customer_quotas(rules, customer, policy.type_ids)

    @api.model
    def _get_customer_quotas(self, rules, customer, type_ids):
        """The same, each read once as long as nothing changes.

        :param customer: commercial partner in sudo, none for guests
        :param type_ids: ids of the types that act
        """
        now = fields.Datetime.now()
        known = self._get_cache().setdefault(("quotas", customer.id, type_ids, now), {})
        missing = {rule for rule in rules if rule.id not in known}
        if missing:
            known.update(self._read_quotas(missing, customer, type_ids, now))
        return {rule.id: known[rule.id] for rule in rules}

    @api.model
    def _get_cache(self):
        return self.env.cr.cache.setdefault(_CACHE, {})

    @api.model
    def _forget_quotas(self):
        """Call it wherever this transaction has changed what is left to somebody."""
        self.env.cr.cache.pop(_CACHE, None)

    @api.model
    def _remember_taken(self, order, rows):
        """What was read stays known where something was taken, and nothing given back.

        :param order: the sale.order that took it
        :param rows: what it took, :class:`Taken` values
        """
        cache = self._get_cache()
        if any(row.used < 0 or row.held < 0 for row in rows):
            cache.clear()
            return
        if ("taken", order.id) in cache or not order.has_allocations:
            cache["taken", order.id] = [*cache.get(("taken", order.id), ()), *rows]
        for key, known in list(cache.items()):
            if key[0] == "list":
                del cache[key]
            if key[0] in ("taken", "list"):
                continue
            for row in rows:
                quota = known.get(row.allocation_id)
                if quota and row.partner_id in (None, key[1]):
                    known[row.allocation_id] = quota.taking(row)

    @api.model
    def _read_quotas(self, rules, customer, type_ids, now):
        balances, grants, promised = self.env["sale.allocation.balance"]._read_current(
            rules, customer, now
        )
        anchors = self._get_anchors(rules, customer)
        quotas = {}
        for rule in rules:
            offer = decide(rule, grants.get(rule.id, ()), type_ids, now)
            period, pool_period = self._get_periods(rule, now, anchors.get(rule.id))
            begun = balances.get((rule.id, customer.id), {}) if customer else {}
            if rule.period == "membership" and begun and period.start not in begun:
                # A year that has begun is finished, whatever becomes of its first day.
                start = max(begun)
                period = Period(start, begun[start].period_end)
            own = begun.get(period.start, NOTHING)
            pool = balances.get((rule.id, None), {}).get(pool_period.start, NOTHING)
            if offer.lapsed_at:
                offer = offer.using(self._get_used_until(rule, customer, period, offer.lapsed_at))
            quotas[rule.id] = CustomerAllocation(
                allocation_id=rule.id,
                mode=rule.mode,
                hold_minutes=rule.hold_minutes,
                state=offer.state,
                minimum=offer.minimum,
                maximum=offer.maximum,
                default=offer.default,
                multiple=offer.multiple,
                opens_at=offer.opens_at,
                closes_at=offer.closes_at,
                period=period,
                pool_period=pool_period,
                used=own.used,
                held=own.held,
                aged=own.aged,
                pool_limit=None
                if rule.pool is None
                else max(rule.pool - promised.get(rule.id, 0.0), 0.0),
                pool_taken=pool.used + pool.held,
                pool_aged=pool.aged,
            )
        return quotas

    @api.model
    def _get_used_until(self, rule, customer, period, moment):
        """:return: how much a customer had in a period before a moment"""
        if not customer:
            return 0.0
        entries = self.env["sale.allocation.entry"].sudo()
        [[used, held]] = entries._read_group(
            Domain("allocation_id", "=", rule.id)
            & Domain("balance_id.partner_id", "=", customer.id)
            & Domain("balance_id.period_start", "=", period.start)
            & Domain("taken_at", "<", moment),
            aggregates=["used:sum", "held:sum"],
        )
        return used + held

    @api.model
    def _get_periods(self, rule, moment, anchor=None):
        """
        :param date anchor: the first day of the customer's membership, or None
        :return: the :class:`Period` of the customer and that of the pool at a moment
        """
        period = period_of(moment, rule.period, pytz.timezone(rule.tz), anchor)
        return period, (ENDLESS if rule.period == "membership" else period)

    @api.model
    def _get_anchors(self, rules, customer):
        """Who holds a type again is a member since the first time: a pause, or a membership that
        was cancelled in between, begins no new year.

        :return: the first day (date) of the membership that counts, by id of allocation
        """
        rules = [rule for rule in rules if rule.period == "membership"]
        if not rules or not customer:
            return {}
        type_ids = {grant.type_id for rule in rules for grant in rule.grants}
        first = dict(
            self.env["customer.type.assignment"]
            .sudo()
            ._read_group(
                Domain("partner_id", "=", customer.id)
                & Domain("type_id", "in", list(type_ids))
                & Domain("state", "!=", "scheduled"),
                ["type_id"],
                ["date_from:min"],
            )
        )
        days = {customer_type.id: day for customer_type, day in first.items()}
        return {
            rule.id: min((days[g.type_id] for g in rule.grants if g.type_id in days), default=None)
            for rule in rules
        }

    # -- Purchases of the past ---------------------------------------------

    def action_count_past(self):
        """Book what confirmed orders have taken since the date from which purchases count."""
        self.check_access("write")
        for allocation in self:
            reason = self.env._(
                "Purchases since %s", self._format_moment(allocation.count_from, allocation.tz)
            )
            for order in allocation._get_orders_to_count():
                order._sync_allocations(excuse=reason, past=allocation.id)
        return True

    def _get_orders_to_count(self):
        """:return: the confirmed orders that hold what this allocation covers"""
        self.ensure_one()
        covered = self.sudo()._get_covered_ids()
        domain = (
            Domain("state", "=", "sale")
            & Domain("order_id.date_order", ">=", self.count_from)
            & (
                Domain("product_id", "in", list(covered["variant"]))
                | Domain("product_id.product_tmpl_id", "in", list(covered["product"]))
            )
        )
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        lines = self.env["sale.order.line"].sudo().search(domain)
        return lines.order_id.sorted("date_order")

    # -- Carry-over --------------------------------------------------------

    @api.model
    def _cron_carry_over(self, batch_size=200):
        """Grant what is left of a period that has ended, once per customer and period."""
        progress = self.env["ir.cron"]._commit_progress
        allocations = self.search(Domain("carry_over", "=", True))
        progress(remaining=len(allocations))
        for allocation in allocations:
            try:
                is_done = allocation._carry_over(batch_size, progress)
            except Exception as error:
                self.env.cr.rollback()
                allocation._fail_to_carry_over(error)
                is_done = True
            if not is_done or not progress(1):
                break

    def _carry_over(self, batch_size=200, proceed=lambda: True):
        """
        :param int batch_size: how many customers are looked at together
        :param proceed: called after each batch; where it says no, the rest comes with the next call
        :return: whether all customers were looked at
        """
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        current = period_of(fields.Datetime.now(), self.period, zone)
        ended = period_of(current.start - timedelta(seconds=1), self.period, zone)
        if self.carried_until == current.start or ended.start < self._get_first_carried(zone):
            return True
        customers = self._get_grant_holders()
        failed = customers.browse()
        for start in range(0, len(customers), batch_size):
            batch = customers[start : start + batch_size]
            if not self._try_to_carry_over(batch, ended, current):
                # One customer in trouble must not keep all others waiting.
                failed += batch.filtered(
                    lambda customer: not self._try_to_carry_over(customer, ended, current)
                )
            if not proceed():
                return False
        if failed:
            self._fail_to_carry_over(", ".join(failed.mapped("display_name")))
        else:
            self.carried_until = current.start
        return True

    def _try_to_carry_over(self, customers, ended, current):
        """:return: whether it worked"""
        try:
            with self.env.cr.savepoint():
                self._carry_over_for(customers, ended, current)
        except Exception:
            _logger.warning("%s cannot be carried over for %s", self, customers, exc_info=True)
            return False
        return True

    def _fail_to_carry_over(self, why):
        """It is tried again with each run, and told once."""
        _logger.warning("%s could not be carried over: %s", self, why)
        summary = self.env._("What is left could not be carried over")
        if summary not in self.activity_ids.mapped("summary"):
            self._ask_responsible(summary, str(why))

    def _get_first_carried(self, zone):
        """Before the allocation counted for a whole period there is nothing to carry over."""
        return period_of(self.open_at or self.count_from, self.period, zone).start

    def _carry_over_for(self, customers, ended, current):
        rule = self._get_own_rule()
        moment = current.start - timedelta(seconds=1)
        # What waits for its money, or is kept in a cart, is not left.
        taken = {
            balance.partner_id.id: balance.used + balance.held
            for balance in self.env["sale.allocation.balance"]
            .sudo()
            .search(
                Domain("allocation_id", "=", self.id)
                & Domain("partner_id", "in", customers.ids)
                & Domain("period_start", "=", ended.start)
            )
        }
        grants = self.env["sale.allocation.grant"].sudo()
        done = grants.search(
            Domain("allocation_id", "=", self.id)
            & Domain("partner_id", "in", customers.ids)
            & Domain("origin", "=", "carry")
            & Domain("opens_at", "=", current.start)
        ).partner_id
        personal = grants._get_grants_by_partner(self, customers)
        type_ids = self._get_acting_type_ids(customers)
        expiry = fields.Datetime.add(current.start, days=self.carry_days)
        values = []
        for customer in customers - done:
            # What was carried over before is not carried over again.
            own = [grant for grant in personal.get(customer.id, ()) if grant.origin != "carry"]
            offer = decide(rule, own, type_ids[customer.id], moment)
            if offer.state != "open" or offer.maximum is None:
                continue
            left = min(offer.maximum - taken.get(customer.id, 0.0), self.carry_maximum)
            if left > 0:
                values.append(
                    {
                        "allocation_id": self.id,
                        "partner_id": customer.id,
                        "maximum": left,
                        "origin": "carry",
                        "opens_at": current.start,
                        "valid_until": min(expiry, current.end) if self.carry_days else current.end,
                        "reason": self.env._("Left at the end of the period"),
                    }
                )
        grants.create(values)

    # -- Whom it is about --------------------------------------------------

    def _get_grant_holders(self):
        """:return: the commercial partners with a grant, by themselves or by a type they hold; none
        of another company
        """
        self.ensure_one()
        partners = self.grant_ids.partner_id.sudo()
        found = partners.search(
            Domain("customer_type_ids", "in", self.grant_ids.customer_type_id.ids)
        )
        holders = partners | found.filtered(lambda p: p.commercial_partner_id == p)
        company = self.sudo().company_id
        return holders.filtered(lambda p: not (company and p.company_id) or p.company_id == company)

    def _get_acting_type_ids(self, customers):
        """Types that are limited to websites act wherever this allocation is sold on one of them.

        :return: ids of the types that act for customers, by id of the customer
        :rtype: dict
        """
        self.ensure_one()
        companies, websites = self.sudo().company_id, self.sudo().website_ids
        companies = companies or companies.search([])  # pylint: disable=no-search-all
        sites = websites or websites.search(Domain("company_id", "in", companies.ids))
        places = [(site.company_id, site) for site in sites]
        if not websites:
            places += [(company, None) for company in companies]
        type_ids = {customer.id: () for customer in customers}
        for company, website in places:
            policies = customers._get_customer_policies(company=company, website=website)
            for customer_id, policy in policies.items():
                type_ids[customer_id] += policy.type_ids
        return {customer_id: tuple(dict.fromkeys(ids)) for customer_id, ids in type_ids.items()}

    def _ask_responsible(self, summary, note=None):
        """Have a person look at this allocation.

        :param str summary: what it is about
        :param str note: the particulars
        """
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=note,
            user_id=(self.user_id or self.env.ref("base.user_admin")).id,
        )

    # -- Keeping the cache true --------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        allocations = super().create(vals_list)
        self._allocations_changed()
        return allocations

    def write(self, vals):
        self._check_counting(vals)
        without_pool = self.filtered(lambda allocation: not allocation.pool_quantity)
        res = super().write(vals)
        self._allocations_changed()
        # What was bought before there was a pool comes out of it.
        without_pool.filtered(lambda a: a.pool_quantity and a.balance_ids).action_count_past()
        return res

    def _check_counting(self, vals):
        """What was bought is counted in this unit and in these periods: in others it would be
        forgotten. Rolling days are told by the ledger, whatever their number.

        :raise UserError: where something was bought, and ``vals`` would change how it is counted
        """
        for allocation in self.filtered("is_booked"):
            fnames = ["uom_id", "period"]
            if allocation.period in CALENDAR_KINDS:
                fnames.append("tz")
            for fname in fnames:
                value = allocation[fname]
                if fname in vals and vals[fname] != (value.id if fname == "uom_id" else value):
                    raise UserError(
                        self.env._(
                            "Something was bought of %(name)s already: %(field)s cannot change any "
                            "more. Archive it and make a new one.",
                            name=allocation.name,
                            field=f"“{self._fields[fname]._description_string(self.env)}”",
                        )
                    )

    def unlink(self):
        res = super().unlink()
        self._allocations_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bought(self):
        if self.sudo().balance_ids:
            raise UserError(
                self.env._("Something was bought of it already. Archive the allocation instead.")
            )

    @api.model
    def _allocations_changed(self):
        """Hook: who may have what has changed."""
        self.env.registry.clear_cache()
        self._forget_quotas()

    # -- Words and buttons -------------------------------------------------

    @api.model
    def _format_moment(self, moment, tz):
        """:return: an instant (naive UTC datetime) in words, in a named zone"""
        return tools.format_datetime(self.env, moment, tz=tz, dt_format="EEEE d MMMM, HH:mm")

    def action_view_balances(self):
        """:return: an action that lists who has had how much"""
        return self._action_view("customer_type.sale_allocation_balance_action")

    def action_view_entries(self):
        """:return: an action that lists the ledger"""
        return self._action_view("customer_type.sale_allocation_entry_action")

    def _action_view(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("allocation_id", "=", self.id)]
        return action
