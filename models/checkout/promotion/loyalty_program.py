from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    customer_type_ids = fields.Many2many(
        "customer.type",
        "loyalty_program_customer_type_rel",
        "program_id",
        "type_id",
        string="Only for",
        help="Customers who hold one of these types. Empty: everybody.",
    )
    excluded_customer_type_ids = fields.Many2many(
        "customer.type",
        "loyalty_program_excluded_customer_type_rel",
        "program_id",
        "type_id",
        string="Not for",
        help="Customers who hold one of these types do not get it, whatever else they hold.",
    )
    early_customer_type_ids = fields.Many2many(
        "customer.type",
        "loyalty_program_early_customer_type_rel",
        "program_id",
        "type_id",
        string="Earlier for",
        help="Customers who hold one of these types get it from the earlier date on.",
    )
    early_date_from = fields.Date(
        string="Earlier Start",
        help="The first day for the types that get this promotion earlier.",
    )

    @api.constrains("customer_type_ids", "excluded_customer_type_ids")
    def _check_customer_types(self):
        for program in self:
            if both := program.customer_type_ids & program.excluded_customer_type_ids:
                raise ValidationError(
                    self.env._(
                        "%(program)s cannot be both only for %(types)s and not for them.",
                        program=program.name,
                        types=", ".join(both.mapped("name")),
                    )
                )

    @api.constrains("early_date_from", "date_from")
    def _check_early_date(self):
        for program in self:
            if program.early_date_from and (
                not program.date_from or program.early_date_from > program.date_from
            ):
                raise ValidationError(
                    self.env._(
                        "The earlier start of %s must lie before the start for everybody.",
                        program.name,
                    )
                )
