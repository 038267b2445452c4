from odoo import api, models

from odoo.addons.website.models import ir_http

from .payment_case import PaymentCase


class PaymentProvider(models.Model):
    _name = "payment.provider"
    _inherit = ["payment.provider", "customer.payment.option.mixin"]

    _policy_fname = "payment_provider_ids"

    @api.model
    def _get_compatible_providers(
        self,
        company_id,
        partner_id,
        amount,
        *args,
        currency_id=None,
        is_validation=False,
        sale_order_id=None,
        website_id=None,
        report=None,
        **kwargs,
    ):
        """Leave out the providers that are not for the customer's types."""
        providers = super()._get_compatible_providers(
            company_id,
            partner_id,
            amount,
            *args,
            currency_id=currency_id,
            is_validation=is_validation,
            sale_order_id=sale_order_id,
            website_id=website_id,
            report=report,
            **kwargs,
        )
        invoices = self._get_payment_invoices(kwargs.get("invoice_id"))
        if invoices:
            # Odoo asks for the whole invoice, also where part of it is paid.
            amount = min(amount, sum(invoices.sudo().mapped("amount_residual")))
        case = self._get_payment_case(
            company_id,
            partner_id,
            None if is_validation else amount,
            currency_id,
            order=self.env["sale.order"].browse(sale_order_id and int(sale_order_id)),
            invoices=invoices,
            website_id=website_id,
        )
        if report is not None:
            # Payment methods are asked for next, without being told what is to be paid.
            report["payment_case"] = case
        providers = providers._filter_by_policy(case, report)
        if kwargs.get("is_express_checkout"):
            providers = providers.filtered(lambda provider: provider._is_express_open_to(case))
        return providers

    @api.model
    def _get_payment_invoices(self, invoice_id=None):
        """:return: the invoices that the page is about, which Odoo does not tell to us"""
        invoice_ids = [invoice_id] if invoice_id else self.env.context.get("payment_invoice_ids")
        return self.env["account.move"].browse(invoice_ids or ())

    @api.model
    def _get_payment_case(
        self,
        company_id,
        partner_id,
        amount,
        currency_id,
        *,
        order=None,
        invoices=None,
        website_id=None,
    ):
        """Say what is about to be paid, and what the customer's policy is.

        The customer is that of the order or of the invoices, whoever is signed in; where nothing
        but an amount is paid, it is the one who pays.

        :param float amount: in the given currency; None while no amount is known
        :rtype: PaymentCase
        """
        company = self.env["res.company"].sudo().browse(company_id)
        order = (order or self.env["sale.order"]).sudo()
        document = order or (invoices or self.env["account.move"]).sudo()[:1]
        if document:
            policy = document._get_customer_policy()
        else:
            policy = self._get_payer_policy(company, partner_id, website_id)
        currency = self.env["res.currency"].sudo().browse(currency_id or ()) or company.currency_id
        return PaymentCase(policy, company, amount, currency, order)

    @api.model
    def _get_payer_policy(self, company, partner_id, website_id):
        """:return: the :class:`CustomerPolicy` of who pays without an order or an invoice"""
        website = self.env["website"].browse(website_id or ())
        website = website or ir_http.get_request_website() or website
        partner = self.env["res.partner"].sudo().browse(partner_id or ())
        if website and not partner:
            return website._get_guest_policy(company.id)
        return partner.commercial_partner_id._get_customer_policy(company, website)

    def _get_named(self, case):
        # A type of several companies may name providers of one: it is silent in the others.
        companies = case.company + case.company.parent_ids
        return super()._get_named(case).filtered(lambda p: p.company_id in companies)

    def _get_express_methods(self):
        """:return: what an express checkout through this provider may turn out to be paid with"""
        return self.payment_method_ids.filtered("support_express_checkout")

    def _is_express_open_to(self, case):
        """:return: whether one of these methods is open to the customer of the case"""
        methods = self._get_express_methods()
        return not methods or bool(methods._filter_by_policy(case))
