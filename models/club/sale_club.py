from datetime import timedelta
from itertools import islice

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.base.models.res_partner import _tz_get

from ..segment.isolated import call_isolated
from ..segment.touch import touch
from . import schedule
from .staff_domain import UnclearDomain, check_domain, read_domain

# Schedules are looked at so many dates ahead.
PREVIEW_DATES = 12


class SaleClub(models.Model):
    """A programme of recurring orders: who is in it, what they get, when, and how they pay."""

    _name = "sale.club"
    _description = "Club"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    website_ids = fields.Many2many(
        "website", string="Websites", help="Where the club is offered. Empty: everywhere."
    )
    is_published = fields.Boolean(string="Published", copy=False)
    description = fields.Html(translate=True, help="What customers read about the club.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Gets what needs a person: unclear payments, runs to review.",
    )
    # Joining
    product_id = fields.Many2one(
        "product.product",
        string="Membership Product",
        check_company=True,
        tracking=True,
        index="btree_not_null",
        help="Whoever buys it becomes a member when the order is confirmed.",
    )
    customer_type_id = fields.Many2one(
        "customer.type",
        string="Gives Type",
        tracking=True,
        domain="[('company_id', 'in', (company_id, False))]",
        help="Members hold this type as long as they are members.",
    )
    member_cap = fields.Integer(
        tracking=True, help="Who joins after so many members, waits for a place. Zero: no limit."
    )
    join_rule = fields.Selection(
        [
            ("window", "This run, while its window is open"),
            ("next", "The next run that opens"),
        ],
        string="First Shipment",
        default="window",
        required=True,
    )
    welcome_product_id = fields.Many2one(
        "product.product",
        string="Welcome Gift",
        check_company=True,
        help="Comes for free with the first shipment.",
    )
    may_cancel = fields.Boolean(
        string="Members may cancel", default=True, help="By themselves, in the portal."
    )
    may_change = fields.Boolean(
        string="Members may change the club",
        default=True,
        help="By themselves, in the portal, to another club that they could join for free.",
    )
    commitment = fields.Integer(help="How many shipments a member takes at least.")
    skips_per_year = fields.Integer(default=2)
    hold_benefits = fields.Selection(
        [("kept", "Kept"), ("suspended", "Suspended")],
        string="Benefits on Hold",
        default="kept",
        required=True,
        help="Whether members keep the type while they are on hold.",
    )
    # Schedule
    schedule = fields.Selection(
        [("interval", "Regular"), ("release", "Listed release dates")],
        default="interval",
        required=True,
        tracking=True,
    )
    interval_number = fields.Integer(string="Every", default=3)
    interval_unit = fields.Selection(
        [("week", "Weeks"), ("month", "Months"), ("year", "Years")], default="month", required=True
    )
    anchor_date = fields.Date(
        string="First Date",
        default=fields.Date.context_today,
        tracking=True,
        help="All further dates are counted from this one.",
    )
    last_day = fields.Boolean(string="Last day of the month")
    release_ids = fields.One2many("sale.club.release", "club_id", string="Release Dates", copy=True)
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company.partner_id.tz or self.env.user.tz or "UTC",
    )
    process_hour = fields.Float(default=9.0, help="When orders are made, on the day of shipment.")
    window_days = fields.Integer(
        string="Window opens", default=14, help="So many days before the shipment."
    )
    cutoff_days = fields.Integer(
        string="Window closes",
        default=1,
        help="So many days before the shipment, at the end of the day.",
    )
    is_automatic = fields.Boolean(
        string="Process by itself",
        help="Otherwise each run waits for a person after its window has closed.",
    )
    catch_up = fields.Selection(
        [
            ("once", "Ship once"),
            ("each", "Ship each"),
            ("skip", "Skip"),
        ],
        string="Missed Dates",
        default="once",
        required=True,
        help="What happens to dates that passed while nothing could run.",
    )
    next_dates = fields.Char(compute="_compute_next_dates", help="The next twelve shipments.")
    next_date = fields.Date(compute="_compute_next_dates")
    # Content
    content = fields.Selection(
        [("pack", "A set pack"), ("choice", "Members choose")], default="pack", required=True
    )
    line_ids = fields.One2many("sale.club.pack.line", "club_id", string="Pack", copy=True)
    choice_domain = fields.Char(
        string="Choose from",
        default="[('sale_ok', '=', True)]",
        help="Products among which members may choose.",
    )
    minimum_quantity = fields.Float(digits="Product Unit")
    minimum_amount = fields.Monetary()
    discount = fields.Float(
        digits="Discount", help="In percent, on top of the prices of the member on the day."
    )
    # Payment and delivery
    payment = fields.Selection(
        [("token", "Saved card"), ("account", "On account")],
        default="token",
        required=True,
        tracking=True,
    )
    retry_days = fields.Char(
        string="Retry after days",
        default="3,7,14",
        help="Days after the first refusal of a card on which it is tried again.",
    )
    decline_end = fields.Selection(
        [
            ("skip", "Skip the shipment"),
            ("hold", "Put the member on hold"),
            ("cancel", "Cancel the membership"),
        ],
        string="After the last refusal",
        default="hold",
        required=True,
    )
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    price_alert = fields.Float(
        string="Price alert",
        default=20.0,
        help="The dry run points out totals that differ by more percent from the last shipment.",
    )
    may_pick_up = fields.Boolean(string="Pickup possible")
    # Counts
    member_ids = fields.One2many("sale.club.member", "club_id")
    run_ids = fields.One2many("sale.club.run", "club_id")
    member_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    run_count = fields.Integer(compute="_compute_counts")

    _interval_positive = models.Constraint(
        "CHECK(interval_number > 0)", "There must be at least one unit between two shipments."
    )
    _discount_percent = models.Constraint(
        "CHECK(discount >= 0 AND discount <= 100)", "A discount is between 0 and 100 percent."
    )
    _days_ordered = models.Constraint(
        "CHECK(cutoff_days >= 0 AND window_days >= cutoff_days)",
        "The window opens before it closes, and closes before the shipment.",
    )

    # -- Checks --------------------------------------------------------------

    @api.constrains("retry_days")
    def _check_retry_days(self):
        for club in self:
            club._get_retry_days()

    def _get_retry_days(self):
        """:return: days (int) after the first refusal on which a card is tried again, ascending"""
        self.ensure_one()
        try:
            days = [int(day) for day in (self.retry_days or "").split(",") if day.strip()]
        except ValueError:
            days = [0]
        if any(day < 1 for day in days):
            raise ValidationError(
                self.env._("Write the days of new attempts as whole numbers, like 3,7,14.")
            )
        return sorted(set(days))

    @api.constrains("product_id")
    def _check_product(self):
        for club in self.filtered("product_id"):
            others = self.sudo().search(
                Domain("product_id", "=", club.product_id.id)
                & Domain("company_id", "=", club.company_id.id)
                & Domain("id", "!=", club.id),
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(product)s is the membership of %(club)s already.",
                        product=club.product_id.display_name,
                        club=others.name,
                    )
                )

    # -- CRUD ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        clubs = super().create(vals_list)
        self.env.registry.clear_cache()
        return clubs

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"product_id", "active"}:
            self.env.registry.clear_cache()
        if vals.keys() & {"customer_type_id", "hold_benefits"}:
            self.sudo().member_ids._sync_benefits()
        if "member_cap" in vals:
            self._admit_waiting()
        if not vals.get("active", True):
            self.sudo().run_ids._pause()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_members(self):
        if self.sudo().member_ids:
            raise UserError(self.env._("A club that has had members is archived, not deleted."))

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_membership_products(self):
        """:return: ids of active clubs by id of the product with which one joins them"""
        memberships = {}
        for club in self.sudo().search([("product_id", "!=", False)]):
            memberships.setdefault(club.product_id.id, []).append(club.id)
        return memberships

    # -- Schedule ------------------------------------------------------------

    def _iter_dates(self, start):
        """:return: iterator of the dates of shipment from ``start`` (date) on; it may be endless"""
        self.ensure_one()
        if self.schedule == "release":
            return iter(sorted(d for d in self.release_ids.mapped("date") if d and d >= start))
        if not self.anchor_date or self.interval_number < 1:
            return iter(())
        return schedule.dates_from(
            start, self.anchor_date, self.interval_number, self.interval_unit, self.last_day
        )

    def _get_next_dates(self, start=None, count=PREVIEW_DATES):
        """
        :param date start: today in the club's time zone by default
        :return: list of up to ``count`` dates
        """
        return list(islice(self._iter_dates(start or self._today()), count))

    def _today(self):
        """:return: the day (date) it is in the club's time zone"""
        self.ensure_one()
        return schedule.local_day(fields.Datetime.now(), self.tz or "UTC")

    def _local_day(self, moment):
        """:return: the day (date) in the club's time zone at a naive UTC datetime"""
        self.ensure_one()
        return schedule.local_day(moment, self.tz)

    @api.depends(
        "schedule", "interval_number", "interval_unit", "anchor_date", "last_day",
        "release_ids.date", "tz",
    )  # fmt: skip
    def _compute_next_dates(self):
        for club in self:
            dates = club._get_next_dates()
            club.next_date = dates[0] if dates else False
            club.next_dates = " · ".join(format_date(self.env, day) for day in dates)

    def _get_moments(self, ship_date):
        """When the run of a date opens, closes and is processed: naive UTC datetimes.

        :rtype: dict
        """
        self.ensure_one()
        day = timedelta(days=1)
        return {
            "window_opens_at": schedule.to_utc(ship_date - self.window_days * day, 0.0, self.tz),
            "cutoff_at": schedule.to_utc(ship_date - self.cutoff_days * day, 24.0, self.tz)
            if self.cutoff_days
            else schedule.to_utc(ship_date, self.process_hour, self.tz),
            "process_at": schedule.to_utc(ship_date, self.process_hour, self.tz),
        }

    def _get_due_dates(self):
        """Dates whose window should be open by now and for which there is no run yet.

        What was missed happens as the club says: once, each, or not at all. Nothing from before
        the club was made, and nothing before the last run whose day is over, is missed. A run that
        was made early for a day to come takes that day alone.
        """
        self.ensure_one()
        today = self._today()
        days = set(self.run_ids.mapped("ship_date"))
        start = schedule.local_day(self.create_date, self.tz)
        if past := [day for day in days if day < today]:
            start = max(start, max(past) + timedelta(days=1))
        horizon = today + timedelta(days=self.window_days)
        due = []
        for day in self._iter_dates(start):
            if day > horizon:
                break
            if day not in days:
                due.append(day)
        missed = [day for day in due if day < today]
        if self.catch_up == "once":
            missed = missed[-1:]
        elif self.catch_up == "skip":
            missed = []
        return missed + [day for day in due if day >= today]

    def _get_coming_dates(self, count):
        """:return: list of up to ``count`` dates, from today on, whose window is still to open"""
        self.ensure_one()
        today = self._today()
        runs = self.run_ids.filtered(lambda run: run.ship_date >= today)
        drafts = runs.filtered(lambda run: run.state == "draft")
        opened = set((runs - drafts).mapped("ship_date"))
        dates = {*self._get_next_dates(today, count + len(opened)), *drafts.mapped("ship_date")}
        return sorted(dates - opened)[:count]

    @api.model
    def _cron_open_runs(self):
        """Make the runs whose window should be open, move on those whose moment has come."""
        progress = self.env["ir.cron"]._commit_progress
        clubs = self.search([])  # pylint: disable=no-search-all
        open_domain = Domain("state", "in", ("draft", "window", "review")) & Domain(
            "club_id.active", "=", True
        )
        runs = self.env["sale.club.run"].search(open_domain)
        progress(remaining=len(clubs) + len(runs))
        for club_id in clubs.ids:
            call_isolated(self.browse(club_id), "_open_due_runs")
            if not progress(1):
                return
        for run in runs | runs.search(open_domain):
            call_isolated(run.browse(run.id), "_advance")
            if not progress(1):
                return

    def _open_due_runs(self):
        runs = self.env["sale.club.run"]
        for day in self._get_due_dates():
            runs += runs.create({"club_id": self.id, "ship_date": day})
        for run in runs:
            run._advance()
        return runs

    # -- Content -------------------------------------------------------------

    @api.constrains("choice_domain")
    def _check_choice_domain(self):
        for club in self:
            try:
                check_domain(club.choice_domain, self.env["product.product"])
            except UnclearDomain as error:  # noqa: PERF203
                raise club._get_choice_error() from error

    def _get_choice_domain(self):
        """:return: Domain of the products (product.product) among which members may choose
        :raise ValidationError: where nobody can make out which ones are meant
        """
        self.ensure_one()
        try:
            domain = read_domain(self.choice_domain, self.env["product.product"])
        except UnclearDomain as error:
            raise self._get_choice_error() from error
        return domain & Domain("sale_ok", "=", True)

    def _get_choice_error(self):
        return ValidationError(self.env._("%s cannot look for its products like this.", self.name))

    # -- Members -------------------------------------------------------------

    def _join(self, partner, **values):
        """Make a customer a member, or put it on the waiting list. Saying it twice does no harm.

        :param partner: res.partner
        :param values: further values of the membership
        :return: the open membership (sale.club.member), which may be an old one
        """
        self.ensure_one()
        if existing := self._get_open_members(partner):
            return existing
        self._lock_places()
        member = self.env["sale.club.member"].create(
            {"club_id": self.id, "partner_id": partner.id, **values}
        )
        if self._count_free_places() > 0:
            member._activate()
        else:
            member._wait()
        return member

    def _get_open_members(self, partner):
        """:return: the membership (sale.club.member) of a customer who has not left, or none"""
        self.ensure_one()
        members = self.env["sale.club.member"]
        return members.search(
            [
                ("club_id", "=", self.id),
                ("partner_id", "=", partner.id),
                ("state", "in", members._open_states()),
            ]
        )

    def _lock_places(self):
        """Let two who join at once collide and be replayed, else both get the last place."""
        if self.filtered("member_cap"):
            touch(self)

    def _count_free_places(self):
        """:return: how many may still join, as a number that may be infinite"""
        self.ensure_one()
        if not self.member_cap:
            return float("inf")
        taken = self.env["sale.club.member"].search_count(
            [("club_id", "=", self.id), ("state", "in", ("active", "held"))]
        )
        return self.member_cap - taken

    def _admit_waiting(self):
        """Give free places to those who have waited longest. Who cannot get one, for whatever
        reason, keeps nobody else from leaving or from a place.
        """
        for club in self.sudo():
            waiting = club.member_ids.filtered(lambda m: m.state == "waiting").sorted("id")
            if not waiting:
                continue
            club._lock_places()
            free = min(club._count_free_places(), len(waiting))
            call_isolated(waiting[: max(free, 0)], "_activate")
            if any(member.state == "waiting" for member in waiting[: max(free, 0)]):
                club._admit_one_by_one(waiting)

    def _admit_one_by_one(self, waiting):
        """:param waiting: sale.club.member, one of whom cannot become a member"""
        self.ensure_one()
        for member in waiting:
            if self._count_free_places() < 1:
                break
            call_isolated(member, "_activate")

    def _compute_counts(self):
        members = self.env["sale.club.member"]._read_group(
            [("club_id", "in", self.ids)], ["club_id", "state"], ["__count"]
        )
        by_state = {(club.id, state): count for club, state, count in members}
        runs = dict(
            self.env["sale.club.run"]._read_group(
                [("club_id", "in", self.ids)], ["club_id"], ["__count"]
            )
        )
        for club in self:
            club.member_count = sum(by_state.get((club.id, s), 0) for s in ("active", "held"))
            club.waiting_count = by_state.get((club.id, "waiting"), 0)
            club.run_count = runs.get(club, 0)

    # -- Actions -------------------------------------------------------------

    def action_view_members(self):
        """:return: an action that lists the members of this club"""
        return self._view("customer_type.sale_club_member_action")

    def action_view_runs(self):
        """:return: an action that lists the runs of this club"""
        return self._view("customer_type.sale_club_run_action")

    def _view(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("club_id", "=", self.id)]
        action["context"] = {"default_club_id": self.id}
        return action
