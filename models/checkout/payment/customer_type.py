from odoo import fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    payment_method_ids = fields.Many2many(
        "payment.method",
        "customer_type_payment_method_rel",
        "type_id",
        "payment_method_id",
        string="Payment Methods",
        policy="union",
        domain="[('is_primary', '=', True), ('code', '!=', 'on_account')]",
        help="How holders may pay, in the shop and in the portal: these ways and no others. "
        "Silent: all ways but those reserved for types that name them.",
    )
    payment_provider_ids = fields.Many2many(
        "payment.provider",
        "customer_type_payment_provider_rel",
        "type_id",
        "payment_provider_id",
        string="Payment Providers",
        policy="union",
        copy=False,
        # As Odoo's providers themselves, with their keys and secrets.
        groups="base.group_system",
        domain="[('state', '!=', 'disabled'), ('custom_mode', '!=', 'on_account')]",
        help="Through whom holders may pay: these providers and no others, in the companies of "
        "these providers. Silent: all but those reserved for types that name them.",
    )
    payment_limit_ids = fields.One2many(
        "customer.type.payment.limit",
        "type_id",
        string="Amounts by Payment Method",
        policy="union",
        copy=True,
        help="From and up to which amount holders may pay in which way. Where a customer holds "
        "several types, one that admits the amount is enough.",
    )

    def copy(self, default=None):
        copies = super().copy(default)
        # Whoever copies a type: the copy is not to open what the original closes.
        for original, copy in zip(self.sudo(), copies.sudo(), strict=True):
            copy.payment_provider_ids = original.payment_provider_ids
        return copies
