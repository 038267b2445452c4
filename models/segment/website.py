from odoo import api, fields, models
from odoo.exceptions import UserError


class Website(models.Model):
    _inherit = "website"

    guest_customer_type_id = fields.Many2one(
        "customer.type",
        string="Guests",
        ondelete="restrict",
        groups="base.group_user",
        help="What visitors get who have not signed in.",
    )
    default_customer_type_id = fields.Many2one(
        "customer.type",
        string="Customers without a type",
        ondelete="restrict",
        groups="base.group_user",
        help="What customers get on this website who hold no type. It is not assigned to them.",
    )
    signup_customer_type_id = fields.Many2one(
        "customer.type",
        string="New sign-ups",
        ondelete="restrict",
        groups="base.group_user",
        help="Assigned to customers who create their account on this website.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_scope_of_types(self):
        """A type that loses its last website would act everywhere."""
        types = self.env["customer.type"].sudo().with_context(active_test=False)
        limited = types.search([("website_ids", "in", self.ids)]).filtered(
            lambda customer_type: customer_type.website_ids <= self
        )
        if limited:
            raise UserError(
                self.env._(
                    "%(type)s acts on this website only. Change its websites first: with none it "
                    "would act everywhere.",
                    type=limited[0].name,
                )
            )
