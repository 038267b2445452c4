from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import frozendict


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
    # Each page asks for them: they come with the row of the customer, without a query.
    customer_type_key = fields.Char(
        compute="_compute_customer_type_id",
        store=True,
        compute_sudo=True,
        groups=fields.NO_ACCESS,
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
        held = self.commercial_partner_id._origin._get_held_types()
        # One write for all who hold the same, not one for each partner.
        for types, partners in self.grouped(lambda p: p._project_types(held)).items():
            partners.customer_type_ids = [Command.set(types.ids)]

    def _get_held_types(self):
        """Ask the ledger, not the projection, which may be a wish that somebody is typing.

        :return: the types (customer.type) that these commercial partners hold today, by partner
        :rtype: dict
        """
        assignments = (
            self.env["customer.type.assignment"]
            .sudo()
            .search(
                Domain("partner_id", "in", self.ids)
                & Domain("state", "=", "current")
                & Domain("type_id.active", "=", True)
            )
        )
        held = dict.fromkeys(self, assignments.type_id.browse())
        for holder, holdings in assignments.grouped("partner_id").items():
            held[holder] = holdings.type_id.sorted("id")
        return held

    def _project_types(self, held):
        """
        :param dict held: the types (customer.type) that commercial partners hold today
        :return: the types that this partner shows
        """
        self.ensure_one()
        holder = self.commercial_partner_id._origin
        types = held.get(holder, self.env["customer.type"])
        if self.id:
            return types
        # A draft in a form keeps what was typed, unless it goes to another holder.
        if holder == self._origin.commercial_partner_id:
            return self.customer_type_ids
        return types.sudo(False)._filtered_access("read")

    @api.depends("customer_type_ids", "customer_type_ids.sequence")
    def _compute_customer_type_id(self):
        for partner in self:
            partner.customer_type_id = partner.customer_type_ids.sorted()[:1]
            partner.customer_type_key = ",".join(map(str, partner.customer_type_ids.ids))

    def _get_customer_type_ids(self):
        """:return: the ids of the types that this customer holds today
        :rtype: list[int]
        """
        self.ensure_one()
        key = self.sudo().customer_type_key
        return [int(type_id) for type_id in key.split(",")] if key else []

    def _inverse_customer_type_ids(self):
        """Adding a chip makes an assignment, removing one ends it: the ledger stays the truth.

        A contact adds to what its company holds; it takes nothing away.
        """
        assignment_model = self.env["customer.type.assignment"]
        source = "import" if self.env.context.get("import_file") else "manual"
        wanted = defaultdict(self.env["customer.type"].browse)
        for partner in self:
            wanted[partner.commercial_partner_id] |= partner.customer_type_ids._filtered_access(
                "read"
            )
        # What is held of an archived type is no chip, and waits in the ledger for its return.
        current = assignment_model.search(
            Domain("partner_id", "in", [p.id for p in wanted])
            & Domain("state", "=", "current")
            & Domain("type_id.active", "=", True)
        )
        held = current.grouped("partner_id")
        added = defaultdict(self.browse)
        for holder, types in wanted.items():
            added[types - held.get(holder, assignment_model).type_id] += holder
        for types, holders in added.items():
            if types:
                holders._assign_customer_types(types, source=source)
        to_end = current.filtered(
            lambda a: a.partner_id in self and a.type_id not in wanted[a.partner_id]
        )
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
        to_write = defaultdict(assignment_model.browse)
        for holder in holders:
            for customer_type in types:
                first_day = date_from or assignment_model._today(customer_type.company_id)
                if assignment := open_assignments.get((holder, customer_type)):
                    vals = {"date_to": date_to}
                    if date_from or assignment.state == "scheduled":
                        vals["date_from"] = first_day
                    if reason:
                        vals["reason"] = reason
                    to_write[frozendict(vals)] += assignment
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
        result = assignment_model.create(vals_list)
        for vals, assignments in to_write.items():
            assignments.write(dict(vals))
            result += assignments
        return result

    def _customer_types_changed(self):
        """Hook: the types these commercial partners hold, or what these types give, has changed.

        Called once per batch, in the same transaction, after the projection is up to date.
        Whatever was decided from the former types and is still open is to be decided again.
        """

    def _log_customer_types_change(self, before, after):
        """Say on the customer what changed.

        :param dict before: the types (customer.type) each partner held before
        :param dict after: those it holds now
        """
        if self.env.context.get("tracking_disable"):
            return
        none = self.env._("none")
        bodies = {}
        for partner in self:
            old = ", ".join(before[partner].sorted().mapped("name")) or none
            new = ", ".join(after[partner].sorted().mapped("name")) or none
            bodies[partner.id] = self.env._("Customer types: %(old)s → %(new)s", old=old, new=new)
        self._message_log_batch(bodies)

    # -- Staying with the commercial partner --------------------------------

    def read(self, fields=None, load="_classic_read"):
        # The projection is made with all rights; what it leaves in the cache is not for all eyes.
        if not self.env.su and (fields is None or "customer_type_ids" in fields):
            self.invalidate_recordset(["customer_type_ids"])
        return super().read(fields, load)

    def write(self, vals):
        if not vals.keys() & {"parent_id", "is_company"}:
            return super().write(vals)
        customers = self.sudo()
        held = customers.commercial_partner_id._get_held_types()
        before = {customer: held[customer.commercial_partner_id] for customer in customers}
        res = super().write(vals)
        self._end_types_of_contacts()
        held = customers.commercial_partner_id._get_held_types()
        moved = customers.filtered(lambda p: held[p.commercial_partner_id] != before[p])
        if moved:
            moved.commercial_partner_id._customer_types_changed()
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
