from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.payment.tests.common import PaymentCommon

from .common import PricingCommon

IMAGE = "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="


def create_paid_transaction(order, provider):
    """:return: the transaction by which an order is paid for; nobody has told the order yet"""
    return order.env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            "operation": "online_redirect",
            "reference": order.name,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "sale_order_ids": [Command.set(order.ids)],
            "state": "done",
        }
    )


@contextmanager
def watch_providers(env):
    """Whether a payment goes on cannot be counted: what is refused is rolled back as a whole.

    :return: a list that fills with what providers are asked: for a form to pay by, for money
    """
    asked = []
    transaction_class = env.registry["payment.transaction"]

    def watch(name):
        original = getattr(transaction_class, name)

        def watched(transactions, *args, **kwargs):
            asked.append(name)
            return original(transactions, *args, **kwargs)

        return patch.object(transaction_class, name, watched)

    with watch("_get_processing_values"), watch("_send_payment_request"):
        yield asked


def create_express_button(env, name):
    """:return: the template of a button that a provider puts into the cart, to pay in one click"""
    button = env["ir.ui.view"].create(
        {
            "name": name,
            "type": "qweb",
            "key": f"__test__.{name}",
            "arch": f'<button type="button" class="{name}">Pay</button>',
        }
    )
    env["ir.model.data"].create(
        {"module": "__test__", "name": name, "model": button._name, "res_id": button.id}
    )
    return button


def create_wallet(env):
    """:return: a provider with such a button, ``test_wallet_button``"""
    method = env["payment.method"].create(
        {
            "name": "Test Wallet",
            "code": "test_wallet",
            "image": IMAGE,
            "support_express_checkout": True,
        }
    )
    return env["payment.provider"].create(
        {
            "name": "Test Wallet",
            "code": "none",
            "state": "test",
            "is_published": True,
            "allow_express_checkout": True,
            "express_checkout_form_view_id": create_express_button(env, "test_wallet_button").id,
            "payment_method_ids": [Command.set(method.ids)],
        }
    )


class CheckoutPaymentCommon(PricingCommon, PaymentCommon):
    """Two providers with a method each, beside what the database has; nobody is limited yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card, cls.card_provider = cls._create_way_to_pay("Test Card")
        cls.wire, cls.wire_provider = cls._create_way_to_pay("Test Wire")
        cls.on_account = cls.env.ref("customer_type.payment_method_on_account")
        cls.account_provider = cls.env["payment.provider"].search(
            [("custom_mode", "=", "on_account"), ("company_id", "=", cls.env.company.id)]
        )
        cls.product.write({"list_price": 100.0, "type": "service", "invoice_policy": "order"})
        cls.wholesale.pricelist_id = False

    @classmethod
    def _create_way_to_pay(cls, name, **values):
        """:return: a payment method, and the only provider that offers it"""
        provider = cls.env["payment.provider"].create(
            {
                "name": f"{name} Provider",
                "code": "none",
                "state": "test",
                "is_published": True,
                "allow_tokenization": True,
                "redirect_form_view_id": cls.dummy_provider.redirect_form_view_id.id,
                **values,
            }
        )
        method = cls.env["payment.method"].create(
            {
                "name": name,
                "code": name.lower().replace(" ", "_"),
                "image": IMAGE,
                "support_tokenization": True,
                "provider_ids": [Command.set(provider.ids)],
            }
        )
        return method, provider

    @classmethod
    def _create_saved_token(cls, partner, method, provider):
        return cls.env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "partner_id": partner.id,
                "payment_details": "1234",
                "provider_ref": "test",
            }
        )

    @classmethod
    def _create_priced_order(cls, partner, price, **values):
        """:return: a quotation over exactly this amount"""
        order = cls._create_order(partner, **values)
        order.order_line.price_unit = price
        return order

    def _start(self, order, method, provider=None, operation="online_redirect", **values):
        """:return: the transaction that the payment form of an order would have Odoo create"""
        provider = provider or method.provider_ids.filtered(
            lambda p: p.company_id == order.company_id
        )
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider[:1].id,
                    "payment_method_id": method.id,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_invoice_id.id,
                    "operation": operation,
                    "sale_order_ids": [Command.set(order.ids)],
                    **values,
                }
            )
        )

    def _offer(self, order, report=None, amount=None):
        """:return: the payment methods that the payment page of an order offers"""
        report = {} if report is None else report
        providers = (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                order.company_id.id,
                self.env.user.partner_id.id,
                order.amount_total if amount is None else amount,
                currency_id=order.currency_id.id,
                sale_order_id=order.id,
                report=report,
            )
        )
        return (
            self.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers.ids,
                self.env.user.partner_id.id,
                currency_id=order.currency_id.id,
                sale_order_id=order.id,
                report=report,
            )
        )
