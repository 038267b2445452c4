from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from .policy import MERGE_STRATEGIES, CustomerPolicy, Said

_X2MANY = ("many2many", "one2many")


class CustomerType(models.Model):
    """The resolver. A policy field is any field of this model declared with ``policy=...``."""

    _inherit = "customer.type"

    policy_summary = fields.Html(
        string="What holders get", compute="_compute_policy_summary", sanitize=False
    )

    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        export_string_translation=False,
        help="In which amounts of a type are: that of its company, or of the current one.",
    )
    sale_order_count = fields.Integer(
        string="Sales Orders",
        compute="_compute_sale_order_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for customer_type in self:
            customer_type.currency_id = (customer_type.company_id or self.env.company).currency_id

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "policy" or super()._valid_field_parameter(field, name)

    @api.model
    @tools.ormcache()
    def _policy_strategies(self):
        """:return: merge strategy by name of policy field, in the order of declaration"""
        return {
            name: field.policy
            for name, field in self._fields.items()
            if getattr(field, "policy", None)
        }

    def _register_hook(self):
        super()._register_hook()
        for name, strategy in self._policy_strategies().items():
            if strategy not in MERGE_STRATEGIES or not self._fields[name].store:
                raise TypeError(f"customer.type.{name} cannot be merged by {strategy!r}")

    # -- Resolving ---------------------------------------------------------

    @api.model
    def _resolve_policy(self, type_ids, company_id, website_id, origin="held"):
        """Merge what several types say.

        :param type_ids: ids of customer types, in any order
        :param int company_id: company in which the customer buys
        :param website_id: website on which the customer buys, or False
        :param str origin: ``held``, ``guest`` or ``default``
        :rtype: CustomerPolicy
        """
        return self._resolve_policy_cached(
            tuple(sorted(type_ids)), company_id, website_id or False, origin
        )

    @api.model
    @tools.ormcache("type_ids", "company_id", "website_id", "origin")
    def _resolve_policy_cached(self, type_ids, company_id, website_id, origin):
        table = self._policy_table()
        acting = sorted(
            (row for row in map(table.get, type_ids) if row),
            key=lambda row: (row["sequence"], row["id"]),
        )
        acting = [
            row
            for row in acting
            if row["company_id"] in (None, company_id)
            and (not row["website_ids"] or website_id in row["website_ids"])
        ]
        decisions = {}
        for name, strategy in self._policy_strategies().items():
            said = tuple(
                Said(row["id"], row[name])
                for row in acting
                if row[name] and row.get(f"{name}__company") in (None, company_id)
            )
            if said:
                decisions[name] = MERGE_STRATEGIES[strategy](said)
        return CustomerPolicy(
            type_ids=tuple(row["id"] for row in acting),
            company_id=company_id,
            website_id=website_id,
            origin=origin,
            decisions=decisions,
        )

    @api.model
    @tools.ormcache()
    def _policy_table(self):
        """:return: what every active type says, by id: one query, however many fields there are"""
        scope = ["active", "sequence", "company_id", "website_ids", *self._policy_strategies()]
        self.env["customer.type"].flush_model(scope)
        columns = []
        for name in scope[1:]:
            columns += self._policy_columns_sql(self._fields[name])
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT t.id, %s FROM %s t WHERE t.active",
                SQL(", ").join(columns),
                SQL.identifier(self._table),
            )
        )
        for row in rows:
            for name, value in row.items():
                if isinstance(value, list):
                    row[name] = tuple(value)
        return {row["id"]: row for row in rows}

    @api.model
    @tools.ormcache("fname", "value")
    def _is_ever_said(self, fname, value):
        """:return: whether any active type says this value of a policy field; where none does, no
        policy has to be resolved to know that it is not what somebody gets
        """
        return any(row[fname] == value for row in self._policy_table().values())

    @api.model
    def _policy_columns_sql(self, field):
        """:return: SQL columns for one field of type ``t``: its value, as an array of ids for an
        x2many and nothing for an archived record, and the company to which the value belongs
        """
        if field.type == "many2many":
            value = SQL(
                "ARRAY(SELECT rel.%(other)s FROM %(relation)s rel WHERE rel.%(own)s = t.id"
                " ORDER BY 1)",
                other=SQL.identifier(field.column2),
                own=SQL.identifier(field.column1),
                relation=SQL.identifier(field.relation),
            )
            return [SQL("%s AS %s", value, SQL.identifier(field.name))]
        if field.type == "one2many":
            lines = self.env[field.comodel_name]
            lines.flush_model([field.inverse_name])
            value = SQL(
                "ARRAY(SELECT v.id FROM %s v WHERE v.%s = t.id ORDER BY 1)",
                SQL.identifier(lines._table),
                SQL.identifier(field.inverse_name),
            )
            return [SQL("%s AS %s", value, SQL.identifier(field.name))]
        value = SQL("t.%s", SQL.identifier(field.name))
        if field.type != "many2one" or field.comodel_name == "res.company":
            return [SQL("%s AS %s", value, SQL.identifier(field.name))]
        comodel = self.env[field.comodel_name]

        def of_value(column, condition):
            return SQL(
                "(SELECT v.%s FROM %s v WHERE v.id = %s AND %s)",
                SQL.identifier(column),
                SQL.identifier(comodel._table),
                value,
                condition,
            )

        stored = {name for name, comodel_field in comodel._fields.items() if comodel_field.store}
        comodel.flush_model([name for name in ("active", "company_id") if name in stored])
        usable = SQL("v.active") if "active" in stored else SQL("TRUE")
        columns = [SQL("%s AS %s", of_value("id", usable), SQL.identifier(field.name))]
        if "company_id" in stored:
            label = SQL.identifier(f"{field.name}__company")
            columns.append(SQL("%s AS %s", of_value("company_id", SQL("TRUE")), label))
        return columns

    # -- Keeping the cache true --------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        scope = {"sequence", "company_id", "website_ids", *self._policy_strategies()}
        changed = self._changed_policy_fields({n: vals[n] for n in vals.keys() & scope})
        res = super().write(vals)
        if "active" in vals:
            self.env.registry.clear_cache()
        if changed:
            self._policy_changed(changed)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_stamped(self):
        """Orders and invoices remember the type for good."""
        for model in ("sale.order", "account.move"):
            stamped = self.env[model].sudo().search([("customer_type_id", "in", self.ids)], limit=1)
            if stamped:
                raise UserError(
                    self.env._(
                        "%(type)s is on %(document)s and cannot be deleted. Archive it instead: "
                        "then nobody gets anything from it any more.",
                        type=stamped.customer_type_id.name,
                        document=stamped.display_name,
                    )
                )

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _changed_policy_fields(self, vals):
        """:return: the names in ``vals`` whose value differs on one of these types"""
        changed = set()
        for name, value in vals.items():
            field = self._fields[name]
            for customer_type in self:
                if field.type in _X2MANY or customer_type[name] != field.convert_to_record(
                    field.convert_to_cache(value, customer_type), customer_type
                ):
                    changed.add(name)
                    break
        return changed

    def _policy_changed(self, fnames):
        """Hook: what these types say about ``fnames`` (set of field names) has been edited, or the
        records they name have been archived or moved to another company.
        """
        self.env.registry.clear_cache()
        self._notify_holders()

    @api.constrains(lambda self: ["company_id", *self._policy_strategies()])
    def _check_policy_company(self):
        """A value of one company means nothing to the type of another."""
        for customer_type in self.filtered("company_id"):
            for name in self._policy_strategies():
                field = self._fields[name]
                if not field.relational or "company_id" not in self.env[field.comodel_name]:
                    continue
                for value in customer_type.sudo()[name].filtered("company_id"):
                    if value.company_id != customer_type.company_id:
                        raise ValidationError(
                            self.env._(
                                "%(value)s belongs to %(value_company)s, the type %(type)s to "
                                "%(company)s.",
                                value=value.display_name,
                                value_company=value.company_id.name,
                                type=customer_type.name,
                                company=customer_type.company_id.name,
                            )
                        )

    # -- Words -------------------------------------------------------------

    def _compute_policy_summary(self):
        for customer_type in self:
            customer_type.policy_summary = self.env["ir.qweb"]._render(
                "customer_type.policy_summary", {"rows": customer_type._get_policy_words()}
            )

    def _get_policy_words(self):
        """:return: (setting, value) in the user's words, for each field this type speaks about"""
        self.ensure_one()
        words = [
            (
                self._fields[fname]._description_string(self.env),
                self._format_policy_value(fname, value),
            )
            for fname in self._policy_strategies()
            if (value := self._get_policy_value(fname))
        ]
        return [(setting, value) for setting, value in words if value]

    def _get_policy_value(self, fname):
        """:return: what this type says about a field, in the form a policy has it"""
        # What a type says is no secret, also where the records it names are for few to read.
        value = self.sudo()[fname]
        if not self._fields[fname].relational:
            return value
        return tuple(value.ids) if self._fields[fname].type in _X2MANY else value.id

    @api.model
    def _format_policy_value(self, fname, value):
        """:return: a value of a policy field, as ids, in the user's words and language"""
        field = self._fields[fname]
        if field.relational:
            ids = value if isinstance(value, tuple) else (value,)
            records = self.env[field.comodel_name].sudo().browse(i for i in ids if i).exists()
            return ", ".join(records.mapped("display_name"))
        if field.type == "selection":
            words = dict(field._description_selection(self.env))
            values = value if isinstance(value, tuple) else (value,)
            return ", ".join(words.get(v, v) for v in values if v)
        if field.type == "boolean":
            return self.env._("Yes") if value else ""
        if field.type == "monetary" and value is not None and value is not False:
            return format_amount(self.env, value, self.env.company.currency_id)
        if not value:
            return ""
        return f"{value:.10g}" if field.type == "float" else str(value)

    def action_compare(self):
        """:return: an action that shows these types side by side"""
        comparison = self.env["customer.policy.compare"].create({"type_ids": self.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Types"),
            "res_model": comparison._name,
            "res_id": comparison.id,
            "view_mode": "form",
            "target": "new",
        }

    def _compute_sale_order_count(self):
        counts = self.env["sale.order"]._read_group(
            Domain("customer_type_id", "in", self.ids) & Domain("state", "=", "sale"),
            ["customer_type_id"],
            ["__count"],
        )
        count_by_type = {customer_type.id: count for customer_type, count in counts}
        for customer_type in self:
            customer_type.sale_order_count = count_by_type.get(customer_type.id, 0)

    def action_view_sale_orders(self):
        """:return: an action that lists what was sold to customers as holders of this type"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("customer_type_id", "=", self.id), ("state", "=", "sale")]
        action["context"] = {}
        return action
