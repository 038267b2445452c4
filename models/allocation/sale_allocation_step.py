import logging
from math import floor
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .quota import DIGITS, EPSILON, decide

_logger = logging.getLogger(__name__)


class Passing(NamedTuple):
    """What a step would pass on now.

    :ivar losses: what each customer who has not claimed it would lose, by id of the customer
    :ivar float amount: the sum of that, and no more than the pool holds
    :ivar receivers: the commercial partners who would get it
    :ivar float each: how much each of them would get at most
    """

    losses: dict
    amount: float
    receivers: object
    each: float


class SaleAllocationStep(models.Model):
    """At a moment, what some have not claimed goes to others."""

    _name = "sale.allocation.step"
    _description = "Waterfall of an Allocation"
    _order = "at, id"

    allocation_id = fields.Many2one(
        "sale.allocation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="allocation_id.company_id", store=True)
    at = fields.Datetime(string="When", required=True)
    from_grant_ids = fields.Many2many(
        "sale.allocation.grant",
        string="What these have not claimed",
        domain="[('allocation_id', '=', allocation_id), ('origin', '=', 'staff')]",
    )
    share = fields.Float(
        string="Share (%)",
        default=100.0,
        help="100: their grants close at that moment. Less: their grants become smaller by it.",
    )
    to_type_ids = fields.Many2many("customer.type", string="goes to holders of")
    to_partner_ids = fields.Many2many("res.partner", string="and to")
    how = fields.Selection(
        [("equal", "The same to each"), ("first", "First come, while the pool lasts")],
        required=True,
        default="equal",
    )
    maximum = fields.Float(
        string="At most for each",
        digits="Product Unit",
        help="Zero: whatever comes of an equal share.",
    )
    valid_until = fields.Datetime(help="Empty: as long as the allocation is open.")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("undone", "Undone"), ("failed", "Failed")],
        required=True,
        readonly=True,
        copy=False,
        default="planned",
        index=True,
    )
    done_at = fields.Datetime(readonly=True, copy=False)
    moved = fields.Float(readonly=True, copy=False, digits="Product Unit")
    each = fields.Float(string="For each", readonly=True, copy=False, digits="Product Unit")
    # What the grants said before, to be put back.
    previous_values = fields.Json(readonly=True, copy=False)
    grant_ids = fields.One2many("sale.allocation.grant", "step_id", string="What was passed on")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _quantities_fit = models.Constraint(
        "CHECK(share > 0 AND share <= 100 AND maximum >= 0)",
        "A waterfall passes on a share between 0 and 100 %.",
    )
    _first_needs_maximum = models.Constraint(
        "CHECK(how != 'first' OR maximum > 0)",
        "Where the first comers get it, say how much each may have.",
    )

    @api.depends("allocation_id", "at")
    def _compute_display_name(self):
        for step in self:
            moment = step.at and step.allocation_id._format_moment(step.at, step.allocation_id.tz)
            step.display_name = f"{step.allocation_id.display_name} · {moment or ''}"

    @api.constrains("from_grant_ids", "to_type_ids", "to_partner_ids", "how", "at", "allocation_id")
    def _check_ends(self):
        for step in self.filtered(lambda s: s.state == "planned"):
            grants = step.from_grant_ids
            if not grants or not (step.to_type_ids or step.to_partner_ids):
                raise ValidationError(self.env._("Say whose grants are passed on, and to whom."))
            if grants.allocation_id != step.allocation_id or any(
                grant.origin != "staff" or grant.is_unlimited for grant in grants
            ):
                raise ValidationError(
                    self.env._("Only grants by staff with a maximum can be passed on.")
                )
            if grants.customer_type_id & step.to_type_ids or (
                grants.partner_id & step.to_partner_ids.commercial_partner_id
            ):
                raise ValidationError(self.env._("A grant cannot be passed on to its holder."))
            opens = [g.opens_at or step.allocation_id.open_at for g in grants]
            if any(moment and moment >= step.at for moment in opens):
                raise ValidationError(
                    self.env._("What is not open by then cannot be passed on: choose a later time.")
                )
            allocation = step.allocation_id
            if step.how == "first" and (
                not allocation.pool_quantity or allocation.mode == "request"
            ):
                raise ValidationError(
                    self.env._(
                        "First come needs a pool, and an allocation that is not on request only."
                    )
                )

    # -- What would happen -------------------------------------------------

    def _plan(self):
        """:return: what this step would pass on now, a :class:`Passing`"""
        self.ensure_one()
        step = self.sudo()
        allocation = step.allocation_id
        company = allocation.company_id or self.env.company
        receivers = step._get_receivers(company)
        losses = step._get_losses()
        # Who loses it does not get it back at once.
        receivers -= receivers.browse(losses)
        amount = round(sum(losses.values()), DIGITS)
        available = allocation._get_available_to_grant()
        if available is not None:
            amount = min(amount, available)
        if step.how == "first":
            each = min(step.maximum, amount)
        else:
            each = float(floor(amount / len(receivers) + EPSILON)) if receivers else 0.0
            each = min(each, step.maximum) if step.maximum else each
        return Passing(losses, amount, receivers, each)

    def _get_receivers(self, company):
        """:return: the commercial partners who hold one of the types, or are named"""
        partners = self.env["res.partner"].sudo()
        held = partners.search(Domain("customer_type_ids", "in", self.to_type_ids.ids))
        held = held.filtered(lambda p: p.commercial_partner_id == p)
        receivers = held | self.to_partner_ids.commercial_partner_id
        return receivers.filtered(lambda p: not p.company_id or p.company_id == company)

    def _get_losses(self):
        """:return: what customers have not claimed, and lose by this step, by id of customer"""
        allocation = self.allocation_id
        rule = allocation._get_own_rule()
        cut = {grant.id: self._get_rest(grant) for grant in self.from_grant_ids}
        customers = allocation._get_grant_holders()
        acting = allocation._get_acting_type_ids(customers)
        personal = self.env["sale.allocation.grant"]._get_grants_by_partner(allocation, customers)
        taken = allocation._get_current_taken()
        smaller_rule = rule._replace(grants=_cut(rule.grants, cut))
        losses = {}
        for customer in customers:
            own = personal.get(customer.id, ())
            type_ids = acting[customer.id]
            claimed = sum(taken.get(customer.id, (0.0, 0.0)))
            before = decide(rule, own, type_ids, self.at).maximum
            after = decide(smaller_rule, _cut(own, cut), type_ids, self.at).maximum
            if before is None or after is None:
                continue
            loss = max(before - claimed, 0.0) - max(after - claimed, 0.0)
            if loss > EPSILON:
                losses[customer.id] = round(loss, DIGITS)
        return losses

    def _get_rest(self, grant):
        """:return: what is left of the maximum of a grant once its share is passed on"""
        rest = floor(grant.maximum * (100.0 - self.share) / 100.0 + EPSILON)
        return float(rest - rest % grant.multiple) if grant.multiple else float(rest)

    @api.depends(
        "at", "from_grant_ids", "share", "to_type_ids", "to_partner_ids", "how", "maximum", "state"
    )
    def _compute_preview(self):
        for step in self:
            step.preview = step._render_preview() if step._origin else False

    def _render_preview(self):
        if self.state != "planned":
            return False
        passing = self._origin._plan()
        losers = self.env["res.partner"].browse(passing.losses)
        return self.env["ir.qweb"]._render(
            "customer_type.sale_allocation_step_preview",
            {"step": self, "passing": passing, "losers": losers},
        )

    # -- Doing it ----------------------------------------------------------

    @api.model
    def _cron_run_steps(self):
        """Run what is due, the earliest first; what was missed is run now."""
        steps = self.search(
            Domain("state", "=", "planned")
            & Domain("at", "<=", fields.Datetime.now())
            & Domain("allocation_id.active", "=", True)
        )
        self.env["ir.cron"]._commit_progress(remaining=len(steps))
        for step in steps:
            try:
                with self.env.cr.savepoint():
                    step._run()
            except UserError as error:
                step._fail(error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _fail(self, error):
        self.state = "failed"
        self.allocation_id._ask_responsible(self.env._("A waterfall could not run"), str(error))
        _logger.info("%s could not run: %s", self.display_name, error)

    def action_run(self):
        """Pass on now what is not claimed."""
        self.allocation_id.check_access("write")
        for step in self:
            step._run()
        return True

    def _run(self):
        """Pass on what is not claimed. A second call does nothing."""
        self.ensure_one()
        self.allocation_id._lock_grants()
        self.invalidate_recordset(["state"])
        if self.state != "planned":
            return
        passing = self._plan()
        self.previous_values = {
            str(grant.id): {
                "closes_at": fields.Datetime.to_string(grant.closes_at),
                "minimum": grant.minimum,
                "maximum": grant.maximum,
            }
            for grant in self.from_grant_ids
        }
        for grant in self.from_grant_ids:
            grant.write(self._prepare_cut(grant))
        if passing.each > EPSILON:
            self.env["sale.allocation.grant"].create(self._prepare_grants(passing))
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "moved": passing.amount,
                "each": passing.each,
            }
        )
        self.allocation_id.message_post(body=self._get_story(passing))

    def _prepare_cut(self, grant):
        if self.share >= 100:
            moments = (grant.closes_at, self.at, fields.Datetime.now())
            return {"closes_at": min(filter(None, moments))}
        rest = self._get_rest(grant)
        return {"maximum": rest, "minimum": min(grant.minimum, rest)}

    def _prepare_grants(self, passing):
        values = {
            "allocation_id": self.allocation_id.id,
            "step_id": self.id,
            "origin": "waterfall",
            "maximum": passing.each,
            "valid_until": self.valid_until,
            "reason": self.env._("Not claimed by others"),
        }
        if self.how == "first":
            # Holders who come later are as welcome: the pool is what binds.
            partners = self.to_partner_ids.commercial_partner_id
            holders = [("customer_type_id", t.id) for t in self.to_type_ids]
        else:
            partners, holders = passing.receivers, []
        holders += [("partner_id", partner.id) for partner in partners]
        return [{**values, fname: holder_id} for fname, holder_id in holders]

    def _get_story(self, passing):
        return self.env._(
            "Waterfall: %(amount)s were not claimed by %(losers)s customers; up to %(each)s for "
            "each of %(receivers)s others.",
            amount=f"{passing.amount:.10g}",
            losers=len(passing.losses),
            each=f"{passing.each:.10g}",
            receivers=len(passing.receivers),
        )

    # -- Undoing it --------------------------------------------------------

    def action_undo(self):
        """Give back what was passed on, as long as nobody has bought of it."""
        self.allocation_id.check_access("write")
        # The last one first: each puts back what its grants said before it.
        for step in self.filtered(lambda s: s.state == "done").sorted(_when_done, reverse=True):
            step._undo()
        return True

    def _undo(self):
        self.ensure_one()
        self.allocation_id._lock_grants()
        self.invalidate_recordset(["state"])
        if self.state != "done":
            return
        if self._is_used():
            raise UserError(
                self.env._("Something was bought of what was passed on: it cannot be undone.")
            )
        later = self.search(
            Domain("allocation_id", "=", self.allocation_id.id)
            & Domain("state", "=", "done")
            & Domain("from_grant_ids", "in", self.from_grant_ids.ids)
        ).filtered(lambda step: _when_done(step) > _when_done(self))
        if later:
            raise UserError(
                self.env._(
                    "%s has passed on from the same grants since then: undo that one first.",
                    later.sorted(_when_done)[-1:].display_name,
                )
            )
        self.grant_ids.unlink()
        grants = self.from_grant_ids.exists()
        for grant in grants:
            grant.write(self.previous_values[str(grant.id)])
        self.write({"state": "undone", "previous_values": False})
        self.allocation_id.message_post(
            body=self.env._("The waterfall was undone: nothing had been bought of it.")
        )

    def _is_used(self):
        """:return: whether a customer has, or keeps in a cart, what would not be there without this
        step
        """
        receivers = self.grant_ids.partner_id
        types = self.grant_ids.customer_type_id
        if types:
            receivers |= receivers.search(Domain("customer_type_ids", "in", types.ids))
        receivers = receivers.sudo()
        rule = self.allocation_id._get_own_rule()
        passed = set(self.grant_ids.ids)
        personal = self.env["sale.allocation.grant"]._get_grants_by_partner(
            self.allocation_id, receivers
        )
        acting = self.allocation_id._get_acting_type_ids(receivers)
        taken = self.allocation_id._get_current_taken()
        without = rule._replace(grants=tuple(g for g in rule.grants if g.id not in passed))
        for customer in receivers:
            claimed = sum(taken.get(customer.id, (0.0, 0.0)))
            own = [g for g in personal.get(customer.id, ()) if g.id not in passed]
            left = decide(without, own, acting[customer.id], self.done_at).maximum
            if claimed > EPSILON and left is not None and claimed > left + EPSILON:
                return True
        return False

    # -- CRUD --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._wake_cron()
        return steps

    def write(self, vals):
        settings = vals.keys() - {"state", "done_at", "moved", "each", "previous_values"}
        if settings and any(step.state == "done" for step in self):
            raise UserError(self.env._("This has happened: undo it first."))
        res = super().write(vals)
        if "at" in vals:
            self._wake_cron()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(step.state == "done" for step in self):
            raise UserError(self.env._("This has happened: undo it first."))

    def _wake_cron(self):
        """Let the cron run at the very moment."""
        cron = self.env.ref("customer_type.cron_run_allocation_steps", raise_if_not_found=False)
        moments = self.filtered("at").mapped("at")
        if cron and moments:
            cron.sudo()._trigger(moments)


def _when_done(step):
    return step.done_at, step.at, step.id


def _cut(grants, rests):
    """:return: grants, some of them with less of a maximum, by id"""
    return tuple(
        grant._replace(maximum=rests[grant.id]) if grant.id in rests else grant for grant in grants
    )
