from odoo import api, models


class CustomerTypeAssignment(models.Model):
    _inherit = "customer.type.assignment"

    @api.model
    def _selection_origin_ref(self):
        return [
            *super()._selection_origin_ref(),
            ("sale.club.member", self.env._("Club Member")),
        ]
