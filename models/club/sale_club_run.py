import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from ..segment.isolated import call_isolated
from ..segment.touch import touch
from .sale_order import ClubBatch, get_club_batch
from .staff_domain import UnclearDomain, check_domain, read_domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
# How long a job begins new work; a worker that takes minutes for one request is killed.
JOB_SECONDS = 10
_STATES = ("waiting", "done", "skipped", "held", "failed")
_FROM_CLUB = ("window_opens_at", "cutoff_at", "process_at", "qualification_date", "line_ids")


class SaleClubRun(models.Model):
    """One processing of a club: who gets what on a date, and how far that has come."""

    _name = "sale.club.run"
    _description = "Club Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "ship_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    club_id = fields.Many2one("sale.club", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    ship_date = fields.Date(required=True, tracking=True)
    qualification_date = fields.Date(
        compute="_compute_qualification_date",
        store=True,
        readonly=False,
        help="Members who joined until this day are in. Empty: whoever is a member when the window "
        "opens.",
    )
    window_opens_at = fields.Datetime(
        compute="_compute_window_opens_at", store=True, readonly=False
    )
    cutoff_at = fields.Datetime(
        string="Window closes at", compute="_compute_cutoff_at", store=True, readonly=False
    )
    process_at = fields.Datetime(compute="_compute_process_at", store=True, readonly=False)
    is_automatic = fields.Boolean(
        string="Process by itself",
        compute="_compute_is_automatic",
        store=True,
        readonly=False,
        help="At the set moment. Otherwise the run waits for a person.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("window", "Window open"),
            ("review", "Review"),
            ("processing", "Processing"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "sale.club.pack.line",
        "run_id",
        string="Pack",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        copy=True,
    )
    shipment_ids = fields.One2many("sale.club.shipment", "run_id")
    part_domain = fields.Char(
        string="Only these", copy=False, help="A part of the shipments to process for now."
    )
    expected_count = fields.Integer(string="Expected", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_counts")
    held_count = fields.Integer(string="On hold", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    started_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)

    _date_uniq = models.UniqueIndex(
        "(club_id, ship_date)", "The club has a run on that day already."
    )

    @api.depends("club_id.name", "ship_date")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.club_id.name} {format_date(self.env, run.ship_date)}"

    @api.depends("club_id.is_automatic")
    def _compute_is_automatic(self):
        for run in self:
            run.is_automatic = run.club_id.is_automatic

    # One method for each, else giving one would leave the others empty.
    @api.depends("club_id", "ship_date")
    def _compute_window_opens_at(self):
        self._set_moment("window_opens_at")

    @api.depends("club_id", "ship_date")
    def _compute_cutoff_at(self):
        self._set_moment("cutoff_at")

    @api.depends("club_id", "ship_date")
    def _compute_process_at(self):
        self._set_moment("process_at")

    def _set_moment(self, fname):
        """What the club says; once a run has begun, its moments are a person's affair."""
        for run in self.filtered(lambda r: r.state == "draft" and r.club_id and r.ship_date):
            run[fname] = run.club_id._get_moments(run.ship_date)[fname]

    @api.depends("club_id", "ship_date")
    def _compute_qualification_date(self):
        for run in self.filtered(lambda r: r.state == "draft" and r.club_id):
            is_known = run.club_id.join_rule == "next" and run.window_opens_at
            run.qualification_date = is_known and run.club_id._local_day(run.window_opens_at)

    @api.depends("club_id")
    def _compute_line_ids(self):
        for run in self.filtered(lambda r: r.state == "draft" and r.club_id):
            run.line_ids = [Command.clear(), *run.club_id.line_ids._copy_values()]

    @api.depends("shipment_ids.state")
    def _compute_counts(self):
        """Count what is there; nothing is kept that could differ from it."""
        rows = self.env["sale.club.shipment"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in rows}
        for run in self:
            by_state = {state: counts.get((run._origin.id, state), 0) for state in _STATES}
            for state, count in by_state.items():
                run[f"{state}_count"] = count
            expected = sum(by_state.values())
            run.expected_count = expected
            run.progress = 100.0 * (expected - by_state["waiting"]) / expected if expected else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        # The form sends what nobody has filled in as well: that is for the club to say.
        return super().create(
            [
                {fname: value for fname, value in vals.items() if value or fname not in _FROM_CLUB}
                for vals in vals_list
            ]
        )

    @api.constrains("part_domain")
    def _check_part_domain(self):
        for run in self:
            try:
                check_domain(run.part_domain, self.env["sale.club.shipment"])
            except UnclearDomain as error:  # noqa: PERF203
                raise run._get_part_error() from error

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that has begun is the history of its members."))

    def write(self, vals):
        res = super().write(vals)
        if "part_domain" in vals:
            self.filtered(lambda run: run.state == "processing")._wake_workers()
        return res

    # -- Audience ------------------------------------------------------------

    def _freeze_audience(self):
        """Make a shipment for each member of the club on the day of qualification, once."""
        for run in self:
            run._insert_shipments(SQL("member.club_id = %s", run.club_id.id))

    def _add_members(self, members):
        """Take members into these runs who were none when the audience was frozen."""
        for run in self if members else ():
            run._insert_shipments(SQL("member.id IN %s", tuple(members.ids)))

    def _insert_shipments(self, condition):
        """:param condition: SQL about the table ``member``, of active and held members who joined
        in time
        """
        self.ensure_one()
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO sale_club_shipment
                          (run_id, member_id, club_id, company_id, partner_id, ship_date,
                           state, step, is_skip_wish, attempts,
                           create_uid, create_date, write_uid, write_date)
                   SELECT %(run)s, member.id, %(club)s, %(company)s, member.partner_id, %(day)s,
                          CASE WHEN member.state = 'held' THEN 'held'
                               WHEN member.skip_next THEN 'skipped'
                               ELSE 'waiting' END,
                          'order', COALESCE(member.skip_next, FALSE) AND member.state = 'active', 0,
                          %(user)s, %(now)s, %(user)s, %(now)s
                     FROM sale_club_member member
                    WHERE member.state IN ('active', 'held') AND %(condition)s
                      AND (%(until)s::date IS NULL OR member.joined_on <= %(until)s)
                    ORDER BY member.id
                   ON CONFLICT (run_id, member_id) DO NOTHING
                   RETURNING member_id""",
                run=self.id,
                club=self.club_id.id,
                company=self.company_id.id,
                day=self.ship_date,
                user=self.env.uid,
                now=now,
                condition=condition,
                until=self.qualification_date or None,
            )
        )
        self.env["sale.club.shipment"].invalidate_model()
        self.invalidate_recordset()
        members = self.env["sale.club.member"].browse([member_id for [member_id] in rows])
        members.invalidate_recordset()
        skipping = members.filtered(lambda m: m.skip_next and m.state == "active")
        if skipping:
            skipping._write_state({"skip_next": False})

    # -- States --------------------------------------------------------------

    def _is_closed(self):
        """:return: whether members may not change anything any more"""
        self.ensure_one()
        return bool(self.cutoff_at) and self.cutoff_at <= fields.Datetime.now()

    def _has_rest(self):
        """:return: whether there are shipments that nobody has let become orders yet"""
        self.ensure_one()
        return self.state in ("window", "review") or (
            self.state == "processing" and bool(self.part_domain)
        )

    def _advance(self):
        """Move on as far as the moments that are over allow."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.state == "draft" and self.window_opens_at and self.window_opens_at <= now:
            self._open_window()
        if self.state == "window" and self._is_closed():
            self._close_window()
        if (
            self.state == "review"
            and self.is_automatic
            and not self.started_at
            and self.process_at
            and self.process_at <= now
        ):
            if self._is_given_up():
                self.process_at = False
                self._message_log(
                    body=self.env._("Its moment was missed: from here on it waits for a person.")
                )
            else:
                self._start()

    def _pause(self):
        """The clubs of these runs were archived: from here on nothing happens by itself."""
        for run in self.filtered(lambda r: r.state != "done"):
            if run.state == "processing":
                run.action_stop()
            run._message_log(
                body=self.env._("The club is archived: this run waits for a person from here on.")
            )

    def _is_given_up(self):
        """:return: whether the club does not make up for this run, whose moment was missed by days
        because nothing could run
        """
        self.ensure_one()
        if self.process_at > fields.Datetime.now() - timedelta(days=1):
            return False
        if self.club_id.catch_up == "once":
            # One shipment makes up for all that were missed: the last.
            return any(
                run.ship_date > self.ship_date and run.process_at <= fields.Datetime.now()
                for run in self.club_id.run_ids.filtered("process_at")
            )
        return self.club_id.catch_up == "skip"

    def _open_window(self):
        self._freeze_audience()
        self.state = "window"

    def _close_window(self):
        self._freeze_content()
        self.state = "review"

    def _freeze_content(self):
        """Keep what members have chosen by now: what they choose from here on is for later runs."""
        lines = self.env["sale.club.pack.line"]
        lines.flush_model()
        self.shipment_ids.flush_recordset()
        for run in self.filtered(lambda r: r.club_id.content == "choice"):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO sale_club_pack_line (
                        shipment_id, company_id, sequence, product_id, quantity,
                        create_uid, create_date, write_uid, write_date
                    )
                    SELECT shipment.id, own.company_id, own.sequence, own.product_id, own.quantity,
                           %(uid)s, %(now)s, %(uid)s, %(now)s
                    FROM sale_club_shipment AS shipment
                    JOIN sale_club_pack_line AS own ON own.member_id = shipment.member_id
                    WHERE shipment.run_id = %(run_id)s
                      AND NOT EXISTS (
                          SELECT FROM sale_club_pack_line AS chosen
                          WHERE chosen.shipment_id = shipment.id
                      )
                    ORDER BY own.id
                    """,
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                    run_id=run.id,
                )
            )
        lines.invalidate_model()
        self.shipment_ids.invalidate_recordset(["line_ids"])

    def _start(self):
        """Let the scheduled action, or the job queue, make the orders."""
        self.filtered(lambda run: run.state == "draft")._freeze_audience()
        self.filtered(lambda run: run.state in ("draft", "window"))._freeze_content()
        self.write({"state": "processing", "started_at": fields.Datetime.now(), "done_at": False})
        self._wake_workers()
        self._finish()

    def _go_on(self):
        """There is work again in these runs."""
        runs = self.filtered(lambda run: run.state in ("processing", "done"))
        # A worker that sees nothing waiting closes its run, which it must not do without having
        # seen this.
        touch(runs)
        runs.filtered(lambda run: run.state == "done").state = "processing"
        runs._wake_workers()

    def _wake_workers(self):
        """Spread the work over jobs where there is a queue; the scheduled action does the rest."""
        if "queue.job" in self.env:
            for run in self:
                run._enqueue()
        self.env.ref("customer_type.cron_club_process").sudo()._trigger()

    def _enqueue(self):
        """Make as many jobs as there are batches. Whichever is first takes the next shipments.

        The keys are the same when a run is stopped and goes on: jobs that still wait serve it then,
        and there are never more of them than batches. Nothing is set up in the queue beforehand, as
        it may be installed before or after this addon: its root channel takes the jobs.
        """
        self.ensure_one()
        # Whoever started the run, it is the system that makes the orders, as in scheduled actions.
        run = self.with_user(SUPERUSER_ID)
        for number in range(self._count_jobs()):
            run.with_delay(
                identity_key=f"{self._name},{self.id},{number}", description=self.name
            )._process_in_job()

    def _count_jobs(self):
        """:return: among how many jobs the work on this run can be divided"""
        return -(-self._count_todo() // BATCH_SIZE)

    def _process_in_job(self):
        """Work for a while from a job, and leave the rest to further jobs.

        The cursor of a job must not commit: as long as it is open, the queue knows that the job is
        at work.
        """
        with self.env.registry.cursor() as cr:
            run = self.with_env(self.env(cr=cr, su=True)).with_context(
                club_end_time=time.monotonic() + JOB_SECONDS
            )
            if not run._process(BATCH_SIZE):
                run._enqueue()

    def _finish(self):
        """Close the runs in which nothing waits any more."""
        for run in self.filtered(lambda r: r.state == "processing"):
            waiting = self.env["sale.club.shipment"].search_count(
                [("run_id", "=", run.id), ("state", "=", "waiting")], limit=1
            )
            if not waiting:
                run.write({"state": "done", "done_at": fields.Datetime.now(), "part_domain": False})

    # -- Processing ----------------------------------------------------------

    def _get_todo_domain(self):
        """:return: Domain of the shipments of this run that can be worked on now"""
        self.ensure_one()
        domain = (
            Domain("run_id", "=", self.id)
            & Domain("state", "=", "waiting")
            & Domain("step", "!=", "pending")
        )
        return domain & self._get_part_domain()

    def _get_part_domain(self):
        """:return: Domain of the shipments to which staff has limited this run
        :raise ValidationError: where nobody can make out which ones are meant
        """
        self.ensure_one()
        try:
            return read_domain(self.part_domain, self.env["sale.club.shipment"])
        except UnclearDomain as error:
            raise self._get_part_error() from error

    def _get_part_error(self):
        return ValidationError(
            self.env._(
                "It is not clear which shipments are meant by “%(domain)s”. Choose them with the "
                "editor of the filter, or leave it empty for all.",
                domain=self.part_domain,
            )
        )

    def _claim(self, step, limit):
        """Take the next shipments for this transaction alone; others take those that follow.

        :return: sale.club.shipment, up to ``limit``, at that step
        """
        shipments = self.env["sale.club.shipment"]
        domain = self._get_todo_domain() & Domain("step", "=", step)
        query = shipments._search(domain, order="id", limit=limit)
        rows = self.env.execute_query(
            SQL("%s FOR NO KEY UPDATE OF sale_club_shipment SKIP LOCKED", query.select())
        )
        return shipments.browse([shipment_id for [shipment_id] in rows])

    @api.model
    def _cron_process(self, limit=BATCH_SIZE):
        """Work on all runs that are being processed, until all is done or time is up."""
        progress = self.env["ir.cron"]._commit_progress
        call_isolated(self.env["sale.club.shipment"], "_reopen_due_retries")
        runs = self.search(self._get_work_domain(), order="state, process_at, id")
        progress(remaining=sum(call_isolated(run, "_count_todo") or 0 for run in runs))
        for run_id in runs.ids:
            if not self.browse(run_id)._process_isolated(limit):
                return

    @api.model
    def _get_work_domain(self):
        """:return: Domain of the runs that the scheduled action works on"""
        return Domain("state", "=", "processing")

    def _count_todo(self):
        """:return: how many shipments of this run can be worked on now"""
        return self.env["sale.club.shipment"].search_count(self._get_todo_domain())

    def _process_isolated(self, limit):
        """Work on this run so that its trouble is told and stops no other run.

        :return: whether there is time left
        """
        try:
            return self._process(limit)
        except Exception:
            self.env.cr.rollback()
            self.env.transaction.reset()
            _logger.warning("Processing %s failed", self, exc_info=True)
            return True

    def _process(self, limit=BATCH_SIZE):
        """Work on this run batch by batch, with a commit after each.

        :return: whether there is time left; what is left over then is done by the next call
        """
        self.ensure_one()
        while (count := self._process_one_batch(limit)) is not None:
            if not self._commit(count):
                return False
        return True

    def _commit(self, count=0):
        """Commit what was done, and tell the scheduled action where there is one.

        :param int count: how many shipments have been worked on
        :return: whether there is time left to begin with more
        """
        left = self.env["ir.cron"]._commit_progress(count)
        end_time = self.env.context.get("club_end_time", float("inf"))
        return left > 0 and time.monotonic() < end_time

    def _process_one_batch(self, limit=BATCH_SIZE, tries=5):
        """Work on one batch, again where another worker was in the way: with half of it, which is
        sooner done and meets fewer others.

        :return: how many shipments have been worked on; None where there are none
        """
        for left in reversed(range(tries)):
            try:
                return self._process_batch(limit)
            except OperationalError:  # noqa: PERF203
                self.env.cr.rollback()
                self.env.transaction.reset()
                if not left:
                    raise
                limit = -(-limit // 2)
        return None

    def _process_batch(self, limit=BATCH_SIZE):
        """Take up to ``limit`` shipments through their steps, with a commit after each step.

        Whoever kills the process at any moment loses at most the step at hand: it is either not
        done at all, or, for a charge without an answer, left to a person.

        :return: how many shipments have been worked on; None where there are none
        """
        self.ensure_one()
        if self.state != "processing":
            return None
        to_order = self._claim("order", limit)
        if to_order:
            to_order._isolated(self._make_orders)
            self._commit()
        charged = self._charge_cards(limit)
        to_confirm = self._claim("confirm", limit)
        if to_confirm:
            to_confirm._isolated(self._confirm_orders)
            self._commit()
        self._finish()
        self._commit()
        return max(len(to_order), charged, len(to_confirm)) or None

    def _charge_cards(self, limit):
        """Charge cards one by one, as long as there is time: each takes as long as the provider.

        :return: how many have been worked on
        """
        shipments = self.env["sale.club.shipment"].search(
            self._get_todo_domain() & Domain("step", "=", "charge"), order="id", limit=limit
        )
        charged = 0
        for shipment_id in shipments.ids:
            charged += shipments.browse(shipment_id)._charge()
            if not self._commit():
                break
        return charged

    def _with_batch(self):
        """:return: sale.order, empty, in the company and with all that a batch shares"""
        self.ensure_one()
        batch = get_club_batch(self.env) or ClubBatch()
        batch.charges_token = self.club_id.payment == "token"
        return (
            self.env["sale.order"]
            .sudo()
            .with_company(self.company_id)
            .with_context(club_batch=batch, mail_create_nosubscribe=True)
        )

    def _make_orders(self, shipments):
        """Make the orders of shipments, and confirm those that are not charged first."""
        problems = shipments._get_problems()
        for problem, same in shipments.grouped(problems.get).items():
            if problem:
                same._fail(*problem)
        shipments = shipments.filtered(lambda s: s.state == "waiting")
        if not shipments:
            return
        orders = self._with_batch()._create_in_bulk(
            [shipment._prepare_order() for shipment in shipments],
            [shipment._get_content() for shipment in shipments],
        )
        for shipment, order in zip(shipments, orders, strict=True):
            shipment.order_id = order
        undeliverable = self._add_delivery(orders)
        passing = orders.filtered(lambda o: o not in undeliverable)
        to_charge = passing.browse()
        if self.club_id.payment == "token":
            to_charge = passing.filtered(lambda o: not o.currency_id.is_zero(o.amount_total))
        to_confirm = passing - to_charge
        refused = self._get_charge_errors(to_charge) | to_confirm._confirm_in_bulk()
        for failure, reasons in (("delivery", undeliverable), ("gate", refused)):
            for order, reason in reasons.items():
                order.club_shipment_id._fail(failure, reason)
        gone = orders.browse([order.id for order in [*undeliverable, *refused]])
        (to_charge - gone).club_shipment_id._write_outcome("waiting", step="charge")
        (to_confirm - gone).club_shipment_id._complete()
        gone.club_shipment_id.order_id = False
        gone.unlink()

    def _get_charge_errors(self, orders):
        """Hook: ask the order gate before the cards for orders are charged.

        :return: by order that it does not let pass, the reason in words
        :rtype: dict
        """
        return orders._get_gate_errors()

    def _add_delivery(self, orders):
        """Put the delivery of the club on orders, at the rate of each.

        :return: by order to which the carrier does not deliver, the reason in words
        :rtype: dict
        """
        carrier = self.club_id.carrier_id
        delivered = orders.filtered(lambda o: not o.club_shipment_id.member_id.is_pickup)
        return delivered._add_delivery_in_bulk(carrier) if carrier else {}

    def _confirm_orders(self, shipments):
        """Confirm the orders of shipments that are paid."""
        orders = self._with_batch().browse(shipments.order_id.ids)
        drafts = orders.filtered(lambda o: o.state in ("draft", "sent"))
        refused = drafts._confirm_in_bulk() if drafts else {}
        for order, reason in refused.items():
            order.club_shipment_id._fail("gate", reason)
        shipments.filtered(lambda s: s.state == "waiting")._complete()

    # -- Actions -------------------------------------------------------------

    def action_open_window(self):
        """Button: open the window now."""
        self.check_access("write")
        for run in self.sudo().filtered(lambda r: r.state == "draft"):
            run._open_window()
        return True

    def action_close_window(self):
        """Button: close the window now."""
        self.check_access("write")
        for run in self.sudo().filtered(lambda r: r.state == "window"):
            run.cutoff_at = min(run.cutoff_at or fields.Datetime.now(), fields.Datetime.now())
            run._close_window()
        return True

    def action_process(self):
        """Button: make the orders, or go on where the run was stopped."""
        self.check_access("write")
        for run in self.sudo().filtered(lambda r: r.state in ("draft", "window", "review")):
            run._start()
        return True

    def action_stop(self):
        """Button: make no further orders until somebody says so."""
        self.check_access("write")
        self.sudo().filtered(lambda r: r.state == "processing").state = "review"
        return True

    def action_process_rest(self):
        """Button: go on with all shipments, where only a part was to be processed."""
        self.check_access("write")
        self.sudo().part_domain = False
        return True

    def action_retry_declined(self):
        """Button: try the declined cards of these runs now, but not those of who has left."""
        self.check_access("write")
        self.env["sale.club.shipment"].sudo().search(
            Domain("run_id", "in", self.ids)
            & Domain("failure", "=", "declined")
            & Domain("member_id.state", "=", "active")
        )._retry()
        return True

    def _get_shipments_without_order(self):
        """:return: the shipments of these runs that can still become orders, and are none yet"""
        return self.env["sale.club.shipment"].search(
            Domain("run_id", "in", self.ids)
            & Domain("state", "in", ("waiting", "held", "failed"))
            & Domain("order_id", "=", False)
        )

    def _substitute(self, product, substitute):
        """Send another product to all who have not chosen by themselves.

        What has become an order already stays as it is.

        :param product: product.product that is sold out
        :param substitute: product.product instead
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.product_id == product)
        lines._replace_product(substitute)
        self._message_log(
            body=self.env._(
                "%(new)s instead of %(old)s", new=substitute.display_name, old=product.display_name
            )
        )

    def action_view_shipments(self):
        """:return: an action that lists the shipments of this run"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_type.sale_club_shipment_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action
