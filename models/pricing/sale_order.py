from odoo import api, fields, models
from odoo.tools import format_amount

from ..policy.policy import PolicyIssue

# What the policy puts on an order, and where the order remembers what it was given.
_GIVEN_FIELDS = {
    "pricelist_id": "policy_pricelist_id",
    "payment_term_id": "policy_payment_term_id",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    policy_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List by Policy",
        compute="_compute_policy_terms",
        store=True,
        precompute=True,
        compute_sudo=True,
        readonly=False,
        groups="base.group_user",
        help="What the customer was entitled to when this order was typed or last brought up to "
        "date. Where the order has another price list, a person chose it.",
    )
    policy_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms by Policy",
        compute="_compute_policy_terms",
        store=True,
        precompute=True,
        compute_sudo=True,
        readonly=False,
        groups="base.group_user",
    )
    policy_outdated = fields.Boolean(
        string="To Reprice",
        compute="_compute_policy_outdated",
        store=True,
        compute_sudo=True,
        copy=False,
        groups="base.group_user",
        help="What the customer gets has changed since this quotation was made.",
    )
    policy_changes = fields.Char(
        string="What would change", compute="_compute_policy_changes", groups="base.group_user"
    )

    # -- Price list and payment terms --------------------------------------

    def _grouped_by_door(self):
        """:return: these orders by (company, website) they are placed in"""
        return self.grouped(lambda order: (order.company_id, order.website_id))

    def _compute_pricelist_id(self):
        for website, orders in self.grouped("website_id").items():
            there = orders.with_context(policy_website_id=website.id)
            super(SaleOrder, there)._compute_pricelist_id()

    def _compute_payment_term_id(self):
        super()._compute_payment_term_id()
        for (company, website), orders in self._grouped_by_door().items():
            terms = orders.partner_id._get_policy_payment_terms(company, website)
            for order in orders:
                if term := terms.get(order.partner_id.id):
                    order.payment_term_id = term

    def _get_policy_terms(self):
        """What a new order of the same customer, in the same place, would get today.

        :return: by order, a dict with the records ``pricelist_id`` and ``payment_term_id``
        """
        result = {}
        for (company, website), orders in self._grouped_by_door().items():
            partners = orders.partner_id.sudo().with_company(company)
            terms = partners._get_policy_payment_terms(company, website)
            usual_term = self._get_usual_payment_term(company, website)
            partners = partners.with_context(policy_website_id=website.id)
            pricelists = {p.id: p.property_product_pricelist for p in partners}
            for order in orders:
                result[order] = {
                    "pricelist_id": pricelists.get(order.partner_id.id, self.pricelist_id.browse()),
                    "payment_term_id": terms.get(order.partner_id.id) or usual_term,
                }
        return result

    @api.model
    def _get_usual_payment_term(self, company, website):
        """:return: the payment terms of orders for whose customer nobody has said any"""
        return self.new({"company_id": company.id, "website_id": website.id}).payment_term_id

    # -- Following the customer --------------------------------------------

    @api.depends("partner_id", "company_id", "website_id")
    def _compute_policy_terms(self):
        for order, terms in self._get_policy_terms().items():
            order._remember_policy_terms(terms)

    def _remember_policy_terms(self, terms):
        """:param dict terms: what :meth:`_get_policy_terms` says of this order"""
        self.ensure_one()
        for fname, given_fname in _GIVEN_FIELDS.items():
            if self[given_fname] != terms[fname]:
                self[given_fname] = terms[fname]

    @api.depends("partner_id", "pricelist_id", "payment_term_id", "state")
    def _compute_policy_outdated(self):
        """A quotation that was outdated is so no more once somebody gives it what is due."""
        flagged = self.filtered("policy_outdated")
        (self - flagged).policy_outdated = False
        for order, terms in flagged._get_policy_terms().items():
            order.policy_outdated = bool(order._get_policy_changes(terms))

    @api.depends("policy_outdated", "pricelist_id", "payment_term_id")
    def _compute_policy_changes(self):
        outdated = self.filtered("policy_outdated")
        (self - outdated).policy_changes = False
        for order, terms in outdated._get_policy_terms().items():
            order.policy_changes = order._format_policy_changes(order._get_policy_changes(terms))

    def _get_policy_changes(self, terms):
        """What is due on this order now, was not when it was made, and is not on it.

        What a person chose on the order stays: only a change of what is due is a change.

        :param dict terms: what :meth:`_get_policy_terms` says of this order
        :return: the records that would replace those on the order, by name of field
        :rtype: dict
        """
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return {}
        return {
            fname: record
            for fname, record in terms.items()
            if record not in (self[_GIVEN_FIELDS[fname]], self[fname])
        }

    def _is_behind_policy(self):
        """:return: whether something else is due on this order, see :meth:`_get_policy_changes`"""
        self.ensure_one()
        return bool(self._get_policy_changes(self._get_policy_terms()[self]))

    def _format_policy_changes(self, changes):
        """:return: the changes in words, as "Price List: Retail → Wholesale" """
        self.ensure_one()
        none = self.env._("none")
        return "; ".join(
            self.env._(
                "%(setting)s: %(old)s → %(new)s",
                setting=self._fields[fname]._description_string(self.env),
                old=self.sudo()[fname].display_name or none,
                new=record.sudo().display_name or none,
            )
            for fname, record in changes.items()
        )

    def _follow_customer_policy(self):
        super()._follow_customer_policy()
        self._follow_policy_terms()

    def _follow_policy_terms(self):
        """What the customers of these orders get has changed: carts follow, quotations are marked.

        A cart is an offer of the shop and shows what is due at any moment; a quotation is the word
        of a person, who decides whether it still stands.
        """
        changes_by_order = {}
        for order, terms in self._get_policy_terms().items():
            changes_by_order[order] = order._get_policy_changes(terms)
            if order._is_cart():
                order._apply_policy_changes(changes_by_order[order], tell_customer=True)
            if order._is_cart() or not changes_by_order[order]:
                order._remember_policy_terms(terms)
        quotations = self.filtered(lambda order: not order._is_cart())
        quotations._mark_outdated({o: changes_by_order[o] for o in quotations})

    def _apply_policy_changes(self, changes, tell_customer=False):
        """Put what is due on this order, and compute its prices again where they follow from it.

        :param dict changes: what :meth:`_get_policy_changes` says of this order
        :param bool tell_customer: say in the cart that prices have changed, if they have
        """
        self.ensure_one()
        if not changes:
            return
        before = self.currency_id, self.amount_untaxed
        self.write({fname: record.id for fname, record in changes.items()})
        if "pricelist_id" not in changes:
            return
        self._recompute_prices()
        if self.currency_id != before[0]:
            # The amount of the former currency means nothing; checkout asks for the price again.
            self._remove_delivery_line()
        if tell_customer and (self.currency_id, self.amount_untaxed) != before:
            self._add_shop_warning(
                self.with_context(lang=self._get_lang()).env._(
                    "Your prices have changed because your customer type changed."
                )
            )

    def _mark_outdated(self, changes_by_order):
        """Mark the quotations of which the customer would get something else today.

        :param dict changes_by_order: what :meth:`_get_policy_changes` says, by order
        """
        outdated = self.filtered(lambda order: changes_by_order[order])
        (self - outdated).filtered("policy_outdated").policy_outdated = False
        news = outdated.filtered(lambda order: not order.policy_outdated)
        news.policy_outdated = True
        news._message_log_batch(
            {
                order.id: self.env._(
                    "What the customer gets has changed. This quotation would now have: %s",
                    order._format_policy_changes(changes_by_order[order]),
                )
                for order in news
            }
        )

    def copy(self, default=None):
        orders = super().copy(default)
        # The copy has the price list and terms of its original, which may be years old.
        orders.sudo()._follow_policy_terms()
        return orders

    # -- Actions -----------------------------------------------------------

    def action_apply_policy(self):
        """Give these quotations what their customers get today, and compute their prices again."""
        self.check_access("write")
        for order, terms in self._get_policy_terms().items():
            changes = order._get_policy_changes(terms)
            words = order._format_policy_changes(changes)
            order._apply_policy_changes(changes)
            order._close_policy_question(terms)
            if words:
                order._message_log(body=self.env._("Brought up to date: %s", words))
        return True

    def action_keep_terms(self):
        """Let these quotations stand as they are, whatever their customers get today."""
        self.check_access("write")
        for order, terms in self._get_policy_terms().items():
            words = order._format_policy_changes(order._get_policy_changes(terms))
            order._close_policy_question(terms)
            if words:
                order._message_log(body=self.env._("Kept as it was, instead of: %s", words))
        return True

    def _close_policy_question(self, terms):
        self.ensure_one()
        self.sudo()._remember_policy_terms(terms)
        self.policy_outdated = False

    # -- Explain -----------------------------------------------------------

    @api.depends("pricelist_id", "payment_term_id")
    def _compute_policy_reason(self):
        return super()._compute_policy_reason()

    def _get_own_policy_values(self):
        return super()._get_own_policy_values() | {
            "pricelist_id": self.pricelist_id.id,
            "payment_term_id": self.payment_term_id.id,
        }

    def _get_own_policy_source(self, fname):
        given_fname = _GIVEN_FIELDS.get(fname)
        if given_fname and self[fname] == self[given_fname]:
            return self.env._("As it was when this order was made")
        return super()._get_own_policy_source(fname)

    def _get_default_policy_values(self):
        pricelists = self.pricelist_id.browse().with_company(self.company_id)
        pricelists = pricelists.with_context(without_customer_policy=True)
        partner_id = self.partner_id.id
        usual_term = self._get_usual_payment_term(self.company_id, self.website_id)
        return super()._get_default_policy_values() | {
            "pricelist_id": pricelists._get_partner_pricelist_multi([partner_id])[partner_id].id,
            "payment_term_id": usual_term.id,
        }

    # -- Hidden prices -----------------------------------------------------

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if stage != "confirm" and self._are_prices_hidden():
            issues.append(
                PolicyIssue(
                    code="price_hidden",
                    level="block",
                    message=self.website_id._get_hidden_price_refusal(),
                )
            )
        return issues

    def _are_prices_hidden(self):
        """Whether the customer may not see what this cart costs. A quotation is the word of a
        person, who has decided to name a price.
        """
        self.ensure_one()
        return (
            self._is_cart()
            and self._get_customer_policy().get("price_visibility") == "hidden"
            and not self._is_of_colleague()
        )

    def _filter_can_send_abandoned_cart_mail(self):
        """Nobody is invited back to a cart that would not be shown to them."""
        orders = super()._filter_can_send_abandoned_cart_mail()
        return orders.filtered(lambda order: not order._are_prices_hidden())

    # -- The public price --------------------------------------------------

    def _get_public_price_totals(self):
        """What the lines of this cart would cost a guest, taxed as the cart shows its prices.

        :return: amount in the currency of the order by line, for lines that cost less than that
        :rtype: dict
        """
        if not self or not self.website_id._compares_prices():
            return {}
        lines = self.website_order_line.filtered(lambda line: line._has_public_price())
        public_prices = self.website_id._get_public_prices(
            [
                (
                    line.product_id.with_context(**line._get_product_price_context()),
                    line.product_uom_qty,
                    line.product_uom_id,
                )
                for line in lines
            ]
        )
        totals = {
            line: line._get_public_price_total(public_price)
            for line, public_price in zip(lines, public_prices, strict=True)
        }
        return {
            line: total
            for line, total in totals.items()
            if self.currency_id.compare_amounts(total, line._get_cart_display_price()) > 0
        }

    def _get_public_saving_label(self):
        """:return: what the customer of this cart saves on the public prices, in words, or False"""
        totals = self._get_public_price_totals()
        public_total = sum(totals.values())
        saving = public_total - sum(line._get_cart_display_price() for line in totals)
        if not totals or self.currency_id.is_zero(saving):
            return False
        return format_amount(self.env, saving, self.currency_id)
