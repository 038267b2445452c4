import logging
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, frozendict

from . import clock
from .touch import touch

_logger = logging.getLogger(__name__)

# What somebody gave and somebody may take back by removing the chip. The other sources are
# kept by something that goes on (a rule, a membership): removing the chip would not last.
REMOVABLE_SOURCES = ("manual", "import", "signup", "application")


class CustomerTypeAssignment(models.Model):
    """The ledger of who held which type, when and why.

    Lines are ended, never deleted: they are the history. Days are calendar days in the time zone
    of the type's company, first and last day included.
    """

    _name = "customer.type.assignment"
    _description = "Customer Type Assignment"
    _order = "date_from desc, id desc"
    _rec_name = "type_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    type_id = fields.Many2one(
        "customer.type", string="Customer Type", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="type_id.company_id", store=True)
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._today(self.env.company)
    )
    date_to = fields.Date(string="To", help="The last day. Empty: for good.")
    state = fields.Selection(
        [("scheduled", "Scheduled"), ("current", "Current"), ("ended", "Ended")],
        required=True,
        readonly=True,
        copy=False,
        default="current",
        index=True,
    )
    source = fields.Selection(
        [
            ("manual", "By hand"),
            ("rule", "Rule"),
            ("club", "Club"),
            ("order", "Purchase"),
            ("signup", "Sign-up"),
            ("application", "Application"),
            ("import", "Import"),
        ],
        required=True,
        readonly=True,
        default=lambda self: "import" if self.env.context.get("import_file") else "manual",
    )
    origin_ref = fields.Reference(
        selection="_selection_origin_ref",
        string="Origin",
        readonly=True,
        copy=False,
        help="The record that gave the type, for example the order line of a membership.",
    )
    reason = fields.Char()
    ended_at = fields.Datetime(string="Ended on", readonly=True, copy=False)
    end_reason = fields.Char(string="Why it ended", readonly=True, copy=False)

    _open_uniq = models.UniqueIndex(
        "(partner_id, type_id, source, COALESCE(origin_ref, '')) WHERE state != 'ended'",
        "This customer holds this type already from the same source.",
    )
    _due_idx = models.Index("(date_from, date_to) WHERE state != 'ended'")
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The last day of an assignment cannot be before its first.",
    )

    @api.model
    def _selection_origin_ref(self):
        """Models whose records may give a type; a capability adds its own."""
        return [("sale.order.line", self.env._("Sales Order Line"))]

    @api.depends("type_id", "partner_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = (
                f"{assignment.type_id.display_name} · {assignment.partner_id.display_name}"
            )

    # -- Days and states ---------------------------------------------------

    @api.model
    def _timezone(self, company):
        """:param company: res.company, may be empty
        :return: the time zone (pytz) in which days of that company begin
        """
        company = company or self.env.company
        name = company.sudo().partner_id.tz or self.env.user.tz or "UTC"
        return pytz.timezone(name)

    @api.model
    def _today(self, company):
        """:return: the calendar day (date) it is now in the company's time zone"""
        return clock.local_day(fields.Datetime.now(), self._timezone(company))

    @api.model
    def _start_of_day(self, company, day):
        """:return: the instant (naive UTC datetime) at which that day (date) begins there"""
        return clock.to_utc(datetime.combine(day, time()), self._timezone(company))

    @api.model
    def _state_on(self, today, date_from, date_to):
        """:return: the state that these dates (date, or None for no last day) call for"""
        if date_to and date_to < today:
            return "ended"
        return "scheduled" if date_from > today else "current"

    def _expiry_values(self, company, date_to):
        """:return: values of an assignment whose last day (date) is over

        The true moment is kept, also where the scheduler slept for a week.
        """
        return {
            "state": "ended",
            "ended_at": self._start_of_day(company, date_to + timedelta(days=1)),
            "end_reason": self.env._("Its last day is over"),
        }

    def _refresh_state(self):
        """Bring the states of open assignments in line with their dates."""
        by_values = defaultdict(self.browse)
        for assignment in self.filtered(lambda a: a.state != "ended"):
            company = assignment.company_id
            state = self._state_on(self._today(company), assignment.date_from, assignment.date_to)
            if state == assignment.state:
                continue
            values = {"state": state}
            if state == "ended":
                values = self._expiry_values(company, assignment.date_to)
            by_values[frozendict(values)] += assignment
        for values, assignments in by_values.items():
            assignments._write_ledger(dict(values))

    @contextmanager
    def _watch_holders(self, partners):
        """Tell the partners among ``partners`` whose types the block changed, once."""
        partners = partners.sudo()
        # Each of two would otherwise project the ledger as it was before the other one.
        touch(partners)
        before = partners._get_held_types()
        yield
        after = partners._get_held_types()
        # A search by type does not wait for what is still to be computed.
        partners.flush_model(["customer_type_ids", "customer_type_id"])
        changed = partners.filtered(lambda p: after[p] != before[p])
        if changed:
            changed._log_customer_types_change(before, after)
            changed._customer_types_changed()

    # -- CRUD --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        holder_ids = {p.id: p.commercial_partner_id.id for p in partners.sudo()}
        vals_list = [
            {
                **vals,
                **self._first_state(vals),
                "partner_id": holder_ids.get(vals.get("partner_id")),
            }
            for vals in vals_list
        ]
        self._check_not_open_already([v for v in vals_list if v["state"] != "ended"])
        with self._watch_holders(self.env["res.partner"].browse(set(holder_ids.values()))):
            assignments = super().create(vals_list)
        assignments._schedule_refresh()
        return assignments

    @api.model
    def _first_state(self, vals):
        """:return: the state, and what goes with it, that an assignment with these values has"""
        company = self.env["customer.type"].browse(vals.get("type_id")).sudo().company_id
        today = self._today(company)
        date_from = fields.Date.to_date(vals.get("date_from")) or today
        date_to = fields.Date.to_date(vals.get("date_to"))
        state = self._state_on(today, date_from, date_to)
        if state == "ended" and date_to >= date_from:
            # History that is told after the fact keeps the reason it is told with.
            reason = {name: vals[name] for name in ("end_reason", "ended_at") if vals.get(name)}
            return {**self._expiry_values(company, date_to), **reason}
        return {"state": state}

    def write(self, vals):
        if vals.keys() & {"partner_id", "type_id"} and any(
            vals[name] != assignment[name].id
            for assignment in self
            for name in vals.keys() & {"partner_id", "type_id"}
        ):
            raise UserError(
                self.env._(
                    "An assignment stays with its customer and type: it is the history. "
                    "End it and make a new one."
                )
            )
        if vals.keys() & {"date_from", "date_to"} and "ended" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "This assignment has ended. Make a new one instead of changing its dates."
                )
            )
        vals = {name: value for name, value in vals.items() if name != "state"}
        with self._watch_holders(self.partner_id):
            res = super().write(vals)
            if vals.keys() & {"date_from", "date_to"}:
                self._refresh_state()
        if vals.keys() & {"date_from", "date_to"}:
            self._schedule_refresh()
        return res

    def _write_ledger(self, vals):
        """Write what the ledger itself decides, past the checks that are for people."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.constrains("partner_id", "type_id")
    def _check_same_company(self):
        for assignment in self.sudo():
            company = assignment.type_id.company_id
            partner_company = assignment.partner_id.company_id
            if company and partner_company and company != partner_company:
                raise ValidationError(
                    self.env._(
                        "%(partner)s belongs to %(partner_company)s, the type %(type)s to "
                        "%(company)s.",
                        partner=assignment.partner_id.display_name,
                        partner_company=partner_company.name,
                        type=assignment.type_id.name,
                        company=company.name,
                    )
                )

    def _check_not_open_already(self, vals_list):
        """Say in words, row by row for an import, what the unique index would refuse."""
        default_source = self.default_get(["source"]).get("source")
        wanted = [
            (
                vals.get("partner_id"),
                vals.get("type_id"),
                vals.get("source") or default_source,
                vals.get("origin_ref") or False,
            )
            for vals in vals_list
        ]
        found = {
            (a.partner_id.id, a.type_id.id, a.source, a._origin_key()): a
            for a in self.sudo().search(
                Domain("partner_id", "in", [key[0] for key in wanted])
                & Domain("type_id", "in", [key[1] for key in wanted])
                & Domain("state", "!=", "ended")
            )
        }
        for key in wanted:
            if assignment := found.get(key):
                raise ValidationError(
                    self.env._(
                        "%(partner)s holds %(type)s already, since %(date)s. Change the dates of "
                        "that assignment, or end it first.",
                        partner=assignment.partner_id.display_name,
                        type=assignment.type_id.name,
                        date=format_date(self.env, assignment.date_from),
                    )
                )

    def _origin_key(self):
        """:return: ``"model,id"`` of the origin, or False"""
        return f"{self.origin_ref._name},{self.origin_ref.id}" if self.origin_ref else False

    # -- Ending ------------------------------------------------------------

    def _end(self, reason):
        """End the open ones among these assignments now. Other sources of the type stay.

        :param str reason: why, for the history
        """
        open_assignments = self.filtered(lambda a: a.state != "ended")
        with self._watch_holders(open_assignments.partner_id):
            open_assignments._write_ledger(
                {"state": "ended", "ended_at": fields.Datetime.now(), "end_reason": reason}
            )

    def action_end(self):
        """Button of the history: end these assignments now, by hand."""
        self.check_access("write")
        self._end(self.env._("Ended by %s", self.env.user.name))
        return True

    def _check_removable(self):
        """:raise UserError: naming the source, where one of these is kept by something else"""
        for assignment in self.filtered(lambda a: a.source not in REMOVABLE_SOURCES):
            raise UserError(
                self.env._(
                    "%(partner)s holds %(type)s from another source (%(label)s). "
                    "End that assignment in the type history.",
                    partner=assignment.partner_id.display_name,
                    type=assignment.type_id.name,
                    label=assignment._source_label(),
                )
            )

    def _source_label(self):
        """:return: the source in the user's language"""
        self.ensure_one()
        return dict(self._fields["source"]._description_selection(self.env))[self.source]

    def _move_to(self, partner):
        """Carry the open ones among these assignments over to another commercial partner.

        Where that one has the same assignment open already, it gets the longer of both periods.
        """
        for assignment in self.filtered(lambda a: a.state != "ended"):
            key = assignment._open_key()
            same = partner.customer_type_assignment_ids.filtered(
                lambda a, key=key: a.state != "ended" and a._open_key() == key
            )
            if not same:
                with self._watch_holders(assignment.partner_id + partner):
                    assignment._write_ledger({"partner_id": partner.id})
                continue
            last_days = (same.date_to, assignment.date_to)
            same.write(
                {
                    "date_from": min(same.date_from, assignment.date_from),
                    "date_to": max(last_days) if all(last_days) else False,
                }
            )
            assignment._end(self.env._("Merged into %s", partner.display_name))

    def _open_key(self):
        """:return: what may be open only once for a partner"""
        return self.type_id, self.source, self._origin_key()

    # -- Scheduled starts and ends -----------------------------------------

    def _schedule_refresh(self):
        """Wake the scheduled action at the very moments these assignments start and end."""
        moments = set()
        for assignment in self.filtered(lambda a: a.state != "ended"):
            company = assignment.company_id
            days = {assignment.date_from}
            # The last day there is stands for "for good" in many a file that is imported.
            if assignment.date_to and assignment.date_to < date.max:
                days.add(assignment.date_to + timedelta(days=1))
            today = self._today(company)
            moments.update(self._start_of_day(company, day) for day in days if day > today)
        cron = self.env.ref("customer_type.cron_apply_due", raise_if_not_found=False)
        if moments and cron:
            cron.sudo()._trigger(at=moments)

    @api.model
    def _due_domain(self):
        """:return: Domain of open assignments that should have started or ended by now"""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search([])  # pylint: disable=no-search-all
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & (
                (Domain("state", "=", "scheduled") & Domain("date_from", "<=", today))
                | (Domain("state", "!=", "ended") & Domain("date_to", "<", today))
            )
            for company in [companies.browse(), *companies]
            for today in [self._today(company)]
        )

    @api.model
    def _cron_apply_due(self, batch_size=500):
        """Start and end what is due, however long ago, in batches that can be interrupted."""
        domain = self._due_domain()
        due = self.search(domain, order="date_from, id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for start in range(0, len(due), batch_size):
            batch = due[start : start + batch_size]
            # Locked rows are being changed by somebody: they come with the next hour's run.
            locked = batch.try_lock_for_update().filtered_domain(domain)
            if not locked._apply_due():
                # One customer in trouble must not keep all others waiting.
                for assignment in locked:
                    assignment._apply_due()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _apply_due(self):
        """Start or end these assignments, or leave them for the next run where that fails.

        :return: whether it worked
        """
        try:
            with self.env.cr.savepoint(), self._watch_holders(self.partner_id):
                self._refresh_state()
        except Exception:
            _logger.warning("%s could not be started or ended", self, exc_info=True)
            return False
        return True
