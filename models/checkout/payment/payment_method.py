from odoo import models


class PaymentMethod(models.Model):
    _name = "payment.method"
    _inherit = ["payment.method", "customer.payment.option.mixin"]

    _policy_fname = "payment_method_ids"

    def _get_compatible_payment_methods(
        self,
        provider_ids,
        partner_id,
        currency_id=None,
        *args,
        sale_order_id=None,
        report=None,
        **kwargs,
    ):
        """Leave out the payment methods that are not for the customer's types, or not for the
        amount."""
        methods = super()._get_compatible_payment_methods(
            provider_ids,
            partner_id,
            currency_id,
            *args,
            sale_order_id=sale_order_id,
            report=report,
            **kwargs,
        )
        case = (report or {}).get("payment_case") or self._get_payment_case(
            provider_ids, partner_id, currency_id, sale_order_id
        )
        return methods._filter_by_policy(case, report)

    def _get_payment_case(self, provider_ids, partner_id, currency_id, sale_order_id):
        """:return: the :class:`PaymentCase` where no availability report comes with it"""
        providers = self.env["payment.provider"]
        order = self.env["sale.order"].sudo().browse(sale_order_id and int(sale_order_id))
        company = order.company_id or providers.sudo().browse(provider_ids)[:1].company_id
        return providers._get_payment_case(
            (company or self.env.company).id,
            partner_id,
            order.amount_total if order else None,
            order.currency_id.id if order else currency_id,
            order=order,
            invoices=providers._get_payment_invoices(),
        )

    def _get_policy_refusal(self, case):
        return super()._get_policy_refusal(case) or self._get_limit_refusal(case)

    def _get_limit_refusal(self, case):
        """:return: that the amount is too small or too large for this method, or False"""
        limit_ids = case.policy.get("payment_limit_ids", ())
        if case.amount is None or not limit_ids:
            return False
        limits = self.env["customer.type.payment.limit"].sudo().browse(limit_ids)
        limits = limits.filtered(lambda limit: limit.payment_method_id == self)
        if not limits or any(limit._admits(case) for limit in limits):
            return False
        return self.env._(
            "only for amounts %s",
            self.env._(" or ").join(
                limits._get_words(
                    case.convert(limit.minimum), case.convert(limit.maximum), case.currency
                )
                for limit in limits
            ),
        )
