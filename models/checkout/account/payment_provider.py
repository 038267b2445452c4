from odoo import api, fields, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    custom_mode = fields.Selection(selection_add=[("on_account", "On Account")])

    def _get_default_payment_method_codes(self):
        self.ensure_one()
        if self.custom_mode != "on_account":
            return super()._get_default_payment_method_codes()
        return {"on_account"}

    @api.model
    def _setup_on_account(self, new_companies=None):
        """Let every company have the provider through which orders go on account.

        It is switched on where it is new: nobody is offered it until a customer type allows it.

        :param new_companies: companies that have just been created, where Odoo may have made a
            copy that is switched off
        """
        domain = self._get_provider_domain("custom", custom_mode="on_account")
        known = self.search(domain)
        if new_companies:
            known = known.filtered(lambda p: p.company_id not in new_companies)
        if known:
            self._setup_provider("custom", custom_mode="on_account")
            (self.search(domain) - known).write({"state": "enabled", "is_published": True})

    def _is_open_to(self, case):
        # Has its own setting on the type, which the list of providers need not repeat.
        return self.custom_mode == "on_account" or super()._is_open_to(case)

    def _get_policy_refusal(self, case):
        reason = super()._get_policy_refusal(case)
        if reason:
            return reason
        order = case.order
        is_open = bool(order) and order.state in ("draft", "sent")
        if self.custom_mode == "on_account":
            return self._get_account_refusal(case, is_open)
        if is_open and self._is_paid_on_delivery():
            return self._get_delivery_refusal(case)
        if is_open and case.amount is not None:
            return order._get_part_payment_refusal(case.amount)
        return False

    def _get_account_refusal(self, case, is_open):
        """:param bool is_open: whether the case has an order that is not confirmed yet
        :return: why nothing goes on account, in words, or False
        """
        if not is_open:
            return self.env._("only for orders that are not confirmed yet")
        if not self._is_for_whole_order(case):
            return self.env._("only for an order as a whole")
        return case.order._get_account_refusal()

    @api.model
    def _is_for_whole_order(self, case):
        """:return: whether the :class:`PaymentCase` is about all that its order comes to"""
        return case.amount is not None and not case.currency.compare_amounts(
            case.amount, case.order.amount_total
        )

    def _get_delivery_refusal(self, case):
        """:return: why the order cannot be paid when it is delivered, in words, or False; Odoo
        confirms it whatever amount was posted
        """
        if not self._is_for_whole_order(case):
            return self.env._("only for an order as a whole")
        if self.custom_mode == "cash_on_delivery" and not (
            case.order.carrier_id.allow_cash_on_delivery
        ):
            return self.env._("not with this delivery method")
        return False

    def _is_paid_on_delivery(self):
        """:return: whether an order is confirmed before it is paid, and yet not on account"""
        return self.custom_mode and self.custom_mode not in ("wire_transfer", "on_account")
