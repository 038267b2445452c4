from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, plaintext2html

from ..policy.policy import PolicyIssue

# What a line gets from its product, quantity and the terms of its order, and so has in common with
# every other line for which these are the same.
_RESOLVED_FIELDS = (
    "name",
    "product_uom_id",
    "tax_ids",
    "price_unit",
    "technical_price_unit",
    "discount",
    "analytic_distribution",
    "customer_lead",
)
_AMOUNT_FIELDS = ("amount_untaxed", "amount_tax", "amount_total")


class ClubBatch:
    """What a run knows of the orders it is working on. An object in the context, because nobody
    can send one by RPC.

    :ivar checked_ids: orders that the order gate has let pass in this very transaction
    :ivar charges_token: whether the orders are paid by token before they are confirmed
    :ivar has_promotions: whether there is any promotion that could apply to one of them
    """

    def __init__(self):
        self.checked_ids = frozenset()
        self.charges_token = False
        self.has_promotions = True


def get_club_batch(env):
    """:return: the :class:`ClubBatch` that is being worked on, or None"""
    batch = env.context.get("club_batch")
    return batch if isinstance(batch, ClubBatch) else None


class SaleOrder(models.Model):
    _inherit = "sale.order"

    club_shipment_id = fields.Many2one(
        "sale.club.shipment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    club_id = fields.Many2one(
        "sale.club",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    club_run_id = fields.Many2one(
        related="club_shipment_id.run_id", string="Club Run", groups="base.group_user"
    )
    club_member_id = fields.Many2one(
        related="club_shipment_id.member_id", string="Club Member", groups="base.group_user"
    )

    _club_shipment_uniq = models.UniqueIndex(
        "(club_shipment_id) WHERE club_shipment_id IS NOT NULL AND state != 'cancel'",
        "There is one order for each shipment.",
    )

    # -- Many orders at once -------------------------------------------------

    @api.model
    def _create_in_bulk(self, vals_list, contents):
        """Create orders with exactly the values that :meth:`create` would give each, for much less.

        Odoo makes the orders without lines, then the lines of the first order of each kind; what
        these get in prices, taxes and names is given to all other lines that would get the same.

        :param vals_list: values of the orders, without lines
        :param contents: for each order a list of ``(product id, quantity, discount)``, the discount
            in percent on top of what the price list gives
        :return: the orders, as quotations
        """
        # Looked up once instead of for each order.
        defaults = self._add_missing_default_values({})
        names = self._draw_names(len(vals_list))
        orders = self.create(
            [
                {**defaults, "name": name, **vals}
                for vals, name in zip(vals_list, names, strict=True)
            ]
        )
        lines_by_key = {}
        leaders, followers = [], []
        with_partner = self._has_analytic_partners()
        for order, content in zip(orders, contents, strict=True):
            order_key = order._get_resolution_key(with_partner)
            keys = [(order_key, *item) for item in content]
            if all(key in lines_by_key for key in keys):
                followers.append((order, keys))
                continue
            lines_by_key.update(dict.fromkeys(keys))
            leaders.append((order, keys))
        self._create_leading_lines(leaders, lines_by_key)
        self._create_following_lines(followers, leaders, lines_by_key)
        return orders

    @api.model
    def _draw_names(self, count):
        """:return: list of the next ``count`` numbers of orders in the current company"""
        sequences = self.env["ir.sequence"]
        sequence = sequences.search(
            [("code", "=", "sale.order"), ("company_id", "in", [self.env.company.id, False])],
            order="company_id",
            limit=1,
        )
        return [sequence._next() if sequence else self.env._("New") for _number in range(count)]

    @api.model
    def _create_leading_lines(self, leaders, lines_by_key):
        """Create lines as Odoo does, and remember the first of each key in ``lines_by_key``."""
        lines = self.env["sale.order.line"].create(
            [
                {"order_id": order.id, "product_id": product_id, "product_uom_qty": quantity}
                for order, keys in leaders
                for _order_key, product_id, quantity, _discount in keys
            ]
        )
        discounted = defaultdict(lines.browse)
        all_keys = [key for _order, keys in leaders for key in keys]
        for line, key in zip(lines, all_keys, strict=True):
            if discount := key[-1]:
                discounted[line._get_discount_with(discount)] += line
            lines_by_key[key] = lines_by_key[key] or line
        for discount, same in discounted.items():
            same.discount = discount

    @api.model
    def _create_following_lines(self, followers, leaders, lines_by_key):
        """Create lines with the values of those of the same key, and orders with their totals."""
        values_by_key = {key: line._get_resolved_values() for key, line in lines_by_key.items()}
        by_content = {tuple(keys): order for order, keys in leaders}
        twins = {
            order: by_content[tuple(keys)] for order, keys in followers if tuple(keys) in by_content
        }
        self._create_copied_lines(
            [
                {
                    "order_id": order.id,
                    "product_id": key[1],
                    "product_uom_qty": key[2],
                    **values_by_key[key],
                }
                for order, keys in followers
                for key in keys
            ],
            twins,
        )

    @api.model
    def _create_copied_lines(self, vals_list, twins):
        """Create lines of which all is known, and give the orders the totals that are known.

        :param vals_list: values of the lines
        :param dict twins: by order another one that has the very same lines, then
        """
        if not vals_list:
            return
        same_totals = defaultdict(self.browse)
        for order, twin in twins.items():
            same_totals[tuple(twin[fname] for fname in _AMOUNT_FIELDS)] += order
        amount_fields = [self._fields[fname] for fname in _AMOUNT_FIELDS]
        with self.env.protecting(amount_fields, self.union(*same_totals.values())):
            self.env["sale.order.line"].create(vals_list)
            for totals, orders in same_totals.items():
                for fname, total in zip(_AMOUNT_FIELDS, totals, strict=True):
                    orders[fname] = total

    def _get_resolution_key(self, with_partner):
        """Hook: what decides, beside product and quantity, about the values of the lines.

        :param bool with_partner: whether analytic distributions depend on the very customer
        :return: a tuple; two orders with the same key give the same line the same values
        """
        self.ensure_one()
        partner = self.partner_id
        return (
            self.company_id.id,
            self.currency_id.id,
            self.currency_rate,
            self.pricelist_id.id,
            self.fiscal_position_id.id,
            self.payment_term_id.id,
            self._get_lang(),
            tuple(sorted(partner.category_id.ids)),
            partner.id if with_partner else False,
        )

    @api.model
    def _has_analytic_partners(self):
        models_by_partner = self.env["account.analytic.distribution.model"].sudo()
        return bool(models_by_partner.search_count([("partner_id", "!=", False)], limit=1))

    # -- Delivery in bulk ----------------------------------------------------

    def _add_delivery_in_bulk(self, carrier):
        """Put a delivery on these orders, at the rate that Odoo gives each. What the carrier says
        of one order goes for those for which it would say the same.

        :param carrier: delivery.carrier
        :return: by order to which it does not deliver, the reason in words
        :rtype: dict
        """
        leaders, twins, refused = {}, {}, {}
        with_partner = self._has_analytic_partners()
        for order in self:
            key = carrier._get_rate_key(order)
            if key:
                key = (*key, order._get_resolution_key(with_partner), order._get_content_key())
                if key in leaders:
                    twins[order] = leaders[key]
                    continue
                leaders[key] = order
            rate = carrier.rate_shipment(order)
            if rate.get("success"):
                order.set_delivery_line(carrier, rate["price"])
            else:
                refused[order] = rate.get("error_message") or self.env._(
                    "%s does not deliver there.", carrier.name
                )
        refused |= {order: refused[twin] for order, twin in twins.items() if twin in refused}
        self._copy_deliveries(
            carrier, {order: twin for order, twin in twins.items() if order not in refused}
        )
        return refused

    @api.model
    def _copy_deliveries(self, carrier, twins):
        """:param dict twins: by order without a delivery one that is the same, but has it"""
        self.union(*twins).carrier_id = carrier
        delivery_values = {
            twin: [
                {
                    "product_id": line.product_id.id,
                    "product_uom_qty": line.product_uom_qty,
                    "is_delivery": True,
                    "sequence": line.sequence,
                    **line._get_resolved_values(),
                }
                for line in twin.order_line.filtered("is_delivery")
            ]
            for twin in set(twins.values())
        }
        self._create_copied_lines(
            [
                {"order_id": order.id, **values}
                for order, twin in twins.items()
                for values in delivery_values[twin]
            ],
            twins,
        )

    def _get_content_key(self):
        """:return: a tuple of what is on this order, and at what price"""
        self.ensure_one()
        return tuple(
            (line.product_id.id, line.product_uom_qty, line.price_unit, line.discount)
            for line in self.order_line
        )

    # -- Confirming in bulk --------------------------------------------------

    def _confirm_in_bulk(self):
        """Confirm those of these orders that the order gate lets pass, all at once.

        :return: by order that it does not, the reason in words; those stay quotations
        :rtype: dict
        """
        refused = self._get_gate_errors()
        passed = self - self.browse([order.id for order in refused])
        if passed:
            batch = get_club_batch(self.env)
            batch.has_promotions = passed._may_have_promotions()
            batch.checked_ids = frozenset(passed.ids)
            passed.action_confirm()
            batch.checked_ids = frozenset()
        return refused

    def _may_have_promotions(self):
        """:return: whether a promotion comes by itself for a product or customer of these orders"""
        cards = (
            self.env["loyalty.card"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("points", ">", 0),
                    ("program_id.program_type", "in", ("ewallet", "loyalty")),
                ],
                limit=1,
            )
        )
        if cards or self.order_line.coupon_id or self.coupon_point_ids:
            return True
        rules = self.env["loyalty.rule"].sudo()
        products = self.order_line.product_id.sudo()
        return any(
            products.filtered_domain(rule._get_valid_product_domain())
            for rule in rules.search([("mode", "=", "auto"), ("program_id.active", "=", True)])
        )

    def _get_gate_errors(self):
        """:return: by order that the order gate does not let pass, the reason in words"""
        return {order: error for order in self if (error := order._confirmation_error_message())}

    def _confirmation_error_message(self):
        batch = get_club_batch(self.env)
        if batch and self.id in batch.checked_ids:
            return False
        return super()._confirmation_error_message()

    def _update_programs_and_rewards(self):
        # Where there is no promotion at all there is none to look for, order by order.
        batch = get_club_batch(self.env)
        if batch and not batch.has_promotions:
            return None
        return super()._update_programs_and_rewards()

    def _goes_on_account(self):
        # The run confirms it only once the card is charged.
        batch = get_club_batch(self.env)
        return not (batch and batch.charges_token) and super()._goes_on_account()

    # -- What it says --------------------------------------------------------

    def _compute_note(self):
        res = super()._compute_note()
        for order in self.filtered(lambda order: order.sudo().club_shipment_id):
            if note := order.sudo().club_shipment_id.member_id._get_order_note():
                order.note = plaintext2html(note) + (order.note or "")
        return res

    # -- Joining -------------------------------------------------------------

    def _action_confirm(self):
        res = super()._action_confirm()
        self._join_clubs()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        self.sudo().club_shipment_id._follow_cancelled_orders()
        members = self.env["sale.club.member"].sudo()
        members.search(
            [("order_id", "in", self.ids), ("state", "in", members._open_states())]
        )._leave("cancelled", "order", self.env._("The order was cancelled"))
        return res

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        issues += self._get_club_minimum_issues()
        return issues

    def _get_club_minimum_issues(self):
        """:return: list of :class:`PolicyIssue`, about a shipment that comes to too little"""
        club = self.sudo().club_id
        if not club.minimum_amount:
            return []
        minimum = club.currency_id._convert(
            club.minimum_amount, self.currency_id, self.company_id, fields.Date.today()
        )
        lines = self.order_line.filtered(lambda line: not line.is_delivery)
        if self.currency_id.compare_amounts(sum(lines.mapped("price_subtotal")), minimum) >= 0:
            return []
        message = self.env._(
            "A shipment of %(club)s comes to at least %(amount)s.",
            club=club.name,
            amount=format_amount(self.env, minimum, self.currency_id),
        )
        return [PolicyIssue("club_minimum", "block", message)]

    def _join_clubs(self):
        """Make members of those who have bought a membership, once."""
        products = self.order_line.product_id
        clubs_by_product = products._get_clubs()
        for order in self.sudo() if clubs_by_product else ():
            for line in order.order_line:
                if line.product_uom_qty <= 0:
                    continue
                for club in clubs_by_product.get(line.product_id.id, ()):
                    if club.company_id == order.company_id:
                        order._join_club(club)

    def _join_club(self, club):
        """Make the customer a member; or, since the order is paid for, ask a person to do it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                club._join(self.partner_id, **self._prepare_membership())
        except UserError as error:
            self._ask_staff(
                self.env._("Could not join %s", club.name),
                str(error),
                activity_type="mail.mail_activity_data_warning",
            )

    def _prepare_membership(self):
        """Hook: the values of a membership that was bought with this order."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        paid = self.transaction_ids.filtered(
            lambda tx: tx.token_id.partner_id.commercial_partner_id == customer
        )
        return {
            "order_id": self.id,
            "address_id": self.partner_shipping_id.id,
            "payment_token_id": paid[-1:].token_id.id,
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_discount_with(self, discount):
        """
        :param float discount: in percent, on top of what the price list gives
        :return: both, in percent
        """
        self.ensure_one()
        return 100.0 - (100.0 - self.discount) * (100.0 - discount) / 100.0

    def _get_resolved_values(self):
        """:return: values for :meth:`create` of a line that is to be as this one"""
        self.ensure_one()
        values = {}
        for fname in _RESOLVED_FIELDS:
            value = self[fname]
            if self._fields[fname].type == "many2many":
                value = [fields.Command.set(value.ids)]
            elif self._fields[fname].type == "many2one":
                value = value.id
            values[fname] = value
        return values
