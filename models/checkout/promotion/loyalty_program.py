from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# The fields that say for which types a promotion is.
_AUDIENCE_FIELDS = (
    "customer_type_ids",
    "excluded_customer_type_ids",
    "early_customer_type_ids",
)


class ProgramAudience(NamedTuple):
    """For which customer types a promotion is, as ids.

    :ivar only: it is for these, or for everybody where there are none
    :ivar excluded: it is not for these
    :ivar early: these get it earlier
    """

    only: frozenset
    excluded: frozenset
    early: frozenset

    def admits(self, type_ids):
        """:return: whether customers who hold these types get the promotion"""
        return not self.excluded & type_ids and bool(not self.only or self.only & type_ids)


class LoyaltyProgram(models.Model):
    _name = "loyalty.program"
    _inherit = ["loyalty.program", "customer.policy.cache.mixin"]

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

    @api.model
    @tools.ormcache()
    def _get_audiences(self):
        """:return: :class:`ProgramAudience` by id of the programs that name any type"""
        programs = self.sudo().with_context(active_test=False)
        named = programs.search(Domain.OR([(fname, "!=", False)] for fname in _AUDIENCE_FIELDS))
        return {
            program.id: ProgramAudience(*(frozenset(program[f].ids) for f in _AUDIENCE_FIELDS))
            for program in named
        }

    @api.model
    def _get_cached_fnames(self):
        return super()._get_cached_fnames() | set(_AUDIENCE_FIELDS)

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
