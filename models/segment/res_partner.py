from odoo import api, fields, models
from odoo.fields import Command, Domain

class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_res_partner_rel",
        "partner_id",
        "type_id",
        string="Customer Types",
        # Archived types are left out by the projection itself.
        context={"active_test": False},
        compute="_compute_customer_type_ids",
        inverse="_inverse_customer_type_ids",
        store=True,
        compute_sudo=True,
        groups="base.group_user",
        help="The types held today. Contacts have those of their company.",
    )
    customer_type_id = fields.Many2one(
        "customer.type",
        string="Strongest Type",
        compute="_compute_customer_type_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    customer_type_assignment_ids = fields.One2many(
        "customer.type.assignment",
        "partner_id",
        string="Type History",
        groups="base.group_user",
    )

    @api.depends(
        "commercial_partner_id",
        "commercial_partner_id.customer_type_assignment_ids.state",
        "commercial_partner_id.customer_type_assignment_ids.type_id.active",
    )
    def _compute_customer_type_ids(self):
        """Project today's assignments of the commercial partner on the whole family."""
        assignments = self.env["customer.type.assignment"].search(
            Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("state", "=", "current")
            & Domain("type_id.active", "=", True)
        )
        held = assignments.grouped("partner_id")
        none = self.env["customer.type"]
        # One write for all who hold the same, not one for each partner.
        for types, partners in self.grouped(
            lambda p: held[p.commercial_partner_id].type_id.sorted("id")
            if p.commercial_partner_id in held
            else none
        ).items():
            partners.customer_type_ids = [Command.set(types.ids)]

    @api.depends("customer_type_ids", "customer_type_ids.sequence")
    def _compute_customer_type_id(self):
        for partner in self:
            partner.customer_type_id = partner.customer_type_ids.sorted()[:1]

    def _inverse_customer_type_ids(self):
        """Adding a chip makes an assignment, removing one ends it: the ledger stays the truth."""
        assignment_model = self.env["customer.type.assignment"]
        source = "import" if self.env.context.get("import_file") else "manual"
        wanted_by_holder = {p.commercial_partner_id: p.customer_type_ids for p in self}
        open_assignments = assignment_model.search(
            Domain("partner_id", "in", [p.id for p in wanted_by_holder])
            & Domain("state", "=", "current")
        ).grouped("partner_id")
        to_end = assignment_model
        for holder, wanted in wanted_by_holder.items():
            current = open_assignments.get(holder, assignment_model)
            holder._assign_customer_types(wanted - current.type_id, source=source)
            to_end += current.filtered(lambda a, wanted=wanted: a.type_id not in wanted)
        to_end._check_removable()
        to_end._end(self.env._("Removed by %s", self.env.user.name))
        # What was typed is only a wish: types of other companies, which it cannot see, stay.
        self.env.add_to_compute(self._fields["customer_type_ids"], self.sudo())

    def _assign_customer_types(
        self, types, source="manual", date_from=None, date_to=None, reason=None, origin=None
    ):
        """Give types to these partners; to their commercial partners where they are contacts.

        Where an assignment from the same source and origin is open already, it gets the new dates
        and reason: saying a thing twice does no harm.

        :param types: customer.type records
        :param str source: one of the assignment's sources
        :param date date_from: first day in the zone of the type's company; today by default
        :param date date_to: last day, included; None for good
        :param str reason: free text for the history
        :param origin: the record that gives the type, if one does
        :return: the open assignments, new and old
        """
        assignment_model = self.env["customer.type.assignment"]
        origin_key = f"{origin._name},{origin.id}" if origin else False
        holders = self.sudo().commercial_partner_id.sudo(self.env.su)
        open_assignments = {
            (a.partner_id, a.type_id): a
            for a in assignment_model.search(
                Domain("partner_id", "in", holders.ids)
                & Domain("type_id", "in", types.ids)
                & Domain("source", "=", source)
                & Domain("state", "!=", "ended")
            )
            if a._origin_key() == origin_key
        }
        vals_list = []
        result = assignment_model
        for holder in holders:
            for customer_type in types:
                first_day = date_from or assignment_model._today(customer_type.company_id)
                if assignment := open_assignments.get((holder, customer_type)):
                    vals = {"date_to": date_to}
                    if date_from or assignment.state == "scheduled":
                        vals["date_from"] = first_day
                    if reason:
                        vals["reason"] = reason
                    assignment.write(vals)
                    result += assignment
                    continue
                vals_list.append(
                    {
                        "partner_id": holder.id,
                        "type_id": customer_type.id,
                        "source": source,
                        "date_from": first_day,
                        "date_to": date_to,
                        "reason": reason,
                        "origin_ref": origin_key,
                    }
                )
        return result + assignment_model.create(vals_list)

    def _customer_types_changed(self):
        """Hook: the types these commercial partners hold, or what these types give, has changed.

        Called once per batch, in the same transaction, after the projection is up to date.
        Whatever was decided from the former types and is still open is to be decided again.
        """

    def _log_customer_types_change(self, before):
        """Say on the customer what changed.

        :param dict before: the types (customer.type) each partner held before
        """
        if self.env.context.get("tracking_disable"):
            return
        none = self.env._("none")
        bodies = {}
        for partner in self:
            old = ", ".join(before[partner].sorted().mapped("name")) or none
            new = ", ".join(partner.customer_type_ids.sorted().mapped("name")) or none
            bodies[partner.id] = self.env._("Customer types: %(old)s → %(new)s", old=old, new=new)
        self._message_log_batch(bodies)

    # -- Staying with the commercial partner --------------------------------

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"}:
            self._end_types_of_contacts()
        return res

    def _end_types_of_contacts(self):
        """A person who becomes a contact gets what the company gets, and no more."""
        contacts = self.sudo().filtered(lambda p: p.commercial_partner_id != p)
        own = contacts.customer_type_assignment_ids.filtered(lambda a: a.state != "ended")
        for contact, assignments in own.grouped("partner_id").items():
            assignments._end(
                self.env._("Became a contact of %s", contact.commercial_partner_id.display_name)
            )

    def _create_contact_parent_company(self):
        """A customer who turns out to be a company stays the customer it was."""
        company = super()._create_contact_parent_company()
        if company:
            self.sudo().customer_type_assignment_ids._move_to(company)
        return company

    # -- Actions -----------------------------------------------------------

    def action_view_type_history(self):
        """:return: an action that lists what the customer held, holds and will hold"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.customer_type_assignment_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action

