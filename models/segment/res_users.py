from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _signup_create_user(self, values):
        user = super()._signup_create_user(values)
        user._assign_signup_type()
        return user

    def _assign_signup_type(self):
        """Give the website's type for new sign-ups, unless the customer is known already."""
        self.ensure_one()
        website = self.env["website"].get_current_website(fallback=False)
        signup_type = website.sudo().signup_customer_type_id
        partner = self.sudo().partner_id
        known = partner.commercial_partner_id != partner or partner.customer_type_assignment_ids
        if signup_type and not known:
            partner._assign_customer_types(
                signup_type,
                source="signup",
                reason=self.env._("Signed up on %s", website.name),
            )
