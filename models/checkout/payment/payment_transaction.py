from odoo import models
from odoo.exceptions import ValidationError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_order_policy(self):
        """Refuse also ways to pay that are not the customer's: whatever provider, method or token
        is posted comes from the browser, and Odoo takes it as it is.
        """
        super()._check_order_policy()
        for transaction in self.sudo():
            if not transaction._is_started_by_customer():
                continue
            if reason := transaction._get_payment_refusal():
                raise ValidationError(
                    self.env._(
                        "%(method)s can't be used here: %(reason)s. "
                        "Please choose another way to pay.",
                        method=transaction._get_payment_label(),
                        reason=reason,
                    )
                )

    def _get_payment_label(self):
        """:return: what the customer has chosen, in the words of the payment form"""
        self.ensure_one()
        unknown = self.env.ref("payment.payment_method_unknown")
        named = self.payment_method_id - unknown
        return (named or self.provider_id).name

    def _get_payment_refusal(self):
        """:return: why the customer may not pay this way, in words, or False"""
        self.ensure_one()
        if not self._is_consistent() or not self._is_on_offer():
            return self.env._("it is not on offer")
        case = self._get_payment_case()
        return self.provider_id._get_policy_refusal(case) or self._get_method_refusal(case)

    def _is_consistent(self):
        """:return: whether the provider has the token and offers the method; else the rules for one
        of them could be met by posting another
        """
        self.ensure_one()
        if self.token_id and self.token_id.provider_id != self.provider_id:
            return False
        method = self.primary_payment_method_id
        return self._is_method_unknown() or self.provider_id in method.provider_ids

    def _is_on_offer(self):
        """:return: whether the provider is in use, for the user, in the company of the document"""
        self.ensure_one()
        provider = self.provider_id
        document = self.sale_order_ids[:1] or self.invoice_ids[:1]
        companies = document.company_id + document.company_id.parent_ids
        return (
            provider.state != "disabled"
            and (provider.is_published or self.env.user._is_internal())
            and (not document or provider.company_id in companies)
        )

    def _is_method_unknown(self):
        return self.payment_method_id == self.env.ref("payment.payment_method_unknown")

    def _get_method_refusal(self, case):
        """:return: why the method is not open to the customer of the :class:`PaymentCase`, or False

        An express checkout names no method: one that could come of it must be open.
        """
        methods = self.primary_payment_method_id
        if self._is_method_unknown():
            methods = self.provider_id._get_express_methods() or methods
        reasons = [method._get_policy_refusal(case) for method in methods]
        return all(reasons) and reasons[0]

    def _get_payment_case(self):
        """:return: the :class:`PaymentCase` of this transaction"""
        self.ensure_one()
        return self.provider_id._get_payment_case(
            self.company_id.id,
            self.partner_id.id,
            None if self.operation == "validation" else self.amount,
            self.currency_id.id,
            order=self.sale_order_ids[:1],
            invoices=self.invoice_ids[:1],
        )
