from odoo import api, fields, models


class CustomerPolicyExplain(models.TransientModel):
    """What a customer, or an order, gets: setting by setting, who decided, who was overruled."""

    _name = "customer.policy.explain"
    _description = "Explain Customer Policy"

    partner_id = fields.Many2one("res.partner", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    website_id = fields.Many2one(
        "website",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="What the customer gets on this website. Empty: on an order typed by the sales desk.",
    )
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.model
    def _open(self, record):
        """:param record: a res.partner or a sale.order
        :return: an action that explains what it gets
        """
        record.check_access("read")
        order = record if record._name == "sale.order" else self.env["sale.order"]
        explanation = self.create(
            {
                "partner_id": (order.partner_id or record).id,
                "order_id": order.id,
                "company_id": (order.company_id or self.env.company).id,
                "website_id": order.website_id.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What %s gets, and why", record.display_name),
            "res_model": self._name,
            "res_id": explanation.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("partner_id", "order_id", "company_id", "website_id")
    def _compute_table(self):
        for explanation in self:
            policy = explanation._get_policy()
            explanation.table = self.env["ir.qweb"]._render(
                "customer_type.policy_explanation",
                {
                    "rows": explanation._get_rows(),
                    "types": self.env["customer.type"].sudo().browse(policy.type_ids),
                    "origin": policy.origin,
                },
            )

    def _get_policy(self):
        """:return: the :class:`CustomerPolicy` to explain"""
        partner = (self.order_id.partner_id or self.partner_id).commercial_partner_id
        return partner._get_customer_policy(company=self.company_id, website=self.website_id)

    def _get_rows(self):
        """:return: the rows of this explanation; see :meth:`_explain`"""
        self.ensure_one()
        partner = (self.order_id.partner_id or self.partner_id).commercial_partner_id
        return self._explain(self._get_policy(), partner, self.company_id, self.order_id)

    @api.model
    def _explain(self, policy, partner, company, order):
        """Explain every policy field by the one precedence of the addon.

        :param policy: the :class:`CustomerPolicy` of the customer
        :param partner: res.partner, the commercial one
        :param company: res.company in which the customer buys
        :param order: sale.order, or none to explain the customer only
        :return: dicts with ``fname``, ``setting``, ``value``, ``decided_by`` and ``overruled``
            (list of (value, who)), one for each policy field that anybody speaks about
        :rtype: list
        """
        on_partner = partner._get_own_policy_values(company) if partner else {}
        on_order = order._get_own_policy_values() if order else {}
        usual = order._get_default_policy_values() if order else {}
        rows = []
        for fname in self.env["customer.type"]._policy_strategies():
            voices = self._get_voices(fname, policy, on_partner)
            if fname in on_order:
                source = order._get_own_policy_source(fname)
                voices = self._put_order_first(on_order[fname], source, voices, usual.get(fname))
            if voices:
                rows.append(self._prepare_row(fname, voices))
        return rows

    def _get_voices(self, fname, policy, on_partner):
        """:return: who says what about a field, as (value, who), the one who decides first"""
        voices = []
        own = on_partner.get(fname)
        # An amount of zero may be set, as well.
        if own is not None and own is not False:
            voices.append((own, self.env._("Set on the customer")))
        decision = policy.decisions.get(fname)
        if decision:
            voices.append((decision.value, self._type_names(decision.type_ids)))
            voices += [
                (said.value, self._type_names([said.type_id])) for said in decision.overruled
            ]
        return voices

    def _put_order_first(self, value, source, voices, usual):
        """:return: the voices with the order's own, unless it says what the others say anyway"""
        if voices and voices[0][0] == value:
            return voices
        if not voices and value == usual:
            return [(value, self.env._("Standard"))] if value else []
        return [(value, source), *voices]

    def _type_names(self, type_ids):
        return ", ".join(self.env["customer.type"].sudo().browse(type_ids).mapped("name"))

    def _prepare_row(self, fname, voices):
        types = self.env["customer.type"]
        (value, decided_by), *overruled = voices
        return {
            "fname": fname,
            "setting": types._fields[fname]._description_string(self.env),
            "value": types._format_policy_value(fname, value) or self.env._("None"),
            "decided_by": decided_by,
            "overruled": [(types._format_policy_value(fname, v), who) for v, who in overruled],
        }
