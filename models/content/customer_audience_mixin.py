from odoo import api, fields, models, tools
from odoo.tools import SQL


class CustomerAudienceMixin(models.AbstractModel):
    """Content that is shown to chosen customer types. Without any, everybody sees it."""

    _name = "customer.audience.mixin"
    _description = "Content for Chosen Customer Types"

    # Not prefetched: visitors are asked for by _get_audiences, which costs no query.
    # Archived types and restricted deletion: content for some never becomes content for all.
    customer_type_ids = fields.Many2many(
        "customer.type",
        string="Shown to",
        ondelete="restrict",
        context={"active_test": False},
        prefetch=False,
        groups="base.group_user",
        help="Only customers who hold one of these types see it. For guests, and for customers "
        "without a type, the types count that the website gives them. Empty: everybody sees it.",
    )

    @api.model
    @tools.ormcache(cache="templates")
    def _get_audiences(self):
        """:return: ids of the types (frozenset) by id of what is not shown to everybody"""
        field = self._fields["customer_type_ids"]
        self.flush_model([field.name])
        rows = self.env.execute_query(
            SQL(
                "SELECT %(own)s, array_agg(%(other)s) FROM %(relation)s GROUP BY %(own)s",
                own=SQL.identifier(field.column1),
                other=SQL.identifier(field.column2),
                relation=SQL.identifier(field.relation),
            )
        )
        return {record_id: frozenset(type_ids) for record_id, type_ids in rows}

    @api.model
    def _get_hidden_ids(self):
        """:return: ids of what is not for the browsing user"""
        is_shown = self.env["website"]._is_shown_to_visitor
        return [id_ for id_, type_ids in self._get_audiences().items() if not is_shown(type_ids)]

    def _is_for_visitor(self):
        """:return: whether this is for the browsing user, as far as customer types are concerned"""
        self.ensure_one()
        type_ids = self._get_audiences().get(self.id)
        return not type_ids or self.env["website"]._is_shown_to_visitor(type_ids)

    def _audience_changed(self):
        """Hook: whom these records are shown to has been edited."""
        self.env.registry.clear_cache("templates")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(vals.get("customer_type_ids") for vals in vals_list):
            records._audience_changed()
        return records

    def write(self, vals):
        res = super().write(vals)
        if "customer_type_ids" in vals:
            self._audience_changed()
        return res
