from odoo.http import request, route

from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing
from odoo.addons.website_sale.models.website import CART_SESSION_CACHE_KEY


class PolicyInvoicePortal(PortalAccount):
    """Tell for which invoices the ways to pay are asked for: the customer is theirs."""

    def _invoice_get_page_view_values(self, invoice, *args, **kwargs):
        request.update_context(payment_invoice_ids=invoice.ids)
        return super()._invoice_get_page_view_values(invoice, *args, **kwargs)

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        request.update_context(payment_invoice_ids=overdue_invoices.ids)
        return super()._overdue_invoices_get_page_view_values(overdue_invoices, **kwargs)


class AccountPostProcessing(PaymentPostProcessing):
    @route()
    def poll_status(self, **kwargs):
        answer = super().poll_status(**kwargs)
        transaction = self._get_monitored_transaction()
        # Another tab may have saved the session without it.
        if transaction and transaction._is_on_account() and transaction.state == "cancel":
            # The shop lets go of a cart as soon as it may have been paid.
            cart = transaction.sale_order_ids.filtered(lambda order: order._is_cart())
            if cart:
                request.session[CART_SESSION_CACHE_KEY] = cart.id
                request.session.pop("website_sale_cart_quantity", None)
        return answer
