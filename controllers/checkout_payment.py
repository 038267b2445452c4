from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount


class PolicyInvoicePortal(PortalAccount):
    """Tell for which invoices the ways to pay are asked for: the customer is theirs."""

    def _invoice_get_page_view_values(self, invoice, *args, **kwargs):
        request.update_context(payment_invoice_ids=invoice.ids)
        return super()._invoice_get_page_view_values(invoice, *args, **kwargs)

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        request.update_context(payment_invoice_ids=overdue_invoices.ids)
        return super()._overdue_invoices_get_page_view_values(overdue_invoices, **kwargs)
