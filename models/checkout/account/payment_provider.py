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
        if reason or self.custom_mode != "on_account":
            return reason
        order = case.order
        if not order or order.state not in ("draft", "sent"):
            return self.env._("only for orders that are not confirmed yet")
        if case.amount is None or case.currency.compare_amounts(case.amount, order.amount_total):
            return self.env._("only for an order as a whole")
        return order._get_account_refusal()

    def _is_paid_on_delivery(self):
        """:return: whether an order is confirmed before it is paid, and yet not on account"""
        return self.custom_mode and self.custom_mode not in ("wire_transfer", "on_account")
