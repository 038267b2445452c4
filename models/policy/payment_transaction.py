from odoo import api, fields, models

from ..segment.isolated import call_isolated


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # Prices, types and carts move on while the customer is at the provider.
    order_stamp = fields.Json(copy=False, groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        transactions._check_order_policy()
        transactions._stamp_order()
        return transactions

    def _stamp_order(self):
        """Remember of what customers begin to pay what it was, and what it came to."""
        for transaction in self.sudo().filtered(lambda tx: tx._is_started_by_customer()):
            # As Odoo, which confirms no order of a payment for several.
            if len(order := transaction.sale_order_ids) == 1:
                transaction.order_stamp = order._get_payment_stamp()

    def _is_enough_as_begun(self):
        """:return: whether with this payment so much was paid, by it and by those before it, as its
        order asked for when it was begun
        """
        self.ensure_one()
        if not self.order_stamp or len(order := self.sale_order_ids) != 1:
            return False
        paid = order._get_paid_transactions().filtered(lambda tx: tx.id <= self.id)
        required = self.order_stamp["required"]
        return self.currency_id.compare_amounts(sum(paid.mapped("amount")), required) >= 0

    def _check_order_policy(self):
        """The order gate of every payment a customer starts: shop, portal, payment link.

        :raise ValidationError: before anything is asked of a provider; the transaction is undone
        """
        started = self.filtered(lambda tx: tx._is_started_by_customer())
        started.sale_order_ids.filtered(lambda o: o.state in ("draft", "sent"))._check_policy(
            "payment"
        )

    def _is_started_by_customer(self):
        """:return: whether it comes from a payment form; refunds, captures and what staff or the
        system charge do not. A payment may pose as the saving of a method.
        """
        self.ensure_one()
        return self.operation == "validation" or (self.operation or "").startswith("online_")

    def _post_process(self):
        """What was left as it was while it was being paid follows when the payment fails."""
        res = super()._post_process()
        failed = self.sudo().filtered(lambda tx: tx.state in ("cancel", "error")).sale_order_ids
        customers = failed.partner_id.commercial_partner_id
        orders = failed & customers._get_orders_to_reconsider()
        # They may have begun anew already.
        orders = orders.filtered(lambda order: not order._is_being_paid())
        # Nothing that goes wrong there undoes what is known of the payment.
        call_isolated(orders, "_reconsider_policy")
        return res

    def _check_amount_and_confirm_order(self):
        """Nobody pays what an order came to, and hears no more of it."""
        confirmed = super()._check_amount_and_confirm_order()
        for transaction in self.sudo().filtered(lambda tx: tx._is_enough_as_begun()):
            order = transaction.sale_order_ids - confirmed
            if order and order.state != "sale":
                order._ask_staff(
                    order.env._("Paid, but not confirmed"),
                    order._get_change_since_payment(),
                    activity_type="mail.mail_activity_data_warning",
                )
        return confirmed
