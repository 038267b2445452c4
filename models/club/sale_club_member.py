from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..segment.isolated import call_isolated

_OPEN_STATES = ("waiting", "active", "held")


class SaleClubMember(models.Model):
    """A customer in a club. Its state changes through methods only, each with a reason."""

    _name = "sale.club.member"
    _description = "Club Member"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "joined_on desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    club_id = fields.Many2one(
        "sale.club", required=True, ondelete="restrict", index=True, tracking=True
    )
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who pays.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting list"),
            ("active", "Active"),
            ("held", "On hold"),
            ("cancelled", "Cancelled"),
            ("ended", "Ended"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    reason_code = fields.Selection(
        [
            ("choice", "Member's wish"),
            ("staff", "By staff"),
            ("order", "Order cancelled"),
            ("declined", "Card declined"),
            ("moved", "Changed club"),
            ("merge", "Customers merged"),
            ("complete", "All shipments sent"),
        ],
        string="Kind of Reason",
        readonly=True,
        copy=False,
        help="Why the member left or is on hold, for reports.",
    )
    reason = fields.Char(readonly=True, copy=False, tracking=True)
    joined_on = fields.Date(readonly=True, copy=False)
    left_on = fields.Date(readonly=True, copy=False)
    held_from = fields.Date(readonly=True, copy=False)
    held_until = fields.Date(
        string="Hold until",
        copy=False,
        tracking=True,
        help="The first day on which the member takes part again. Empty: until resumed.",
    )
    waiting_since = fields.Datetime(readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order", string="Joined by", readonly=True, copy=False, index="btree_not_null"
    )
    # Where, what, how
    receiver_id = fields.Many2one(
        "res.partner", help="Who gets the shipments, where that is somebody else: a gift."
    )
    address_id = fields.Many2one("res.partner", string="Delivery Address")
    is_pickup = fields.Boolean(string="Picks up")
    payment_token_id = fields.Many2one(
        "payment.token",
        string="Card",
        domain="[('partner_id.commercial_partner_id', '=', commercial_partner_id)]",
        groups="base.group_user",
    )
    card_expires_on = fields.Date(
        help="The last day on which the card works, where it is known.", groups="base.group_user"
    )
    line_ids = fields.One2many("sale.club.pack.line", "member_id", string="Own Pack")
    delivery_note = fields.Char()
    note = fields.Html(string="Notes")
    # Gifts and commitments
    greeting = fields.Text()
    ends_after = fields.Integer(help="The membership ends after so many shipments. Zero: never.")
    skip_next = fields.Boolean(readonly=True, copy=False)
    is_welcome_due = fields.Boolean(default=True, readonly=True, copy=False)
    is_fee_due = fields.Boolean(
        string="Fee with the first shipment",
        copy=False,
        help="The membership was not bought: the first shipment contains, and charges, it.",
    )
    shipment_ids = fields.One2many("sale.club.shipment", "member_id")
    shipment_count = fields.Integer(compute="_compute_shipment_counts", string="Sent")
    skips_used = fields.Integer(
        compute="_compute_shipment_counts", help="Skipped by wish within the last year."
    )
    commitment_left = fields.Integer(compute="_compute_shipment_counts")

    _open_uniq = models.UniqueIndex(
        "(club_id, partner_id) WHERE state IN ('waiting', 'active', 'held')",
        "This customer is a member of the club already.",
    )
    _ends_after_positive = models.Constraint(
        "CHECK(ends_after >= 0)", "A membership cannot end after less than no shipment."
    )

    @api.model
    def _open_states(self):
        """:return: the states of members who have not left"""
        return _OPEN_STATES

    @api.depends("partner_id", "club_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = f"{member.club_id.name} · {member.partner_id.display_name}"

    @api.depends("shipment_ids.state", "shipment_ids.is_skip_wish")
    def _compute_shipment_counts(self):
        shipments = self.env["sale.club.shipment"].sudo()
        domain = Domain("member_id", "in", self.ids)
        sent = dict(
            shipments._read_group(domain & Domain("state", "=", "done"), ["member_id"], ["__count"])
        )
        year_ago = fields.Date.today() - timedelta(days=365)
        skipped = dict(
            shipments._read_group(
                domain
                & Domain("state", "=", "skipped")
                & Domain("is_skip_wish", "=", True)
                & Domain("run_id.ship_date", ">", year_ago),
                ["member_id"],
                ["__count"],
            )
        )
        for member in self:
            member.shipment_count = sent.get(member._origin, 0)
            member.skips_used = skipped.get(member._origin, 0) + bool(member.skip_next)
            member.commitment_left = max(member.club_id.commitment - member.shipment_count, 0)

    @api.constrains("payment_token_id", "partner_id")
    def _check_token(self):
        for member in self.sudo().filtered("payment_token_id"):
            owner = member.payment_token_id.partner_id.commercial_partner_id
            if owner != member.partner_id.commercial_partner_id:
                raise ValidationError(self.env._("This card belongs to somebody else."))

    # -- CRUD ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["state"] = "waiting"
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals:
            raise UserError(
                self.env._("Use the buttons: the state of a member follows what happens to it.")
            )
        if "club_id" in vals and any(m.club_id.id != vals["club_id"] for m in self):
            raise UserError(self.env._("Use “Change club”, so that the type follows."))
        if until := fields.Date.to_date(vals.get("held_until")):
            self._check_hold_end(until)
        res = super().write(vals)
        if vals.get("payment_token_id"):
            self._retry_with_new_card()
        return res

    def _retry_with_new_card(self):
        """Try the new card for what waits for one; to members on hold nothing is sent."""
        for member in self.filtered(lambda m: m.state == "active"):
            member._get_unpaid_shipment()._retry()

    def _get_unpaid_shipment(self):
        """:return: the latest shipment that was to be sent, where that still waits for a card, or
        none; what lies further back is over
        """
        self.ensure_one()
        begun = self.sudo().shipment_ids.filtered("run_id.started_at")
        latest = begun.sorted("ship_date")[-1:]
        return latest.filtered(
            lambda s: s.state == "failed" and (s.next_retry or s.failure == "card")
        )

    def _write_state(self, vals):
        """Write what only the methods of this model decide."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(member.state != "waiting" or member.shipment_ids for member in self):
            raise UserError(self.env._("Members are cancelled, not deleted: they are the history."))

    # -- Coming and going ----------------------------------------------------

    def _wait(self):
        """Put those on the waiting list for whom there is no place."""
        self._write_state({"waiting_since": fields.Datetime.now()})

    def _get_waiting_number(self):
        """:return: how many places have to become free until this member gets one"""
        self.ensure_one()
        return self.search_count(
            [("club_id", "=", self.club_id.id), ("state", "=", "waiting"), ("id", "<=", self.id)]
        )

    def _activate(self):
        """Make members of those who wait."""
        for club, members in (
            self.filtered(lambda m: m.state == "waiting").grouped("club_id").items()
        ):
            members._write_state({"state": "active", "joined_on": club._today()})
            members._sync_benefits()
            members._join_open_runs()

    def _join_open_runs(self):
        """Take those who have just joined into runs that are still open, where the club does so."""
        for club, members in self.grouped("club_id").items():
            if club.join_rule != "window":
                continue
            runs = club.run_ids.filtered(lambda r: r.state == "window" and not r._is_closed())
            runs._add_members(members)

    def _leave(self, state, code, reason):
        """Let open members go; the club takes back the type it gave, and no other.

        :param str state: ``cancelled`` or ``ended``
        :param str code: one of the kinds of reason
        :param str reason: in words
        """
        leaving = self.filtered(lambda m: m.state in _OPEN_STATES)
        for club, members in leaving.grouped("club_id").items():
            members._write_state(
                {
                    "state": state,
                    "reason_code": code,
                    "reason": reason,
                    "left_on": club._today(),
                    "held_until": False,
                    "skip_next": False,
                }
            )
        if leaving:
            leaving._sync_benefits()
            leaving.sudo().shipment_ids._drop_open(reason)
            leaving.club_id._admit_waiting()

    def _leave_double(self, kept, reason):
        """Let these go, whose customer is a member by another membership, too: in no run are there
        two shipments for one customer, as far as that can still be. A person looks at the rest.

        :param kept: the membership that stays
        :param str reason: in words
        """
        self._leave("cancelled", "merge", reason)
        runs = (
            kept.sudo()
            .shipment_ids.filtered(lambda s: s.state in ("waiting", "done", "failed"))
            .run_id
        )
        doubles = self.sudo().shipment_ids.filtered(
            lambda s: s.run_id in runs and s.state != "skipped"
        )
        twice = doubles - doubles._drop_double(reason)
        words = [
            self.env._(
                "The customer was a member twice. The later membership has ended; its card, "
                "address and choice are not taken over."
            )
        ]
        if twice:
            words.append(
                self.env._("Sent or charged twice: %s", ", ".join(twice.run_id.mapped("name")))
            )
        kept.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Two memberships became one"),
            note=" ".join(words),
            user_id=(kept.club_id.user_id or self.env.user).id,
        )

    def _hold(self, until=None, code="choice", reason=None):
        """Send nothing to active members for a while.

        :param date until: the first day on which they take part again; None: until resumed
        """
        active = self.filtered(lambda m: m.state == "active")
        for club, members in active.grouped("club_id").items():
            if until:
                members._check_hold_end(until)
            members._write_state(
                {
                    "state": "held",
                    "held_from": club._today(),
                    "held_until": until,
                    "reason_code": code,
                    "reason": reason,
                }
            )
        if active:
            active._sync_benefits()
            active.sudo().shipment_ids._hold_open(reason or self.env._("On hold"))

    def _check_hold_end(self, until):
        """:raise UserError: where a hold cannot end on that day (date)"""
        if any(until <= club._today() for club in self.club_id):
            raise UserError(self.env._("A hold ends on a day to come."))

    def _resume(self):
        """Let held members take part again, also in runs that are still open."""
        held = self.filtered(lambda m: m.state == "held")
        held._write_state(
            {
                "state": "active",
                "held_from": False,
                "held_until": False,
                "reason_code": False,
                "reason": False,
            }
        )
        if held:
            held._sync_benefits()
            held.sudo().shipment_ids._release_held()
            held._join_open_runs()

    def _change_club(self, club):
        """Move a member to another club of the company. It stays a member since it joined.

        :raise UserError: where it is a member there already, or there is no place
        """
        self.ensure_one()
        if self.state not in ("active", "held") or club.company_id != self.company_id:
            raise UserError(
                self.env._("%s cannot be moved to this club.", self.partner_id.display_name)
            )
        if club._get_open_members(self.partner_id):
            raise UserError(
                self.env._("%s is a member there already.", self.partner_id.display_name)
            )
        club._lock_places()
        if club._count_free_places() < 1:
            raise UserError(self.env._("%s has no free place.", club.name))
        former = self.club_id
        self.sudo().shipment_ids._drop_open(self.env._("Moved to %s", club.name))
        # What was chosen in one club is not on offer in the other.
        self.sudo().line_ids.unlink()
        self._write_state({"club_id": club.id, "skip_next": False})
        self.env["sale.club.move"].sudo().create(
            {
                "member_id": self.id,
                "from_club_id": former.id,
                "to_club_id": club.id,
                "date": club._today(),
            }
        )
        self._message_log(
            body=self.env._("Moved from %(old)s to %(new)s", old=former.name, new=club.name)
        )
        self._sync_benefits()
        if self.state == "active":
            self._join_open_runs()
        former._admit_waiting()

    # -- Where it goes -------------------------------------------------------

    def _get_delivery_address(self):
        """:return: res.partner to whom shipments go, none: as orders of the customer do. A gift
        goes to who gets it, though an address of the payer came with the order of the membership.
        """
        self.ensure_one()
        receiver, address = self.receiver_id, self.address_id
        if receiver and receiver not in address | address.parent_id:
            return receiver
        return address

    def _get_order_note(self):
        """:return: what the order of each shipment says to those who pack and deliver it"""
        self.ensure_one()
        return "\n".join(filter(None, [self.greeting, self.delivery_note]))

    # -- Skipping ------------------------------------------------------------

    def _get_open_shipment(self):
        """:return: the shipment that the member may still change, or none"""
        self.ensure_one()
        shipments = self.sudo().shipment_ids.filtered(
            lambda s: s.state in ("waiting", "skipped") and s._is_changeable()
        )
        return shipments.sorted(lambda s: s.run_id.ship_date)[:1]

    def _skip(self):
        """Leave out the next shipment, of a run that is open or of the next one to come.

        :raise UserError: where the member has no skips left
        """
        self.ensure_one()
        if self.state != "active":
            raise UserError(self.env._("Only active members skip."))
        shipment = self._get_open_shipment()
        if (shipment.state == "skipped") if shipment else self.skip_next:
            return
        if self.skips_used >= self.club_id.skips_per_year:
            raise UserError(
                self.env._("%s shipments a year can be skipped.", self.club_id.skips_per_year)
            )
        if shipment:
            shipment._write_outcome("skipped", reason=self.env._("Skipped"), is_skip_wish=True)
        else:
            self._write_state({"skip_next": True})

    def _undo_skip(self):
        """Take back a skip, as long as the window is open."""
        self.ensure_one()
        shipment = self._get_open_shipment()
        if shipment.state == "skipped" and shipment.is_skip_wish:
            shipment._reopen()
        self._write_state({"skip_next": False})

    # -- The type ------------------------------------------------------------

    def _has_benefits(self):
        """:return: whether the member holds the type of its club today"""
        self.ensure_one()
        return self.state == "active" or (
            self.state == "held" and self.club_id.hold_benefits == "kept"
        )

    def _sync_benefits(self):
        """Give the type of the club to those who should have it, and end what others have of it."""
        if not self:
            return
        members = self.sudo()
        assignments = self.env["customer.type.assignment"].sudo()
        open_assignments = assignments.search(
            Domain("source", "=", "club")
            & Domain("state", "!=", "ended")
            & Domain("origin_ref", "in", [f"{self._name},{member.id}" for member in members])
        )
        by_member = open_assignments.grouped(lambda a: a.origin_ref.id)
        vals_list, to_end = [], assignments
        for member in members:
            has = by_member.get(member.id, assignments)
            wanted = member.club_id.customer_type_id if member._has_benefits() else None
            holder = member.partner_id.commercial_partner_id
            right = has.filtered(lambda a, t=wanted, p=holder: a.type_id == t and a.partner_id == p)
            to_end += has - right
            if wanted and not right:
                vals_list.append(
                    {
                        "partner_id": holder.id,
                        "type_id": wanted.id,
                        "source": "club",
                        "date_from": assignments._today(wanted.company_id),
                        "reason": member.club_id.name,
                        "origin_ref": f"{self._name},{member.id}",
                    }
                )
        if to_end:
            to_end._end(self.env._("The membership in the club does not give it any more"))
        if vals_list:
            assignments.create(vals_list)

    # -- Scheduled actions ---------------------------------------------------

    @api.model
    def _cron_follow_members(self):
        """Resume holds that are over, end what is complete, give places to those who wait."""
        progress = self.env["ir.cron"]._commit_progress
        tomorrow = fields.Date.today() + timedelta(days=1)
        held = self.search([("state", "=", "held"), ("held_until", "<=", tomorrow)])
        limited = self.search([("state", "in", ("active", "held")), ("ends_after", ">", 0)])
        clubs = self.env["sale.club"].search([("member_ids.state", "=", "waiting")])
        todo = [
            *((self, member_id, "_resume_due") for member_id in held.ids),
            *((self, member_id, "_end_complete") for member_id in limited.ids),
            *((clubs, club_id, "_admit_waiting") for club_id in clubs.ids),
        ]
        progress(remaining=len(todo))
        for model, record_id, method in todo:
            # A record of its own: a commit empties the cache for all that were read with it.
            call_isolated(model.browse(record_id), method)
            if not progress(1):
                return

    def _resume_due(self):
        due = self.filtered(
            lambda m: m.state == "held" and m.held_until and m.held_until <= m.club_id._today()
        )
        due._resume()

    def _end_complete(self):
        complete = self.filtered(lambda m: m.ends_after and m.shipment_count >= m.ends_after)
        complete._leave("ended", "complete", self.env._("All shipments were sent"))

    # -- Actions -------------------------------------------------------------

    def action_activate(self):
        """Button: make members of those on the waiting list, past the cap."""
        self.check_access("write")
        self._activate()
        return True

    def action_hold(self):
        """Button: hold until the day that was set, or until somebody resumes."""
        self.check_access("write")
        reason = self.env._("Held by %s", self.env.user.name)
        for until, members in self.grouped("held_until").items():
            members._hold(until or None, code="staff", reason=reason)
        return True

    def action_resume(self):
        """Button: let held members take part again."""
        self.check_access("write")
        self._resume()
        return True

    def action_skip(self):
        """Button: leave out the next shipment."""
        self.check_access("write")
        for member in self:
            member._skip()
        return True

    def action_undo_skip(self):
        """Button: take back a skip."""
        self.check_access("write")
        for member in self:
            member._undo_skip()
        return True

    def action_cancel(self):
        """Button: end the membership by hand."""
        self.check_access("write")
        self._leave("cancelled", "staff", self.env._("Cancelled by %s", self.env.user.name))
        return True
