from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sale_club_run import BATCH_SIZE
from .dry_run import DryRun

# So many shipments are looked at while somebody waits for it; more of them in the background.
AT_ONCE = 100
_QUANTITY_DIGITS = 6


class _DryRunOver(Exception):
    """Carries what a dry run found out of what is rolled back."""


class SaleClubRun(models.Model):
    """What processing a run would come to, found out by doing it and taking it back."""

    _inherit = "sale.club.run"

    exception_count = fields.Integer(
        compute="_compute_exception_count", help="What the dry run found that a person looks at."
    )
    previewed_at = fields.Datetime(string="Dry Run on", readonly=True, copy=False)
    is_preview_due = fields.Boolean(string="Dry Run under Way", readonly=True, copy=False)
    preview_progress = fields.Float(compute="_compute_preview_progress")

    @api.depends("shipment_ids.preview_state", "shipment_ids.state")
    def _compute_exception_count(self):
        counts = dict(
            self.env["sale.club.shipment"]._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("state", "=", "waiting"),
                    ("preview_state", "in", ("warning", "exception")),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.exception_count = counts.get(run._origin, 0)

    @api.depends("is_preview_due", "shipment_ids.preview_state", "shipment_ids.state")
    def _compute_preview_progress(self):
        shipments = self.env["sale.club.shipment"]
        for run in self:
            progress = 0.0
            if run.is_preview_due:
                total = shipments.search_count(run._get_preview_domain())
                left = shipments.search_count(run._get_preview_domain(is_due=True))
                progress = 100.0 * (total - left) / total if total else 0.0
            run.preview_progress = progress

    # -- In the background ---------------------------------------------------

    def _get_preview_domain(self, is_due=False):
        """
        :param bool is_due: only those of which nothing is known yet
        :return: Domain of the shipments that a dry run of this run looks at
        """
        domain = self._get_todo_domain() & Domain("step", "=", "order")
        return domain & Domain("preview_state", "=", False) if is_due else domain

    def _ask_dry_run(self):
        """Forget what the last dry run said, and let the next one begin."""
        self.ensure_one()
        looked_at = self.env["sale.club.shipment"].search(
            self._get_preview_domain() & Domain("preview_state", "!=", False)
        )
        looked_at.write({"preview_state": False, "preview_reason": False, "preview_amount": 0.0})
        self._get_memory_keeper().preview_memory = False
        self.write({"is_preview_due": True, "previewed_at": False})

    def _get_memory_keeper(self):
        """:return: the shipment that keeps what the batches so far take, if any. The run does not:
        whoever cancels or starts it would collide with every batch.
        """
        return self.env["sale.club.shipment"].search(
            Domain("run_id", "=", self.id) & Domain("preview_memory", "!=", False)
        )

    def _end_dry_run(self, **values):
        self.write({"is_preview_due": False, **values})

    def _start(self):
        self.filtered("is_preview_due")._end_dry_run()
        return super()._start()

    def _pause(self):
        self.filtered("is_preview_due")._end_dry_run()
        return super()._pause()

    @api.model
    def _get_work_domain(self):
        return super()._get_work_domain() | Domain("is_preview_due", "=", True)

    def _count_todo(self):
        if not self.is_preview_due:
            return super()._count_todo()
        return self.env["sale.club.shipment"].search_count(self._get_preview_domain(is_due=True))

    def _count_jobs(self):
        # Each shipment is judged by what those before it take.
        return 1 if self.is_preview_due else super()._count_jobs()

    def _process_batch(self, limit=BATCH_SIZE):
        if not self.is_preview_due:
            return super()._process_batch(limit)
        count = self._preview_batch(limit)
        self._commit()
        return count

    def _preview_batch(self, limit=BATCH_SIZE):
        """Look at up to ``limit`` shipments, and at the others of their customers: these share what
        a customer may have.

        :return: how many have been looked at; None where there are none, or another worker does it
        """
        self.ensure_one()
        self.flush_recordset(["is_preview_due"])
        mine = self.env.execute_query(
            SQL(
                "SELECT id FROM sale_club_run WHERE id = %s AND is_preview_due"
                " FOR NO KEY UPDATE SKIP LOCKED",
                self.id,
            )
        )
        if not mine:
            return None
        shipments = self.env["sale.club.shipment"]
        domain = self._get_preview_domain(is_due=True)
        next_ones = shipments.search(domain, order="id", limit=limit)
        keeper = self._get_memory_keeper()
        memory = keeper.preview_memory or {}
        keeper.preview_memory = False
        if not next_ones:
            self._end_dry_run(previewed_at=fields.Datetime.now())
            return None
        customers = next_ones.partner_id.commercial_partner_id
        next_ones |= shipments.search(
            domain & Domain("partner_id.commercial_partner_id", "in", customers.ids)
        )
        found, memory = self._dry_run_batch(next_ones.sorted("id"), memory)
        for shipment_id, values in found.items():
            shipments.browse(shipment_id).write(values)
        next_ones[0].preview_memory = memory
        return len(found)

    def _dry_run(self):
        """Do all that processing does, but for the charge, and take it back: at once, without a
        commit.
        """
        self._ask_dry_run()
        while self._preview_batch():
            continue

    # -- One batch -----------------------------------------------------------

    def _dry_run_batch(self, shipments, memory):
        """
        :param dict memory: what is remembered of those before
        :return: values of each of these shipments, by id, and what is to be remembered for those
            that follow
        :rtype: tuple[dict, dict]
        """
        dry_run = DryRun(memory)
        try:
            with self.env.cr.savepoint():
                run = self.with_context(tracking_disable=True, club_batch=dry_run)
                run._begin_dry_run()
                shipments = shipments.with_env(run.env)
                free = run._get_free_quantities(shipments)
                shipments._isolated(run._make_orders)
                run._compare_with_stock(shipments, free)
                run._remember(shipments)
                raise _DryRunOver({s.id: s._get_preview() for s in shipments})
        except _DryRunOver as over:
            # What was read in the meantime is not so any more.
            self.env.cr.cache.clear()
            return over.args[0], dry_run.memory

    def _begin_dry_run(self):
        """Hook: take what the shipments before these take."""

    def _remember(self, shipments):
        """Hook: write into the memory of the dry run what these shipments have taken."""

    def _get_free_quantities(self, shipments):
        """:return: what there is in stock, before these shipments take of it, by product id"""
        product_ids = {
            product_id for shipment in shipments for product_id, *_rest in shipment._get_content()
        }
        products = self.env["product.product"].browse(sorted(product_ids))
        return products._get_free_quantities(self.company_id)

    def _compare_with_stock(self, shipments, free):
        """Say of which shipments something is short, given what those before them take."""
        if not free:
            return
        dry_run = self.env.context["club_batch"]
        taken = defaultdict(float, dry_run.memory.get("stock", {}))
        for shipment in shipments:
            short = self.env["product.product"]
            for line in shipment.order_id.order_line.filtered(lambda li: li.product_id.id in free):
                product = line.product_id
                # Keys of JSON are words.
                taken[str(product.id)] += line.product_uom_id._compute_quantity(
                    line.product_uom_qty, product.uom_id, round=False
                )
                rest = round(free[product.id] - taken[str(product.id)], _QUANTITY_DIGITS)
                if rest < 0:
                    short |= product
            if short:
                dry_run.shortages[shipment.id] = self.env._(
                    "Not enough in stock: %s.", ", ".join(short.mapped("display_name"))
                )
        dry_run.memory = {**dry_run.memory, "stock": dict(taken)}

    # -- Actions -------------------------------------------------------------

    def action_dry_run(self):
        """Button: list what would happen, with the code that makes it happen."""
        self.check_access("write")
        self.ensure_one()
        run = self.sudo()
        if run.state not in ("window", "review"):
            return True
        if run.is_preview_due:
            # Somebody else has asked just before.
            run._wake_workers()
            return True
        if run.env["sale.club.shipment"].search_count(run._get_preview_domain()) <= AT_ONCE:
            run._dry_run()
            return self.action_view_shipments()
        run._ask_dry_run()
        run._wake_workers()
        return True

    def action_cancel_dry_run(self):
        """Button: look at no further shipments; what is known stays."""
        self.check_access("write")
        self.sudo().filtered("is_preview_due")._end_dry_run()
        return True
