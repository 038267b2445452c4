from odoo import api, fields, models


class CustomerPolicyCompare(models.TransientModel):
    """What several customer types give, side by side."""

    _name = "customer.policy.compare"
    _description = "Compare Customer Types"

    type_ids = fields.Many2many("customer.type", string="Customer Types")
    only_differences = fields.Boolean(string="Only what differs")
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("type_ids", "only_differences")
    def _compute_table(self):
        for comparison in self:
            comparison.table = self.env["ir.qweb"]._render(
                "customer_type.policy_comparison",
                {
                    "types": comparison._get_types(),
                    "rows": comparison._get_rows(),
                },
            )

    def _get_types(self):
        """:return: the types to compare, strongest first"""
        return self.type_ids._origin.sorted()

    def _get_rows(self):
        """:return: dicts with ``fname``, ``setting`` and ``values`` (one per type, as words)"""
        self.ensure_one()
        types = self._get_types()
        table = self.env["customer.type"]
        rows = []
        for fname in table._policy_strategies():
            values = [
                table._format_policy_value(fname, t._get_policy_value(fname) or False)
                for t in types
            ]
            if self.only_differences and len(set(values)) <= 1:
                continue
            rows.append(
                {
                    "fname": fname,
                    "setting": table._fields[fname]._description_string(self.env),
                    "values": values,
                }
            )
        return rows
