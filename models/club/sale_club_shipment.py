import logging
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class SaleClubShipment(models.Model):
    """What one member gets in one run. There is exactly one, whatever happens to the run.

    A shipment that waits goes through the steps ``order``, ``charge``, ``confirm``; each step is
    committed before the next one begins, so a run that was killed goes on where it stood.
    """

    _name = "sale.club.shipment"
    _description = "Club Shipment"
    _order = "run_id desc, id"
    _rec_name = "member_id"

    run_id = fields.Many2one("sale.club.run", required=True, ondelete="cascade", index=True)
    member_id = fields.Many2one("sale.club.member", required=True, ondelete="restrict", index=True)
    club_id = fields.Many2one(related="run_id.club_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    partner_id = fields.Many2one(
        related="member_id.partner_id", string="Customer", store=True, index=True
    )
    ship_date = fields.Date(related="run_id.ship_date", store=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("held", "On hold"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    step = fields.Selection(
        [
            ("order", "Make the order"),
            ("charge", "Charge the card"),
            ("pending", "Wait for the provider"),
            ("confirm", "Confirm the order"),
        ],
        default="order",
        required=True,
        readonly=True,
    )
    failure = fields.Selection(
        [
            ("gate", "Order not allowed"),
            ("content", "Content"),
            ("delivery", "Delivery"),
            ("card", "No card"),
            ("declined", "Card declined"),
            ("unclear", "Payment unclear"),
            ("error", "Error"),
        ],
        string="Kind of Failure",
        readonly=True,
        index="btree_not_null",
    )
    reason = fields.Char(readonly=True)
    log = fields.Text(readonly=True)
    is_skip_wish = fields.Boolean(readonly=True)
    line_ids = fields.One2many("sale.club.pack.line", "shipment_id", string="Own Content")
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_total = fields.Monetary(related="order_id.amount_total")
    transaction_ids = fields.One2many(
        "payment.transaction", "club_shipment_id", string="Payments", readonly=True
    )
    attempts = fields.Integer(readonly=True, help="How often the card was refused.")
    declined_at = fields.Datetime(string="First refused", readonly=True)
    next_retry = fields.Datetime(readonly=True, index="btree_not_null")
    _member_uniq = models.UniqueIndex(
        "(run_id, member_id)", "There is one shipment for each member in a run."
    )
    _todo_idx = models.Index("(run_id, step, id) WHERE state = 'waiting'")

    # -- CRUD ----------------------------------------------------------------

    def write(self, vals):
        # Whatever else stands in a shipment has happened, or the run decides about it.
        if not self.env.su and vals.keys() - {"line_ids"}:
            raise AccessError(self.env._("In a shipment you can change the content only."))
        return super().write(vals)

    # -- Outcomes ------------------------------------------------------------

    def _write_outcome(self, state, reason=False, **values):
        """Write down what these shipments have come to.

        :param str state: one of the states
        :param str reason: in words
        """
        values = {"failure": False, "next_retry": False, **values}
        labels = dict(self._fields["state"]._description_selection(self.env))
        now = fields.Datetime.to_string(fields.Datetime.now())
        line = f"{now} {labels[state]}{f': {reason}' if reason else ''}"
        for same in self.grouped("log").values():
            same.write(
                {
                    **values,
                    "state": state,
                    "reason": reason,
                    "log": "\n".join(filter(None, [same[:1].log, line])),
                }
            )

    def _fail(self, failure, reason, **values):
        """:param str failure: one of the kinds of failure"""
        self._write_outcome("failed", reason, failure=failure, **values)

    def _fail_error(self, error):
        """:param Exception error: what happened; users do not know the words of all but theirs"""
        known = isinstance(error, UserError)
        if not known:
            _logger.warning("%s failed", self, exc_info=error)
        self._fail("error", str(error) if known else repr(error))

    def _reopen(self):
        """Let these shipments be worked on, from the step at which they stand."""
        for step, shipments in self.grouped(lambda s: s._get_step()).items():
            shipments._write_outcome("waiting", step=step, is_skip_wish=False)

    def _get_step(self):
        """:return: what is to be done next, by what there is"""
        self.ensure_one()
        order = self.order_id
        if not order or order.state == "cancel":
            return "order"
        states = set(self.sudo().transaction_ids.mapped("state"))
        if order.state == "sale" or states & {"done", "authorized"}:
            return "confirm"
        return "pending" if "pending" in states else "charge"

    def _is_changeable(self):
        """:return: whether the member may still change this shipment"""
        self.ensure_one()
        return self.run_id.state == "window" and not self.run_id._is_closed() and not self.order_id

    def _may_change_content(self):
        """:return: whether the current user may change what is in this shipment: until the window
        closes, or whoever may override policies, until there is an order
        """
        self.ensure_one()
        if self._is_changeable():
            return True
        may_override = self.env.uid == SUPERUSER_ID or self.env.user.has_group(
            "customer_type.group_override"
        )
        return may_override and not self.order_id and self.state not in ("done", "skipped")

    def _drop_open(self, reason):
        """The members have left: what is not closed yet is not sent, nothing is charged again."""
        self.filtered(
            lambda s: s.state in ("waiting", "held") and s._is_changeable()
        )._write_outcome("skipped", reason)
        self.filtered(lambda s: s.state == "failed" and s.next_retry).next_retry = False

    def _drop_double(self, reason):
        """The customer has another shipment in the same run: leave out these, be the window closed,
        where no money has moved and no worker is about to ask for it.

        :return: those that are left out
        """
        dropped = self.filtered(
            lambda s: (
                s.state in ("waiting", "held", "failed")
                and (s.step == "order" or s.state != "waiting" or s.run_id.state != "processing")
                and not s.transaction_ids.filtered(lambda tx: tx.state not in ("error", "cancel"))
            )
        )
        dropped._write_outcome("skipped", reason)
        dropped.order_id.filtered(lambda order: order.state in ("draft", "sent"))._action_cancel()
        return dropped

    def _hold_open(self, reason):
        """The members are on hold: what has not become an order yet, does not."""
        self.filtered(lambda s: s.state == "waiting" and s.step == "order")._write_outcome(
            "held", reason
        )

    def _release_held(self):
        released = self.filtered(lambda s: s.state == "held" and s.run_id._has_rest())
        released._reopen()
        released.run_id._go_on()

    # -- Content -------------------------------------------------------------

    def _get_content(self):
        """:return: list of ``(product id, quantity, discount)`` of what the member gets"""
        self.ensure_one()
        club, member = self.club_id, self.member_id
        content = [(*item, club.discount) for item in self._get_lines()._get_content()]
        if content and member.is_welcome_due and self._is_to_get(club.welcome_product_id):
            content.append((club.welcome_product_id.id, 1.0, 100.0))
        if content and member.is_fee_due and self._is_to_get(club.product_id):
            content.append((club.product_id.id, 1.0, 0.0))
        return content

    def _is_to_get(self, product):
        """
        :param product: what a member gets once (product.product), may be none
        :return: whether it is to be in this shipment, as no other one that is on its way has it
        """
        self.ensure_one()
        if not product:
            return False
        others = (self.member_id.sudo().shipment_ids - self).filtered(lambda s: s.state != "done")
        underway = others.order_id.filtered(lambda order: order.state != "cancel")
        return product not in underway.order_line.product_id

    def _lock_first_content(self):
        """Let two runs that make the first order of a member at once collide and be replayed, else
        both have what the member gets once.
        """
        due = self.filtered(
            lambda s: (
                (s.member_id.is_welcome_due and s.club_id.welcome_product_id)
                or (s.member_id.is_fee_due and s.club_id.product_id)
            )
        ).member_id
        if due:
            self.env.execute_query(
                SQL(
                    "UPDATE sale_club_member SET write_date = write_date WHERE id IN %s"
                    " RETURNING id",
                    tuple(due.ids),
                )
            )

    def _get_lines(self):
        """:return: the lines (sale.club.pack.line) that the member gets: what was chosen for this
        shipment, else what the member always takes, else what the run has for all
        """
        self.ensure_one()
        run, lines = self.run_id, self.line_ids
        if not lines and self.club_id.content == "choice" and run.state in ("draft", "window"):
            lines = self.member_id.line_ids
        return lines or run.line_ids

    def _is_untouched(self):
        """:return: whether this shipment gets the pack of the run, and has not got it yet"""
        self.ensure_one()
        return (
            self.state in ("waiting", "held", "failed")
            and not self.order_id
            and self._get_lines() == self.run_id.line_ids
        )

    def _get_problems(self):
        """:return: by shipment what :meth:`_get_problem` says, or that what it is to contain cannot
        be sent any more; those without a problem are left out
        """
        self._lock_first_content()
        lines = self.env["sale.club.pack.line"].union(*(s._get_lines() for s in self))
        unavailable = lines._get_unavailable()
        problems = {}
        for shipment in self:
            missing = (shipment._get_lines() & unavailable).product_id
            if missing:
                problems[shipment] = (
                    "content",
                    self.env._(
                        "Not available any more: %s", ", ".join(missing.mapped("display_name"))
                    ),
                )
            elif problem := shipment._get_problem():
                problems[shipment] = problem
        return problems

    def _get_problem(self):
        """Hook: what can be told before there is an order.

        :return: ``(kind of failure, reason in words)`` or None
        """
        self.ensure_one()
        club, member = self.club_id, self.member_id
        content = self._get_content()
        if not content:
            return "content", self.env._("There is nothing in the pack.")
        quantity = sum(self._get_lines().mapped("quantity"))
        if quantity < club.minimum_quantity:
            return "content", self.env._(
                "%(quantity)s chosen, at least %(minimum)s are needed.",
                quantity=f"{quantity:g}",
                minimum=f"{club.minimum_quantity:g}",
            )
        if club.payment == "token":
            token = member.payment_token_id
            if not token.active:
                return "card", self.env._("There is no card.")
            if member.card_expires_on and member.card_expires_on < self.run_id.ship_date:
                return "card", self.env._("The card has expired.")
        return None

    def _prepare_order(self):
        """Hook: the values of the order, without lines. It is no website's: a draft would be taken
        for the cart of the customer.
        """
        self.ensure_one()
        member, run = self.member_id, self.run_id
        values = {
            "partner_id": member.partner_id.id,
            "company_id": self.company_id.id,
            "website_id": False,
            "club_id": self.club_id.id,
            "club_shipment_id": self.id,
            "origin": run.name,
        }
        if address := member._get_delivery_address():
            values["partner_shipping_id"] = address.id
        return values

    # -- Charging, at most once ------------------------------------------------

    @contextmanager
    def _charging_alone(self):
        """Keep every other worker from charging this shipment, across commits, until the block or
        the process ends.

        :return: whether this worker may
        """
        self.ensure_one()
        args = SQL("%s::regclass::oid::int, %s", self._table, self.id)
        [[alone]] = self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s)", args))
        try:
            yield alone
        except BaseException:
            # A transaction that has failed would not let go of the lock.
            self.env.cr.rollback()
            self.env.transaction.reset()
            raise
        finally:
            if alone:
                self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", args))

    def _charge(self):
        """Charge the card of one shipment, and confirm what that came to with commits.

        The transaction is committed before the provider is asked. Whoever finds it there without an
        answer, after a crash, cannot know whether the provider was asked, and so leaves it to a
        person.

        :return: whether there was anything to do that no other worker does
        """
        self.ensure_one()
        try:
            return self._charge_alone()
        except OperationalError:
            # Two workers in each other's way: the batch is tried again.
            raise
        except Exception as error:
            self._fail_error(error)
            self.env["ir.cron"]._commit_progress()
            return True

    def _charge_alone(self):
        commit = self.env["ir.cron"]._commit_progress
        with self._charging_alone() as alone:
            # Only now, because what others have committed before can be seen from here on.
            commit()
            if not alone or not self._is_to_charge():
                return False
            transactions = self.sudo().transaction_ids
            states = transactions.mapped("state")
            if {"pending", "authorized", "done"} & set(states) or (
                states.count("error") > self.attempts
            ):
                # The answer was there, and what was made of it got lost.
                self._follow_payment()
            elif "draft" in states:
                self._hand_over(self.env._("The run was interrupted while the card was charged."))
            elif problem := self._get_problem():
                self._fail(*problem)
            elif not self.order_id or self.order_id.state not in ("draft", "sent"):
                self._reopen()
            else:
                transaction = self._start_transaction()
                commit()
                self._ask_provider(transaction)
            commit()
            return True

    def _is_to_charge(self):
        """:return: whether the card is to be charged now; not where somebody has stopped the run"""
        self.ensure_one()
        return (
            self.state == "waiting" and self.step == "charge" and self.run_id.state == "processing"
        )

    def _start_transaction(self):
        """:return: the payment.transaction with which this shipment is charged"""
        order, token = self.order_id, self.member_id.payment_token_id
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": token.provider_id.id,
                    "payment_method_id": token.payment_method_id.id,
                    "token_id": token.id,
                    "operation": "offline",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_invoice_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "club_shipment_id": self.id,
                    # Else Odoo's own check of payments may write on it just while the provider is
                    # asked, and the answer is lost. With the answer Odoo takes this back.
                    "is_post_processed": True,
                }
            )
        )

    def _ask_provider(self, transaction):
        """Ask the provider for the money and write down the answer, or that there was none."""
        try:
            transaction._charge_for_club()
            # The answer is worth more than what is made of it.
            self.env["ir.cron"]._commit_progress()
        except Exception:
            _logger.warning("No answer to the payment of %s", self, exc_info=True)
            self.env.cr.rollback()
            self.env.transaction.reset()
        if transaction.state == "draft":
            self._hand_over(self.env._("The provider did not answer."))
        else:
            self._follow_payment()

    def _hand_over(self, reason):
        """Leave it to a person: this shipment is never charged again by itself."""
        for shipment in self:
            shipment._fail("unclear", shipment.env._("%s Look it up at the provider.", reason))
            shipment.member_id.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=shipment.env._("Payment unclear: %s", shipment.order_id.name),
                note=shipment.reason,
                user_id=(shipment.club_id.user_id or shipment.env.user).id,
            )

    def _follow_payment(self):
        """Bring these shipments in line with what has become of their payments."""
        for shipment in self.filtered(lambda s: s.state in ("waiting", "failed")):
            transaction = shipment.sudo().transaction_ids.sorted("id")[-1:]
            if shipment.order_id.state == "sale":
                shipment._complete()
            elif transaction.state in ("done", "authorized"):
                if shipment.step != "confirm" or shipment.state != "waiting":
                    shipment._write_outcome("waiting", self.env._("Paid"), step="confirm")
            elif transaction.state == "pending":
                if shipment.step != "pending" or shipment.state != "waiting":
                    shipment._write_outcome(
                        "waiting", self.env._("The payment is pending"), step="pending"
                    )
            elif transaction.state in ("error", "cancel") and (
                shipment.state == "waiting" or shipment.failure == "unclear"
            ):
                shipment._decline(transaction.state_message)

    def _complete(self):
        """These shipments are ordered and, where that is due, paid."""
        self._write_outcome("done")
        for due, product in (
            ("is_welcome_due", "welcome_product_id"),
            ("is_fee_due", "product_id"),
        ):
            # Where there is nothing to get, there is not later either.
            settled = self.filtered(
                lambda s, due=due, product=product: (
                    s.member_id[due]
                    and (not s.club_id[product] or s.club_id[product] in s._get_ordered())
                )
            ).member_id
            if settled:
                settled[due] = False

    def _get_ordered(self):
        """:return: product.product that are on the orders of these shipments"""
        return self.order_id.order_line.product_id

    def _follow_cancelled_orders(self):
        """Somebody has cancelled these orders: they are not sent, nor made anew."""
        for shipment in self.filtered(
            lambda s: (
                s.order_id.state == "cancel" and (s.state in ("waiting", "done") or s.next_retry)
            )
        ):
            shipment._write_outcome(
                "skipped", shipment.env._("%s was cancelled", shipment.order_id.name)
            )
            shipment.run_id._finish()

    def _decline(self, message):
        """The card was refused: try again on the days of the club, or come to its end.

        :param str message: what the provider said
        """
        self.ensure_one()
        reason = message or self.env._("The card was declined.")
        self.write(
            {
                "attempts": self.attempts + 1,
                "declined_at": self.declined_at or fields.Datetime.now(),
            }
        )
        moment = self._get_next_retry()
        if moment and self.member_id.state in ("active", "held"):
            self._fail("declined", reason, next_retry=moment)
            self._notify_declined()
            return
        self._fail("declined", reason)
        self._end_declined(reason)

    def _get_next_retry(self):
        """:return: when a card that was refused is tried again (naive UTC), None: not any more"""
        self.ensure_one()
        moments = (
            self.declined_at + timedelta(days=days) for days in self.club_id._get_retry_days()
        )
        return next((moment for moment in moments if moment > fields.Datetime.now()), None)

    def _notify_declined(self):
        """Hook: the card was refused and will be tried again."""

    def _end_declined(self, reason):
        """Do with the shipment, the order and the member what the club says."""
        self.ensure_one()
        club, member = self.club_id, self.member_id
        self.order_id._action_cancel()
        if club.decline_end == "skip":
            self._write_outcome("skipped", reason)
        elif club.decline_end == "hold":
            member._hold(code="declined", reason=reason)
        else:
            member._leave("cancelled", "declined", reason)

    @api.model
    def _reopen_due_retries(self):
        """Let the cards be tried again whose day has come; not those of members on hold.

        :return: the runs that go on
        """
        due = self.search(
            Domain("state", "=", "failed")
            & Domain("failure", "=", "declined")
            & Domain("next_retry", "<=", fields.Datetime.now())
            & Domain("club_id.active", "=", True)
        )
        resting = due.filtered(lambda s: s.member_id.state == "held")
        resting._isolated(type(due)._put_off)
        (due - resting)._isolated(type(due)._retry)
        return due.run_id

    def _put_off(self):
        """The members are on hold: try their cards on a later day of the club. If there is none,
        this shipment is one of those that the hold leaves out.
        """
        for shipment in self:
            if moment := shipment._get_next_retry():
                shipment.next_retry = moment
            else:
                shipment._write_outcome("held", shipment.env._("On hold"))
                shipment.order_id._action_cancel()

    def _retry(self):
        """Let failed shipments be worked on once more. Not those about whose payment nobody knows.

        :raise UserError: where a person has to look it up first
        """
        if "unclear" in self.mapped("failure"):
            raise UserError(
                self.env._("First look up at the provider whether the payment was made.")
            )
        failed = self.filtered(lambda s: s.state == "failed")
        failed._reopen()
        failed.run_id._go_on()

    # -- Actions -------------------------------------------------------------

    def action_retry(self):
        """Button: try failed shipments once more."""
        self.run_id.check_access("write")
        self.sudo()._retry()
        return True

    def action_payment_made(self):
        """Button: somebody has looked up that an unclear payment was made."""
        self._resolve_payment("_set_done", self.env._("%s says it was paid", self.env.user.name))
        return True

    def action_payment_not_made(self):
        """Button: somebody has looked up that an unclear payment was not made."""
        self._resolve_payment(
            "_set_canceled", self.env._("%s says it was not paid", self.env.user.name)
        )
        return True

    def _resolve_payment(self, method, words):
        self.run_id.check_access("write")
        for shipment in self.sudo().filtered(lambda s: s.failure == "unclear"):
            getattr(shipment.transaction_ids.filtered(lambda tx: tx.state == "draft"), method)()
            if shipment._get_step() == "confirm":
                shipment._write_outcome("waiting", words, step="confirm")
                shipment.run_id._go_on()
            else:
                shipment._fail("error", words)

    def action_skip(self):
        """Button: leave out these shipments, before they become orders."""
        self.run_id.check_access("write")
        self.sudo().filtered(
            lambda s: (
                s.state in ("waiting", "failed", "held") and s.step == "order" and not s.order_id
            )
        )._write_outcome("skipped", self.env._("Skipped by %s", self.env.user.name))
        return True

    # -- Isolation -----------------------------------------------------------

    def _isolated(self, work):
        """Do a work on all of these, or on as many as can be: one bad member stops nobody else.

        :param work: function of shipments, which writes their outcomes
        """
        try:
            with self.env.cr.savepoint():
                work(self)
                return
        except OperationalError:
            # Two workers in each other's way: the whole batch is tried again.
            raise
        except Exception as error:
            # What was read in the meantime is not so any more.
            self.env.cr.cache.clear()
            if len(self) == 1:
                self._fail_error(error)
                return
        half = len(self) // 2
        self[:half]._isolated(work)
        self[half:]._isolated(work)
