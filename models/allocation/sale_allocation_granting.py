from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from ..segment.touch import touch


class SaleAllocation(models.Model):
    """What is asked for and what is passed on: both are answered by grants on top."""

    _inherit = "sale.allocation"

    request_ids = fields.One2many("sale.allocation.request", "allocation_id", string="Requests")
    step_ids = fields.One2many(
        "sale.allocation.step", "allocation_id", string="Waterfall", copy=False
    )

    def _get_own_rule(self):
        """:return: this allocation as a :class:`Rule`, archived or not"""
        self.ensure_one()
        company_id = (self.company_id or self.env.company).id
        return self._get_table(company_id)["rules"].get(self.id) or self.sudo()._prepare_rule()

    def _lock_grants(self):
        """Let whoever gives of this allocation at the same time come after, and see what was given.

        A lock alone would let the second one act on what it read before: changing the row makes
        the database refuse, and Odoo replay. Who buys of the pool meanwhile is noticed by its row.
        """
        self.ensure_one()
        self.env.flush_all()
        touch(self)
        self.env.execute_query(
            SQL(
                "UPDATE sale_allocation_balance SET used = used"
                " WHERE allocation_id = %s AND partner_id IS NULL RETURNING id",
                self.id,
            )
        )
        self._forget_quotas()

    def _get_available_to_grant(self):
        """:return: what the pool can still give on request, in the unit of the allocation: without
        what was granted on request and is not bought yet. None without a pool.
        """
        self.ensure_one()
        rule = self._get_own_rule()
        if rule.pool is None:
            return None
        partner = self.env["res.partner"]
        company = self.company_id or self.env.company
        # Others may have bought since it was read for a page.
        self._forget_quotas()
        return self.sudo()._get_quotas([rule], partner, company=company)[self.id].pool_left

    @api.model
    def _get_added_until(self, quota, valid_until):
        """What is given on top is given for the period that counts now.

        :return: naive UTC datetime, or None
        """
        ends = [valid_until] if valid_until else []
        if not quota.period.is_endless:
            ends.append(quota.period.end)
        return min(ends, default=None)

    def _get_counted_until(self, customer, moment):
        """:return: until when something that a customer took at a moment counts, None for ever"""
        self.ensure_one()
        rule = self._get_own_rule()
        if rule.period == "rolling":
            return fields.Datetime.add(fields.Datetime.now(), days=rule.rolling_days)
        anchor = self._get_anchors([rule], customer).get(rule.id)
        period = self._get_periods(rule, moment, anchor)[0]
        return None if period.is_endless else period.end

    def _with_window(self, quota):
        """:return: the quota in the state in which the allocation itself is"""
        self.ensure_one()
        return replace(
            quota, state=self.state, opens_at=self.open_at or None, closes_at=self.close_at or None
        )

    def _ask_for_answers(self):
        """Tell those responsible, once, that customers wait for an answer."""
        activity_type = self.env.ref("customer_type.mail_activity_allocation_request")
        for allocation in self.filtered("user_id"):
            if activity_type not in allocation.activity_ids.activity_type_id:
                allocation.activity_schedule(
                    "customer_type.mail_activity_allocation_request",
                    user_id=allocation.user_id.id,
                )

    def action_view_requests(self):
        """:return: an action that lists what customers have asked for"""
        return self._action_view("customer_type.sale_allocation_request_action")

    def action_grant_requests(self):
        """:return: an action that shows who would get what of the open requests"""
        self.ensure_one()
        return self.request_ids.action_grant()

    # -- Of which products it is about -------------------------------------

    @api.model
    def _get_covering(self, product):
        """:return: the allocations that cover a product.product or product.template, on whatever
        website
        """
        table = self._get_table((product.company_id or self.env.company).id)
        template = product
        ids = set()
        if product._name == "product.product":
            template = product.product_tmpl_id
            ids.update(table["variant"].get(product.id, ()))
        else:
            for variant in product.product_variant_ids:
                ids.update(table["variant"].get(variant.id, ()))
        ids.update(table["product"].get(template.id, ()))
        return self.browse(sorted(ids))

    @api.model
    def _action_view_covering(self, product):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.sale_allocation_action"
        )
        action["domain"] = [("id", "in", self._get_covering(product).ids)]
        action["context"] = (
            {"default_product_ids": product.ids}
            if product._name == "product.product"
            else {"default_product_tmpl_ids": product.ids}
        )
        return action
