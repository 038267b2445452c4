from odoo import models
from odoo.fields import Domain

from ...policy.policy import PolicyIssue

# Money in another form: it pays for an order, whatever its prices are.
_MONEY_PROGRAMS = ("gift_card", "ewallet")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- Which promotions ---------------------------------------------------

    def _get_program_domain(self):
        return self._limit_programs_to_types(super()._get_program_domain())

    def _get_trigger_domain(self):
        return self._limit_programs_to_types(super()._get_trigger_domain(), "program_id.")

    def _limit_programs_to_types(self, domain, prefix=""):
        """Narrow Odoo's conditions on promotions down to those meant for this customer.

        :param domain: a domain on loyalty.program, or on a model that has a path to it
        :param str prefix: that path, with a dot at its end
        :rtype: Domain
        """
        policy = self._get_customer_policy()
        domain = Domain(domain).map_conditions(
            lambda condition: self._start_earlier_for_types(condition, policy, prefix)
        )
        meant = self._get_type_program_domain(policy, prefix)
        if not meant.is_true() and (kept := self._get_kept_programs()):
            meant |= Domain(f"{prefix}id", "in", kept.ids)
        return domain & meant

    def _start_earlier_for_types(self, condition, policy, prefix):
        """:return: Odoo's condition on the first day, or the earlier day of the customer's types"""
        if condition.field_expr != f"{prefix}date_from" or condition.operator != "<=":
            return condition
        type_ids = set(policy.type_ids)
        audiences = self.env["loyalty.program"]._get_audiences()
        early_ids = [id_ for id_, who in audiences.items() if who.early & type_ids]
        if not early_ids:
            return condition
        early = Domain(f"{prefix}early_date_from", "<=", condition.value)
        return condition | (early & Domain(f"{prefix}id", "in", early_ids))

    def _get_type_program_domain(self, policy, prefix):
        """:return: the promotions that types leave to a customer with this policy; by ids, which
        are cached: carts ask this again and again
        """
        type_ids = set(policy.type_ids)
        audiences = self.env["loyalty.program"]._get_audiences()
        refused_ids = [id_ for id_, who in audiences.items() if not who.admits(type_ids)]
        domain = Domain(f"{prefix}id", "not in", refused_ids) if refused_ids else Domain.TRUE
        if self._has_type_prices_only(policy):
            own_ids = [id_ for id_, who in audiences.items() if who.only & type_ids]
            domain &= Domain(f"{prefix}id", "in", own_ids) | Domain(
                f"{prefix}program_type", "in", _MONEY_PROGRAMS
            )
        return domain

    def _has_type_prices_only(self, policy):
        """:return: whether this order has the prices of a type on top of which nothing comes"""
        return (
            policy.get("promotion_stacking") == "own"
            and bool(self.pricelist_id)
            and self.pricelist_id.id == policy.get("pricelist_id")
        )

    def _get_kept_programs(self):
        """:return: promotions that stay on this order, whatever the customer's types are today: a
        quotation that was sent is the word of a person, and what is paid for is paid for
        """
        self.ensure_one()
        programs = self.env["loyalty.program"]
        if self.state == "sent" or (self.state == "draft" and self._is_paid_for()):
            programs = self.sudo().order_line.reward_id.program_id
        return programs

    # -- When types change ---------------------------------------------------

    def _follow_customer_policy(self):
        carts = self.filtered(lambda order: order._is_cart())
        # Before prices are computed again: that takes away what is no longer given.
        rewards = {cart: cart.order_line.reward_id for cart in carts}
        res = super()._follow_customer_policy()
        carts._follow_promotions(rewards)
        return res

    def _follow_promotions(self, rewards):
        """Take from these carts what their customers no longer get, and give what they now do.

        :param dict rewards: the rewards (loyalty.reward) that were in each of these carts
        """
        for order in self:
            order._update_programs_and_rewards()
            order._auto_apply_rewards()
            if gone := rewards[order] - order.order_line.reward_id:
                order._add_shop_warning(
                    order.with_context(lang=order._get_lang()).env._(
                        "Your customer type changed, and these promotions went: %s",
                        ", ".join(gone.mapped("description")),
                    )
                )

    # -- Words ---------------------------------------------------------------

    def _try_apply_code(self, code):
        status = super()._try_apply_code(code)
        if status.get("not_found") and not self.env.su and self.env.user._is_internal():
            status["error"] = self._explain_refused_code(code) or status["error"]
        return status

    def _explain_refused_code(self, code):
        """:return: for staff only, why an existing code is refused, or False. Customers read one
        and the same refusal for what does not exist and for what is not for them.
        """
        rules = self.env["loyalty.rule"].sudo()
        cards = self.env["loyalty.card"].sudo()
        program = (
            rules.search([("mode", "=", "with_code"), ("code", "=", code)], limit=1).program_id
            or cards.search([("code", "=", code)], limit=1).program_id
        )
        policy = self._get_customer_policy()
        if not program or program.filtered_domain(self._get_type_program_domain(policy, "")):
            return False
        return self.env._(
            "%(program)s is not for this customer's types (%(code)s).",
            program=program.name,
            code=code,
        )

    # -- The order gate --------------------------------------------------------

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if stage == "confirm" and (kept := self._get_kept_programs()):
            policy = self._get_customer_policy()
            gone = kept - kept.filtered_domain(self._get_type_program_domain(policy, ""))
            issues += [
                PolicyIssue(
                    "promotion",
                    "warning",
                    self.env._("%s is no longer meant for this customer.", program.name),
                )
                for program in gone
            ]
        return issues
