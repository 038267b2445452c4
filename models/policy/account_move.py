from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    customer_type_id = fields.Many2one(
        "customer.type",
        compute="_compute_customer_type_id",
        store=True,
        precompute=True,
        # Editable for the order and the reversed entry that hand their own on, not for people.
        readonly=False,
        compute_sudo=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The type the customer was ordering as.",
    )

    @api.depends("partner_id", "company_id", "move_type")
    def _compute_customer_type_id(self):
        for move in self:
            if move.state != "posted" and move.is_sale_document(include_receipts=True):
                move.customer_type_id = move._get_customer_policy().type_id

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # What is given back was sold to the type of that time.
        default_values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            values.setdefault("customer_type_id", move.sudo().customer_type_id.id)
        return super()._reverse_moves(default_values_list=default_values_list, cancel=cancel)

    def _get_customer_policy(self):
        """What the customer of this invoice gets today in its company.

        :rtype: CustomerPolicy
        """
        self.ensure_one()
        return self.commercial_partner_id._get_customer_policy(
            company=self.company_id, website=self.website_id
        )
