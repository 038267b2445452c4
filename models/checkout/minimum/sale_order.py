from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import float_round, format_amount

from odoo.addons.customer_type.models.policy.policy import PolicyIssue

from .order_limit import ORDER_MEASURES, OrderLimit


class SaleOrder(models.Model):
    _inherit = "sale.order"

    order_minimum_fee_outdated = fields.Boolean(
        compute="_compute_order_minimum_fee_outdated",
        compute_sudo=True,
        groups="base.group_user",
        help="Whether the small-order fee on this order is another than the one that is due.",
    )
    order_minimum_fee_sent = fields.Monetary(
        string="Small-order Fee When Sent",
        compute="_compute_order_minimum_fee_sent",
        store=True,
        compute_sudo=True,
        copy=False,
        groups="base.group_user",
        help="The small-order fee that was due when this quotation was sent. Whoever sent it "
        "decided whether to charge it.",
    )

    # -- Measuring ---------------------------------------------------------

    def _get_ordered_lines(self):
        """:return: the lines a customer chose: no delivery, fee, reward, discount, down payment"""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line._is_delivery()
                and not line.is_order_minimum_fee
                and not line.is_downpayment
                and not line.reward_id
                and not line._is_discount_line()
            )
        )

    def _get_order_limit_lines(self):
        """Hook: :return: the lines that count for order minimums and maximums"""
        money_ids = self.env["loyalty.program"]._get_payment_product_ids()
        return self._get_ordered_lines().filtered(
            lambda line: (
                line.product_id.id not in money_ids
                and not line.product_id.sudo().order_limit_exempt
            )
        )

    def _get_order_limit_discount_lines(self):
        """Hook: :return: the lines that take from what the ordered lines cost

        What a gift card or a wallet pays is money, and free delivery is part of the delivery.
        """
        return self.order_line.filtered(
            lambda line: (
                line._is_discount_line()
                and not line.reward_id.program_id.is_payment_program
                and line.reward_id.reward_type != "shipping"
            )
        )

    def _measure_order(self, measure):
        """:return: (what counts of this order, how it is rounded) in one of ``ORDER_MEASURES``"""
        self.ensure_one()
        lines = self._get_order_limit_lines()
        if measure == "amount":
            before = self._get_customer_policy().get("order_limit_discounts") == "before"
            if not before:
                lines += self._get_order_limit_discount_lines()
            counted = sum(line._get_order_limit_amount(before_discount=before) for line in lines)
            return counted, self.currency_id.rounding
        # A combo is counted by what it holds.
        lines = lines.filtered(lambda line: line.product_type != "combo")
        precision = self.env["decimal.precision"].precision_get
        if measure == "quantity":
            counted = sum(line._get_product_quantity() for line in lines)
            return counted, 10 ** -precision("Product Unit")
        counted = sum(line._get_product_quantity() * line.product_id.weight for line in lines)
        return counted, 10 ** -precision("Stock Weight")

    def _get_order_limits(self):
        """How this order stands against what the types of its customer ask for.

        :return: list of :class:`OrderLimit`, one for each measure that a type speaks about; without
            a query where none does
        """
        self.ensure_one()
        policy = self._get_customer_policy()
        limits = []
        for measure in ORDER_MEASURES:
            minimum = self._get_order_bound(policy, f"order_minimum_{measure}")
            maximum = self._get_order_bound(policy, f"order_maximum_{measure}")
            if not (minimum or maximum):
                continue
            counted, rounding = self._measure_order(measure)

            def above_zero(value, rounding=rounding):
                return max(float_round(value, precision_rounding=rounding), 0.0)

            limits.append(
                OrderLimit(
                    measure=measure,
                    minimum=minimum,
                    maximum=maximum,
                    counted=float_round(counted, precision_rounding=rounding),
                    missing=above_zero(minimum - counted) if minimum else 0.0,
                    excess=above_zero(counted - maximum) if maximum else 0.0,
                )
            )
        return limits

    def _get_order_bound(self, policy, fname):
        """:return: a minimum, maximum or fee of the policy, amounts in this order's currency"""
        if self.env["customer.type"]._fields[fname].type != "monetary":
            return policy.get(fname) or 0.0
        table = self.env["customer.type.order.limit"]._get_table()
        decision = policy.decisions.get(fname)
        said = {}
        if decision:
            said = dict.fromkeys(decision.type_ids, decision.value)
            said |= {voice.type_id: voice.value for voice in decision.overruled}
        amounts = []
        for type_id in policy.type_ids:
            own = table.get((type_id, self.currency_id.id), {}).get(fname)
            if own:
                amounts.append(own)
            elif type_id in said:
                amounts.append(self.currency_id.round(said[type_id] * self.currency_rate))
        strategies = self.env["customer.type"]._policy_strategies()
        merge = max if strategies[fname] == "max" else min
        return merge(amounts, default=0.0)

    def _format_order_measure(self, measure, value):
        """:return: an amount, a quantity or a weight in words, as the customer reads it"""
        if measure == "amount":
            return format_amount(self.env, value, self.currency_id)
        if measure == "quantity":
            return self.env._("%s units", f"{value:.10g}")
        weight_uom = self.env["product.template"]._get_weight_uom_name_from_ir_config_parameter()
        return f"{value:.10g}\N{NO-BREAK SPACE}{weight_uom}"

    # -- The order gate ----------------------------------------------------

    def _get_policy_issues(self, stage):
        return super()._get_policy_issues(stage) + self.sudo()._get_order_limit_issues(stage)

    @api.depends("order_line.price_total", "order_line.product_uom_qty", "currency_id")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    def _get_order_limit_issues(self, stage):
        """:return: what the order gate has to say about the size of this order"""
        limits = self._get_order_limits()
        if not limits and not self._get_order_minimum_fee_lines():
            return []
        issues = []
        if self._get_ordered_lines():
            issues += [self._prepare_maximum_issue(limit) for limit in limits if limit.excess]
            issues += [self._prepare_minimum_issue(limit) for limit in limits if limit.missing]
        return issues + self._get_order_minimum_fee_issues(stage)

    def _prepare_maximum_issue(self, limit):
        return PolicyIssue(
            code="order_maximum",
            level="block",
            message=self.env._(
                "%(excess)s over your order maximum of %(maximum)s.",
                excess=self._format_order_measure(limit.measure, limit.excess),
                maximum=self._format_order_measure(limit.measure, limit.maximum),
            ),
            fix=self.env._("Take something out, or split the order."),
        )

    def _prepare_minimum_issue(self, limit):
        answer = self._get_below_minimum_answer()
        if answer == "fee":
            fix = self.env._(
                "Below it, a small-order fee of %s is added.",
                self._format_order_measure("amount", self._get_order_minimum_fee_rate()),
            )
        elif answer == "request":
            fix = self.env._("You may order; we will get back to you before we deliver.")
        else:
            fix = self.env._("Add something to place the order.")
        return PolicyIssue(
            code="order_minimum",
            level={"block": "block", "fee": "info", "request": "warning"}[answer],
            message=self.env._(
                "%(missing)s to your order minimum of %(minimum)s.",
                missing=self._format_order_measure(limit.measure, limit.missing),
                minimum=self._format_order_measure(limit.measure, limit.minimum),
            ),
            fix=fix,
            progress=limit.progress,
        )

    def _is_below_minimum(self):
        """:return: whether this order misses a minimum of its customer"""
        self.ensure_one()
        limits = self._get_order_limits()
        return any(limit.missing for limit in limits) and bool(self._get_ordered_lines())

    def _get_below_minimum_answer(self):
        """:return: what becomes of this order below a minimum: ``block``, ``fee`` or ``request``"""
        answer = self._get_customer_policy().get("order_below_minimum") or "block"
        if answer == "fee" and not self._get_order_minimum_fee_rate():
            return "block"
        return answer

    # -- The small-order fee -----------------------------------------------

    def _get_order_minimum_fee_lines(self):
        return self.order_line.filtered("is_order_minimum_fee")

    def _get_missing_for_free_shipping(self):
        """The fee for small orders does not make them big enough for free delivery."""
        fees = sum(self._get_order_minimum_fee_lines().mapped("price_total"))
        return self.currency_id.round(super()._get_missing_for_free_shipping() + fees)

    def _get_order_minimum_fee_product(self):
        """:return: the product that the fee is sold as, none where it has been deleted"""
        products = self.env["product.product"].sudo()
        if product_id := self._get_customer_policy().get("order_minimum_fee_product_id"):
            product = products.browse(product_id)
            if product.company_id in (product.company_id.browse(), self.company_id):
                return product
        return products.browse(
            self.env["ir.model.data"]._xmlid_to_res_id("customer_type.product_small_order_fee")
            or ()
        )

    def _get_order_minimum_fee_rate(self):
        """:return: the fee of an order below the minimum, in the order's currency"""
        if not self._get_order_minimum_fee_product():
            return 0.0
        return self._get_order_bound(self._get_customer_policy(), "order_minimum_fee")

    def _get_due_order_minimum_fee(self):
        """:return: the fee that is due on this order as it stands, in its currency"""
        self.ensure_one()
        if self._get_below_minimum_answer() != "fee" or not self._is_below_minimum():
            return 0.0
        return self._get_order_minimum_fee_rate()

    def _get_order_minimum_fee_difference(self):
        """:return: what is due and not on the order, negative where the order has too much of it"""
        lines = self._get_order_minimum_fee_lines()
        charged = sum(
            line.price_unit * line.product_uom_qty * (1 - line.discount / 100) for line in lines
        )
        return self.currency_id.round(self._get_due_order_minimum_fee() - charged)

    @api.depends("order_line.price_total", "partner_id", "currency_id", "state", "website_id")
    def _compute_order_minimum_fee_outdated(self):
        for order in self:
            order.order_minimum_fee_outdated = (
                order.state in ("draft", "sent")
                and bool(order.partner_id)
                and bool(order._get_order_minimum_fee_difference())
            )

    def _get_order_minimum_fee_issues(self, stage):
        """:return: an issue where the fee on this order is not the one that is due

        A cart follows by itself on every page, so only a payment can meet an outdated one.
        """
        difference = self._get_order_minimum_fee_difference()
        is_cart = self._is_cart()
        if not difference or (is_cart and stage in ("cart", "checkout")):
            return []
        if is_cart:
            is_block = difference > 0 or stage == "payment"
        else:
            is_block = difference > 0 and not self._is_order_minimum_fee_decided()
        if difference > 0:
            message = self.env._(
                "A small-order fee of %s is due on this order.",
                self._format_order_measure("amount", self._get_due_order_minimum_fee()),
            )
        else:
            message = self.env._("The small-order fee of this order is no longer due.")
        return [
            PolicyIssue(
                code="order_minimum_fee",
                level="block" if is_block else "warning",
                message=message,
                fix=self.env._("Please load the page again.")
                if is_cart
                else self.env._("Bring the fee up to date."),
            )
        ]

    @api.depends("state")
    def _compute_order_minimum_fee_sent(self):
        """Stays as it was at the moment of sending, whatever changes later."""
        for order in self:
            if order.state == "sent":
                order.order_minimum_fee_sent = order._get_due_order_minimum_fee()
            elif order.state == "draft":
                order.order_minimum_fee_sent = 0.0

    def _is_order_minimum_fee_decided(self):
        """:return: whether a person decided on the fee of this quotation: typed another one, or
        sent the quotation knowing what was due
        """
        if self._get_order_minimum_fee_lines():
            return True
        due = self._get_due_order_minimum_fee()
        sent = self.sudo().order_minimum_fee_sent
        return self.state == "sent" and self.currency_id.compare_amounts(due, sent) <= 0

    def _update_order_minimum_fee(self):
        """Add, change or remove the small-order fee, so that these orders have what is due."""
        for order in self:
            lines = order._get_order_minimum_fee_lines()
            due = order._get_due_order_minimum_fee()
            if not due:
                lines.unlink()
            elif not lines:
                order.order_line = [Command.create(order._prepare_order_minimum_fee_values(due))]
            elif order._get_order_minimum_fee_difference():
                (lines - lines[0]).unlink()
                lines[0].write({"price_unit": due, "product_uom_qty": 1.0, "discount": 0.0})

    def _prepare_order_minimum_fee_values(self, amount):
        """:return: values of the line that charges a fee of ``amount``, in the order's currency"""
        product = self._get_order_minimum_fee_product().with_context(lang=self._get_lang())
        return {
            "product_id": product.id,
            "name": product.get_product_multiline_description_sale(),
            "product_uom_qty": 1.0,
            "price_unit": amount,
            "technical_price_unit": amount,
            "is_order_minimum_fee": True,
            "sequence": self._get_order_minimum_fee_sequence(),
        }

    def _get_order_minimum_fee_sequence(self):
        """:return: the place of the fee: last, but above what is only offered as an option"""
        options = self.order_line.filtered("is_optional")
        if options:
            return min(options.mapped("sequence")) - 1
        return max(self.order_line.mapped("sequence"), default=0) + 1

    def action_update_order_minimum_fee(self):
        """Bring the small-order fee of these quotations up to date."""
        self.check_access("write")
        self.filtered(lambda o: o.state in ("draft", "sent"))._update_order_minimum_fee()
        return True

    def _get_displayed_order_minimum_fee(self):
        """:return: the fee on this order, with or without taxes as its website shows its prices"""
        self.ensure_one()
        lines = self._get_order_minimum_fee_lines()
        return sum(line._get_cart_display_price() for line in lines)

    # -- A cart always has the fee that is due -----------------------------

    def _get_bought_lines(self):
        return super()._get_bought_lines() - self._get_order_minimum_fee_lines()

    def _verify_cart_after_update(self):
        res = super()._verify_cart_after_update()
        self._follow_order_minimum()
        return res

    def _verify_cart(self):
        res = super()._verify_cart()
        self._follow_order_minimum()
        return res

    def _recompute_prices(self):
        res = super()._recompute_prices()
        self._follow_order_minimum()
        return res

    def _follow_order_minimum(self):
        """Bring the fee up to date on those of these orders that are open carts."""
        for cart in self.filtered(lambda order: order._is_cart()):
            total = cart.amount_total
            cart._update_order_minimum_fee()
            payments = cart.order_line.reward_id.program_id.filtered("is_payment_program")
            if payments and cart.amount_total != total:
                # What a gift card or a wallet pays depends on what there is to pay.
                cart._update_programs_and_rewards()

    def _cart_update_line_quantity(self, line_id, quantity, **kwargs):
        fee = self._get_order_minimum_fee_lines().filtered(lambda line: line.id == line_id)
        if fee:
            return {
                "added_qty": 0,
                "line_id": fee.id,
                "quantity": fee.product_uom_qty,
                "warning": self.env._("The small-order fee goes when the order minimum is met."),
            }
        return super()._cart_update_line_quantity(line_id, quantity, **kwargs)

    def _get_update_prices_lines(self):
        return (
            super()._get_update_prices_lines().filtered(lambda line: not line.is_order_minimum_fee)
        )

    def _get_no_effect_on_threshold_lines(self):
        return super()._get_no_effect_on_threshold_lines() + self._get_order_minimum_fee_lines()

    def _get_not_rewarded_order_lines(self):
        return super()._get_not_rewarded_order_lines() - self._get_order_minimum_fee_lines()

    # -- Asking the salesperson --------------------------------------------

    def _action_confirm(self):
        requests = self._filter_below_minimum_on_request()
        res = super()._action_confirm()
        for order, words in requests.items():
            order._ask_staff(order.env._("Ordered below the minimum"), words)
        return res

    def _filter_below_minimum_on_request(self):
        """:return: what somebody has to look at, by order, among those that customers confirm"""
        if not self.env.su:
            return {}
        requests = {}
        for order in self:
            if order._get_below_minimum_answer() == "request":
                missing = [limit for limit in order._get_order_limits() if limit.missing]
                if missing and order._get_ordered_lines():
                    issues = map(order._prepare_minimum_issue, missing)
                    requests[order] = "\n".join(issue.message for issue in issues)
        return requests
