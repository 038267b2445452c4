from math import floor

from odoo import api, models

from odoo.addons.customer_type.models.policy.policy import PolicyIssue

from .quantity_limits import PRECISION, QuantityLimits


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_quantity_limits(self, product):
        """:return: in which quantities the customer of this order may have a product.product, as
        :class:`QuantityLimits`, or None where no rule speaks
        """
        return self.env["customer.type.quantity.rule"]._get_product_limits(
            product, self._get_customer_policy()
        )

    @api.model
    def _get_product_quantities(self, lines):
        """How much of one product there is on some lines, in the unit of measure of the product.

        A box is packed as it is packed: what it holds counts for the maximum only.

        :return: (quantity outside of combos, quantity)
        """
        loose = lines.filtered(lambda line: not line.combo_item_id)
        return (
            sum(line._get_product_quantity() for line in loose),
            sum(line._get_product_quantity() for line in lines),
        )

    # -- The cart corrects what it is given --------------------------------

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kwargs):
        product = self.env["product.product"].browse(product_id)
        limits = self._get_quantity_limits(product)
        if not limits or new_qty <= 0:
            return super()._verify_updated_quantity(
                order_line, product_id, new_qty, uom_id, **kwargs
            )
        in_combo = bool(order_line.combo_item_id or kwargs.get("combo_item_id"))
        quantity = self._correct_quantity(limits, order_line, product, new_qty, uom_id, in_combo)
        if not quantity:
            return 0, self._get_quantity_correction_words(product, limits, new_qty, 0)
        allowed, warning = super()._verify_updated_quantity(
            order_line, product_id, quantity, uom_id, **kwargs
        )
        if 0 < allowed < quantity:
            # There is no more of it in stock: what is left has to fit the rules as well.
            quantity = self._correct_quantity(
                limits, order_line, product, allowed, uom_id, in_combo, ceiling=int(allowed)
            )
        else:
            quantity = allowed
        if quantity != new_qty and not (warning and quantity == allowed):
            words = self._get_quantity_correction_words(product, limits, new_qty, quantity)
            warning = " ".join(filter(None, [warning, words]))
        return quantity, warning

    def _correct_quantity(
        self, limits, order_line, product, wanted, uom_id, in_combo, ceiling=None
    ):
        """:return: the quantity of a line that comes nearest to what is wanted, see
        :meth:`QuantityLimits.correct`
        """
        uom = self.env["uom.uom"].browse(uom_id) or product.uom_id
        factor = uom._compute_quantity(1.0, product.uom_id, round=False)
        others = (self._get_ordered_lines() - order_line).filtered(
            lambda line: line.product_id == product
        )
        loose, everything = self._get_product_quantities(others)
        if limits.maximum:
            room = floor(round((limits.maximum - everything) / factor, PRECISION))
            ceiling = room if ceiling is None else min(ceiling, room)
        if in_combo:
            limits, loose = QuantityLimits(), 0.0
        limits = limits._replace(maximum=0.0)
        previous = int(order_line.product_uom_qty)
        found = limits.correct(int(wanted), previous, factor, loose, ceiling)
        # Another line may hold what fits no rule: that is no reason to refuse this one.
        return found or limits.correct(int(wanted), previous, factor, 0.0, ceiling)

    def _correct_option_quantity(self, line, wanted):
        """Correct how much of an optional line the customer takes into a quotation.

        :param line: the sale.order.line
        :param float wanted: what the customer asks for, in the unit of measure of the line
        :return: (quantity, why it is another one than wanted, or False)
        """
        limits = wanted > 0 and self._get_quantity_limits(line.product_id)
        if not limits:
            return wanted, False
        quantity = self._correct_quantity(
            limits, line, line.product_id, wanted, line.product_uom_id.id, in_combo=False
        )
        if wanted < line.product_uom_qty <= quantity:
            # Less than the least there is: the customer does without it.
            return 0, False
        if quantity == wanted:
            return wanted, False
        words = self._get_quantity_correction_words(line.product_id, limits, wanted, quantity)
        return quantity, words

    def _get_quantity_correction_words(self, product, limits, wanted, quantity):
        """:return: why the cart holds another quantity than the customer asked for"""
        name = product.with_context(display_default_code=False).display_name
        words = product._get_quantity_words(limits)
        if not quantity:
            return self.env._(
                "%(product)s: %(quantity)s cannot be ordered. %(rule)s",
                product=name,
                quantity=f"{wanted:.10g}",
                rule=words,
            )
        return self.env._(
            "%(product)s: %(quantity)s instead of %(wanted)s. %(rule)s",
            product=name,
            quantity=f"{quantity:.10g}",
            wanted=f"{wanted:.10g}",
            rule=words,
        )

    def _check_combo_quantities(self, line):
        """What is in a box was reduced for a reason that is on its line; Odoo would name stock."""
        items = line.linked_line_ids.filtered("combo_item_id")
        quantity = min(items.mapped("product_uom_qty"), default=0.0)
        warning = next((item.shop_warning for item in items if item.shop_warning), False)
        if not warning or not 0 < quantity < line.product_uom_qty:
            return super()._check_combo_quantities(line)
        line.shop_warning = warning
        (line + items).product_uom_qty = quantity
        return True

    # -- The order gate ----------------------------------------------------

    def _get_policy_issues(self, stage):
        return super()._get_policy_issues(stage) + self.sudo()._get_quantity_rule_issues()

    def _get_quantity_rule_issues(self):
        """:return: a block for each product that is ordered in a quantity no rule allows"""
        rules = self.env["customer.type.quantity.rule"]
        policy = self._get_customer_policy()
        if not rules._speaks_to(policy):
            return []
        issues = []
        for product, lines in self._get_ordered_lines().grouped("product_id").items():
            limits = rules._get_product_limits(product, policy)
            if limits and (issue := self._prepare_quantity_issue(product, lines, limits)):
                issues.append(issue)
        return issues

    def _prepare_quantity_issue(self, product, lines, limits):
        """:return: a :class:`PolicyIssue` if the quantity on these lines cannot be ordered"""
        loose, everything = self._get_product_quantities(lines)
        fits = loose <= 0 or limits.fits(loose)
        if fits and not limits.exceeded_by(everything):
            return None
        allowed = limits.correct(max(int(loose), 1)) if loose == everything else 0
        return PolicyIssue(
            code="quantity_rule",
            level="block",
            message=self.env._(
                "%(product)s: %(quantity)s cannot be ordered. %(rule)s",
                product=product.with_context(display_default_code=False).display_name,
                quantity=f"{everything:.10g}",
                rule=product._get_quantity_words(limits),
            ),
            line_id=lines[:1]._origin.id or None,
            fix=self.env._(
                "Order %(quantity)s %(unit)s instead.",
                quantity=f"{allowed:.10g}",
                unit=product.uom_id.name,
            )
            if allowed
            else self.env._("Change the quantity."),
        )
