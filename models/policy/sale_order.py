from collections import defaultdict
from contextlib import closing

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.http import request
from odoo.tools import format_amount

from .own_context import YES, is_own_word

# For how long a payment that was begun, and of which nothing was heard since, may still come.
PAYMENT_MINUTES = 30


class PolicyAnswers(dict):
    """What the order gate has said already. Nobody can send one by RPC."""


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_type_id = fields.Many2one(
        "customer.type",
        compute="_compute_customer_type_id",
        store=True,
        precompute=True,
        compute_sudo=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The strongest type of the customer. Once the order is confirmed it stays as it was.",
    )
    policy_reason = fields.Char(
        string="Decided by", compute="_compute_policy_reason", groups="base.group_user"
    )
    policy_issues_html = fields.Html(
        compute="_compute_policy_issues_html", groups="base.group_user", sanitize=False
    )
    policy_override_reason = fields.Text(
        string="Why the policy was overridden",
        copy=False,
        readonly=True,
        groups="customer_type.group_override",
    )
    # Nobody accepts an issue but through the wizard, which asks for the reason.
    policy_override_keys = fields.Json(copy=False, groups=fields.NO_ACCESS)
    policy_pending = fields.Boolean(
        string="Types Changed During Payment",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What the customer gets changed while they may have been paying this cart. It stays "
        "as it was until the payment has come, or the customer goes on without it.",
    )

    # -- The cart ----------------------------------------------------------

    def _is_cart(self):
        """:return: whether the customer is still shopping"""
        self.ensure_one()
        return bool(self.website_id) and self.state == "draft"

    def _is_of_colleague(self):
        """:return: whether the customer is one of the company's own users"""
        self.ensure_one()
        if self.partner_id == self.env.user.partner_id:
            return self.env.user._is_internal()
        return any(user._is_internal() for user in self.partner_id.sudo().user_ids)

    @api.model
    def _is_read_by_customer(self):
        """:return: whether it is a customer who reads what is said about this order; the portal
        opens documents in the name of the system
        """
        return (request.env if request and request.env.uid else self.env).user.share

    def _add_shop_warning(self, message):
        """Show a message at the top of the cart, after those that wait there already."""
        self.ensure_one()
        if message not in (self.shop_warning or ""):
            self.shop_warning = "\n".join(filter(None, [self.shop_warning, message]))

    # -- While it is being paid --------------------------------------------

    def _is_being_paid(self):
        """:return: whether the customer may just be paying this cart, as it stands, at a provider.
        Odoo keeps for ever what was begun and given up, so only for a while.
        """
        self.ensure_one()
        since = fields.Datetime.subtract(fields.Datetime.now(), minutes=PAYMENT_MINUTES)
        return self._is_cart() and any(
            tx.state == "draft"
            and tx.last_state_change >= since
            and tx.currency_id == self.currency_id
            and self.currency_id.compare_amounts(tx.amount, self.amount_total) == 0
            for tx in self.sudo().transaction_ids
        )

    def _get_bought_lines(self):
        """Hook: the lines that customers choose, and not what comes and goes with these by itself;
        what is on a card that they had, money or points, is spent here.
        """
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and (not line.reward_id or line.coupon_id.order_id != self)
            )
        )

    def _get_bought(self):
        """Hook: what customers choose, and where it goes: who changes that buys something else.

        :return: dict, to be stored as JSON
        """
        self.ensure_one()
        address = self.partner_shipping_id
        return {
            "lines": sorted(
                [
                    line.product_id.id,
                    line.product_uom_id.id,
                    line.product_uom_qty,
                    line.product_no_variant_attribute_value_ids.sorted("id").ids,
                ]
                for line in self._get_bought_lines()
            ),
            "to": [address.id, address.country_id.id, address.state_id.id, address.zip or ""],
            "fiscal_position": self.fiscal_position_id.id,
        }

    def _get_payment_stamp(self):
        """What a payment is told of this order when it is begun.

        :return: dict with ``total``, ``required`` (what is to be paid of it, so that it is
            confirmed) and ``bought``, to be stored as JSON
        """
        return {
            "total": self.amount_total,
            "required": self._get_prepayment_required_amount(),
            "bought": self._get_bought(),
        }

    def _get_paid_transactions(self):
        """:return: the payments by which money has moved, or is sure to"""
        self.ensure_one()
        return self.sudo().transaction_ids.filtered(lambda tx: tx.state in ("authorized", "done"))

    def _get_paid(self):
        """:return: what has been paid, as a float in the currency of this order. Not by Odoo's own
        field, which does not follow the states of transactions.
        """
        return sum(self._get_paid_transactions().mapped("amount"))

    def _is_confirmation_amount_reached(self):
        return super()._is_confirmation_amount_reached() or self._is_paid_as_begun()

    def _is_paid_as_begun(self):
        """:return: whether what was paid was enough for the same things when the payment was begun:
        what prices did since is nothing that the customer could have known
        """
        enough = self._get_paid_transactions().filtered(lambda tx: tx._is_enough_as_begun())
        return bool(enough) and self.sudo()._get_bought() in [
            transaction.order_stamp["bought"] for transaction in enough
        ]

    def _get_change_since_payment(self):
        """:return: what has become of this order since the customer began to pay, in words, or an
        empty string
        """
        words = []
        if self.policy_pending:
            words.append(
                self.env._("The customer's types changed during the payment; prices did not.")
            )
        for transaction in self._get_paid_transactions():
            if not (stamp := transaction.order_stamp):
                continue
            # Customers pay in the currency that the order had then.
            currency = transaction.currency_id
            if currency != self.currency_id or currency.compare_amounts(
                stamp["total"], self.amount_total
            ):
                words.append(
                    self.env._(
                        "It came to %(then)s when the payment of %(paid)s was begun, and comes to "
                        "%(now)s.",
                        then=format_amount(self.env, stamp["total"], currency),
                        paid=format_amount(self.env, transaction.amount, currency),
                        now=format_amount(self.env, self.amount_total, self.currency_id),
                    )
                )
        return "\n".join(words)

    # -- Following the customer --------------------------------------------

    def _reconsider_policy(self):
        """What the customers of these orders get has changed. What is just being paid stays as it
        is: the customer pays what they were shown.
        """
        paying = self.filtered(lambda order: order._is_being_paid())
        paying.policy_pending = True
        (self - paying).filtered("policy_pending").policy_pending = False
        (self - paying)._follow_customer_policy()

    def _follow_customer_policy(self):
        """Hook: bring those of these orders that are carts in line with what their customers get
        today, and mark the others, which are the word of a person.
        """

    def _stop_waiting_for_payment(self):
        """The customers of these carts go on: what had to wait comes now."""
        waiting = self.filtered("policy_pending")
        waiting.policy_pending = False
        waiting._follow_customer_policy()

    # -- Policy and type ---------------------------------------------------

    def _get_customer_policy(self):
        """What the customer of this order gets today, in its company and on its website.

        :rtype: CustomerPolicy
        """
        self.ensure_one()
        return self._answer_once("policy", self._resolve_customer_policy)

    def _resolve_customer_policy(self):
        # A contact shows what the company holds, and has been read.
        return self.partner_id._get_customer_policy(
            company=self.company_id, website=self.website_id
        )

    @api.depends("partner_id", "company_id", "website_id", "state")
    def _compute_customer_type_id(self):
        for order in self:
            if order.state in (False, "draft", "sent"):
                order.customer_type_id = order._get_customer_policy().type_id

    def _restamp_customer_type(self):
        """Bring the type stamp of orders that are not confirmed up to date."""
        self.env.add_to_compute(self._fields["customer_type_id"], self)

    def _action_confirm(self):
        # Last moment before the stamp is frozen: the type may have changed since the quotation.
        for order in self.sudo():
            order.customer_type_id = order._get_customer_policy().type_id
        return super()._action_confirm()

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["customer_type_id"] = self.sudo().customer_type_id.id
        return values

    # -- Explain -----------------------------------------------------------

    def _get_own_policy_values(self):
        """Hook: what this order carries now, whoever put it there.

        :return: value, as the policy has it (ids, numbers, keys), by name of policy field
        :rtype: dict
        """
        self.ensure_one()
        return {}

    def _get_own_policy_source(self, fname):
        """Hook: who put on this order what it carries for a policy field, in the user's words."""
        self.ensure_one()
        return self.env._("Set on this order")

    def _get_default_policy_values(self):
        """Hook: what Odoo alone would have put on this order, by name of policy field."""
        self.ensure_one()
        return {}

    @api.depends("partner_id", "company_id", "website_id", "state")
    def _compute_policy_reason(self):
        """Say in one line who decided what this order carries, while it is typed."""
        explain = self.env["customer.policy.explain"]
        for order in self:
            carried = order._get_own_policy_values().keys() if order.partner_id else ()
            partner = order.partner_id.commercial_partner_id
            settings = defaultdict(list)
            for row in explain._explain(
                order._get_customer_policy(), partner, order.company_id, order
            ):
                if row["fname"] in carried:
                    settings[row["decided_by"]].append(row["setting"])
            order.policy_reason = " · ".join(
                f"{', '.join(names)}: {who}" for who, names in settings.items()
            )

    def action_explain_policy(self):
        """:return: an action that shows what this order gets, and why"""
        self.ensure_one()
        return self.env["customer.policy.explain"]._open(self)

    # -- The order gate ----------------------------------------------------

    def _get_policy_issues(self, stage):
        """Hook: why this order may not, or should not, go on. Every door asks here.

        :param str stage: ``cart``, ``checkout``, ``payment`` or ``confirm``
        :return: list of :class:`PolicyIssue`
        """
        self.ensure_one()
        return []

    def _asking_gate_once(self):
        """:return: this order for a page that shows it and changes nothing, and asks at several
        places
        """
        return self.with_context(policy_answers=PolicyAnswers())

    def _answer_once(self, question, find_out, *args):
        """:return: what ``find_out`` says, asked once for :meth:`_asking_gate_once`"""
        known = self.env.context.get("policy_answers")
        if not isinstance(known, PolicyAnswers):
            return find_out(*args)
        key = self.id, question
        if key not in known:
            known[key] = find_out(*args)
        return known[key]

    def _ask_gate(self, stage):
        """:return: what :meth:`_get_policy_issues` says, which is overridden and not called"""
        return self._answer_once(stage, self._get_policy_issues, stage)

    def _get_policy_blocks(self, stage):
        """:return: the issues that stop this order at that stage and that nobody has overridden"""
        accepted = self.sudo().policy_override_keys or []
        return [
            issue
            for issue in self._ask_gate(stage)
            if issue.level == "block" and issue.key not in accepted
        ]

    def _get_acceptance_stage(self):
        """:return: what the customer of this quotation is about to do: who signs and then pays
        confirms nothing by signing
        """
        return "payment" if self._has_to_be_paid() else "confirm"

    def _get_acceptance_blocks(self, is_paid=False):
        """
        :param bool is_paid: whether a payment link asks for money, as the quotation may not
        :return: the issues over which the customer could not accept this quotation now
        """
        self.ensure_one()
        if is_paid and self.state in ("draft", "sent"):
            return self._get_policy_blocks("payment")
        if not (self._has_to_be_signed() or self._has_to_be_paid()):
            return []
        return self._get_policy_blocks(self._get_acceptance_stage())

    def _get_policy_error(self, stage):
        """:return: what stops this order at that stage, in words, or False"""
        return "\n".join(issue.text for issue in self._get_policy_blocks(stage)) or False

    @api.depends("order_line", "partner_id", "state", "pricelist_id", "payment_term_id")
    def _compute_policy_issues_html(self):
        for order in self:
            issues = []
            if order.state in ("draft", "sent") and order.partner_id:
                issues = order._get_policy_issues("confirm")
            order.policy_issues_html = bool(issues) and self.env["ir.qweb"]._render(
                "customer_type.policy_issues",
                {"issues": issues, "accepted": order.sudo().policy_override_keys or []},
            )

    def _is_cart_ready(self):
        return super()._is_cart_ready() and not (self and self._get_policy_blocks("cart"))

    def _is_express_checkout_ready(self):
        """:return: whether this cart may be paid in one click, past all the steps of checkout"""
        return self._is_cart_ready() and not self._get_policy_blocks("payment")

    def _check_cart_is_ready_to_be_paid(self):
        if self.policy_pending:
            # Another payment was begun from a page that does not know yet.
            raise ValidationError(
                self.env._("Your prices have changed. Please load the page again.")
            )
        self._check_policy("payment")
        return super()._check_cart_is_ready_to_be_paid()

    def _check_policy(self, stage):
        """:raise ValidationError: saying why one of these orders may not go on"""
        for order in self:
            if error := order._get_policy_error(stage):
                raise ValidationError(error)

    def _is_paid_for(self):
        """:return: whether money has moved for this order, so that it must not be refused"""
        self.ensure_one()
        return bool(self._get_paid_transactions()) and self._is_confirmation_amount_reached()

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._get_confirmation_refusal()

    def _get_confirmation_refusal(self):
        """:return: why this order may not be confirmed, in words, or False"""
        self.ensure_one()
        return not self._is_paid_for() and self._get_policy_error("confirm")

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raise UserError: where somebody creates an order as confirmed that may not be
        """
        if self._is_gate_to_be_asked():
            state = self.env.context.get("default_state")
            confirmed = [vals for vals in vals_list if vals.get("state", state) == "sale"]
            self._refuse_created_confirmation(confirmed)
        return super().create(vals_list)

    @api.model
    def _refuse_created_confirmation(self, vals_list):
        """Ask the gate of quotations that are made for that and then undone: an order that is made
        as confirmed has taken from credit and allocations before it could be asked. Each of several
        may have what all together may not.

        :raise UserError: saying why orders of these values may not be confirmed
        """
        if not vals_list:
            return
        quotations = self.with_context(tracking_disable=True, mail_auto_subscribe_no_notify=True)
        with closing(self.env.cr.savepoint()):
            for vals in vals_list:
                quotations.create({**vals, "state": "draft"}).write({"state": "sale"})

    def write(self, vals):
        """
        :raise UserError: where somebody writes an order to be confirmed that may not be
        """
        if vals.get("state") != "sale" or not self._is_gate_to_be_asked():
            return super().write(vals)
        self.check_access("write")
        confirmed = self.filtered(lambda order: order.state != "sale")
        others = {fname: value for fname, value in vals.items() if fname != "state"}
        if confirmed and others:
            # The rules are about the order as it will be, but not yet confirmed.
            super().write(others)
        for order in confirmed:
            # Each alone may have what all together may not.
            order._refuse_confirmation()
            super(SaleOrder, order).write({"state": "sale"})
        return bool(confirmed) or super().write(vals)

    def _is_gate_to_be_asked(self):
        """:return: whether a confirmation comes from a person, past the button to confirm"""
        return not self.env.su and not is_own_word(self.env, "policy_gate_asked")

    def _refuse_confirmation(self):
        """:raise UserError: saying why this order may not be confirmed"""
        if error := self._get_confirmation_refusal():
            raise UserError(error)

    def action_confirm(self):
        if len(self) == 1 and self._may_override_policy():
            error = self._get_policy_error("confirm")
            if error and not self._is_paid_for() and self.state in ("draft", "sent"):
                raise RedirectWarning(
                    error,
                    self.env["sale.order.policy.override"]._prepare_action(self),
                    self.env._("Confirm all the same"),
                )
        # Odoo gives a confirmed order the date, and so the exchange rate, of today: what was paid
        # stands as it was when it was paid.
        objections = self._get_objections_to_paid()
        asked = self.with_context(policy_gate_asked=YES)
        res = super(SaleOrder, asked).action_confirm()
        for order, words in objections.items():
            order._ask_staff(
                order.env._("Paid, but against the customer's policy"),
                words,
                activity_type="mail.mail_activity_data_warning",
            )
        return res

    def _may_override_policy(self):
        """:return: whether the user, in person, may confirm over a block"""
        return not self.env.su and self.env.user.has_group("customer_type.group_override")

    def _override_policy(self, reason):
        """Accept the blocks that stand today, and no others, for a reason that is logged.

        :param str reason: why
        """
        self.ensure_one()
        blocks = self._get_policy_blocks("confirm")
        self.policy_override_reason = reason
        order = self.sudo()
        order.policy_override_keys = [
            *(order.policy_override_keys or []),
            *(issue.key for issue in blocks),
        ]
        self.message_post_with_source(
            "customer_type.policy_override_message",
            render_values={"issues": blocks, "reason": reason},
            subtype_xmlid="mail.mt_note",
        )

    def _get_objections_to_paid(self):
        """What turned bad between payment and confirmation, for a person to look at.

        :return: what the order gate says, and what else has changed, in words, by order that is
            paid for
        :rtype: dict
        """
        paid = self.sudo().filtered(lambda o: o.state in ("draft", "sent") and o._is_paid_for())
        objections = {}
        for order in paid:
            words = (order._get_policy_error("confirm"), order._get_change_since_payment())
            if any(words):
                objections[order] = "\n".join(filter(None, words))
        return objections

    def _ask_staff(self, summary, note=None, activity_type="mail.mail_activity_data_todo"):
        """Have a person look at this order: whatever a customer may ask, or has done.

        :param str summary: what it is about
        :param str note: the particulars
        :param str activity_type: XML id of the mail.activity.type
        """
        self.ensure_one()
        self.activity_schedule(
            activity_type,
            summary=summary,
            note=note,
            user_id=self._get_policy_responsible().id,
        )

    def _get_policy_responsible(self):
        """:return: the user who looks at it; never the customer, in whose name this may run"""
        self.ensure_one()
        overriders = self.env.ref("customer_type.group_override").sudo().all_user_ids
        return (
            self.user_id.filtered("active")
            or self.team_id.user_id.filtered("active")
            or overriders.filtered(lambda u: u.active and self.company_id in u.company_ids)[:1]
        )
