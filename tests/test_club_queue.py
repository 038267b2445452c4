import contextlib
import os
import random
import sys
import tempfile
import threading
import time
import xmlrpc.client
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from unittest.mock import patch

import odoo
from odoo.modules.module import get_module_path
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

from . import club_worker
from .allocation_server import copied_database, running_server

FULL = os.environ.get("CLUB_CHAOS") == "full"
MEMBERS = 520 if FULL else 24
PATIENCE = 600


@tagged("post_install", "-at_install")
class TestClubQueue(BaseCase):
    """With OCA's job queue the workers of a server share a run, alone or with the scheduled action.

    What the scheduled action does without it, is in all other tests of runs.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue_path = cls._find_queue()
        cls.database = cls.enterClassContext(copied_database(get_db_name()))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="club-queue-")))
        cls.enterClassContext(
            patch.dict(
                os.environ,
                {
                    "CLUB_FOLDER": str(cls.folder),
                    "CLUB_MEMBERS": str(MEMBERS),
                    "ODOO_QUEUE_JOB_CHANNELS": "root:2",
                    "PYTHONPATH": os.pathsep.join(
                        filter(None, [os.environ.get("PYTHONPATH"), cls.queue_path])
                    ),
                },
            )
        )
        cls.server = cls.enterClassContext(
            running_server(
                cls.database,
                *("-i", "queue_job"),
                workers=3,
                patience=PATIENCE,
                launcher=Path(__file__).with_name("club_queue_server.py"),
                server_wide_modules="base,rpc,web,queue_job",
                addons_path=cls._get_addons_path(),
            )
        )
        cls.club_id = int((cls.folder / "club").read_text())
        cls.ship_date, cls.settled = date(2031, 1, 5), 0

    @classmethod
    def _find_queue(cls):
        """:return: folder with queue_job and what it needs, empty where Odoo sees it anyway"""
        if get_module_path("queue_job", display_warning=False):
            return ""
        folder = os.environ.get("OCA_QUEUE")
        if not folder:
            raise AssertionError(
                "OCA's queue_job is missing. “make test” gets it from the Python index; else put "
                "it on the addons path."
            )
        return folder

    @classmethod
    def _get_addons_path(cls):
        paths = config["addons_path"]
        paths = paths.split(",") if isinstance(paths, str) else list(paths)
        if cls.queue_path:
            paths.append(str(Path(cls.queue_path) / "odoo" / "addons"))
        return ",".join(paths)

    # -- What staff does, and what is seen of it -----------------------------

    def _call(self, model, method, *args):
        """Call a method as staff does, over the network."""
        proxy = xmlrpc.client.ServerProxy(
            f"http://127.0.0.1:{self.server.port}/xmlrpc/2/object", allow_none=True
        )
        for _attempt in range(5):
            # The worker that answers may be the one that is killed.
            with contextlib.suppress(OSError, HTTPException, xmlrpc.client.ProtocolError):
                return proxy.execute_kw(self.database, 2, "admin", model, method, args)
        raise AssertionError(self.server.read_log()[-3000:])

    def _query(self, query, *params):
        with contextlib.closing(db_connect(self.database).cursor()) as cr:
            cr.execute(query, params)
            return cr.fetchall()

    def _open_run(self):
        run_id = self._call(
            "sale.club.run",
            "create",
            {"club_id": self.club_id, "ship_date": self.ship_date.isoformat()},
        )
        type(self).ship_date += timedelta(days=7)
        return run_id

    def _count(self, run_id, *states):
        [[count]] = self._query(
            "SELECT count(*) FROM sale_club_shipment WHERE run_id = %s AND state IN %s",
            run_id,
            states,
        )
        return count

    def _count_jobs(self, *states):
        [[count]] = self._query("SELECT count(*) FROM queue_job WHERE state IN %s", states)
        return count

    def _wait(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, self.server.read_log()[-3000:])
            # The queue looks for jobs whose worker died when it is woken, else each minute.
            self._knock()
            time.sleep(0.1)

    def _knock(self):
        with contextlib.closing(db_connect(self.database).cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute("NOTIFY queue_job, 'nothing'")

    def _look_after(self, run_id):
        """Look up at the bank what is unclear, try again what was refused."""
        taken = set(club_worker.read(self.folder / "ledger"))
        failed = self._query(
            """SELECT s.id, s.failure, t.reference
                 FROM sale_club_shipment s
            LEFT JOIN payment_transaction t ON t.club_shipment_id = s.id AND t.state = 'draft'
                WHERE s.run_id = %s AND s.state = 'failed'""",
            run_id,
        )
        unclear = {found[0]: found[2] in taken for found in failed if found[1] == "unclear"}
        self._press("action_payment_made", [i for i, was_made in unclear.items() if was_made])
        self._press("action_payment_not_made", [i for i, made in unclear.items() if not made])
        self._press("action_retry", [found[0] for found in failed if not unclear.get(found[0])])

    def _press(self, button, shipment_ids):
        if shipment_ids:
            self._call("sale.club.shipment", button, shipment_ids)

    def _finish(self, run_id):
        """Let the run come to its end, and check that each member has one order and one charge."""
        self._wait(lambda: not self._count(run_id, "waiting"))
        while self._count(run_id, "failed"):
            self._look_after(run_id)
            self._wait(lambda: not self._count(run_id, "waiting"))
        rows = self._query(
            """SELECT m.id, s.state, array_agg(DISTINCT o.state), count(DISTINCT o.id),
                      array_agg(t.reference) FILTER (WHERE t.state = 'done')
                 FROM sale_club_member m
            LEFT JOIN sale_club_shipment s ON s.member_id = m.id AND s.run_id = %s
            LEFT JOIN sale_order o ON o.club_shipment_id = s.id
            LEFT JOIN payment_transaction t ON t.club_shipment_id = s.id
                WHERE m.club_id = %s
             GROUP BY m.id, s.id""",
            run_id,
            self.club_id,
        )
        self.assertEqual(len(rows), MEMBERS)
        paid = []
        for member_id, state, order_states, orders, references in rows:
            self.assertEqual(
                (state, order_states, orders, len(references or ())),
                ("done", ["sale"], 1, 1),
                f"member {member_id}",
            )
            paid += references
        taken = club_worker.read(self.folder / "ledger")[self.settled :]
        self.assertEqual(sorted(taken), sorted(paid))
        type(self).settled += len(taken)
        if FULL:
            sys.stdout.write(f"\n{self._testMethodName}: {MEMBERS} orders and charges, each once\n")
        self._wait(lambda: not self._count_jobs("pending", "enqueued", "started"))
        self.assertFalse(self._count_jobs("failed"), self.server.read_log()[-3000:])
        self.assertEqual(
            self._query("SELECT state, part_domain FROM sale_club_run WHERE id = %s", run_id),
            [("done", None)],
        )

    # -- Tests ---------------------------------------------------------------

    def test_several_workers_share_a_run(self):
        run_id = self._open_run()
        self._call("sale.club.run", "action_process", [run_id])
        most = 0

        def is_over():
            nonlocal most
            most = max(most, self._count_jobs("started"))
            return not self._count(run_id, "waiting")

        self._wait(is_over)
        self.assertEqual(most, 2, "as many as the channel lets run at the same time")
        self._finish(run_id)
        self.assertEqual(
            self._query("SELECT DISTINCT user_id, channel FROM queue_job"),
            [(odoo.SUPERUSER_ID, "root")],
        )

    def test_who_is_killed_loses_nothing(self):
        run_id = self._open_run()
        self._call("sale.club.run", "action_process", [run_id])
        for tenth in range(1, 8):
            self._wait(lambda t=tenth: 10 * self._count(run_id, "done", "failed") >= t * MEMBERS)
            time.sleep(random.uniform(0, 0.2))
            self.server.kill_worker(random.randrange(4))
        self._finish(run_id)

    def test_jobs_and_the_scheduled_action_share_a_run(self):
        run_id = self._open_run()
        self._call("sale.club.run", "action_process", [run_id])
        [[cron_id]] = self._query(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
            "customer_type",
            "cron_club_process",
        )
        scheduled = threading.Thread(
            target=self._call, args=("ir.cron", "method_direct_trigger", [cron_id])
        )
        scheduled.start()
        self._finish(run_id)
        scheduled.join(PATIENCE)

    def test_a_dry_run_is_done_by_jobs_and_survives_its_worker(self):
        run_id = self._open_run()
        self._call("sale.club.run", "action_open_window", [run_id])
        self._call("sale.club.run", "action_dry_run", [run_id])
        self._wait(lambda: self._count_looked_at(run_id))
        for number in range(3):
            self.server.kill_worker(number)
        # Whoever asks once more wakes the queue, and begins nothing anew.
        self._call("sale.club.run", "action_dry_run", [run_id])
        self._wait(lambda: not self._is_dry_run_due(run_id))
        self.assertEqual(self._count_looked_at(run_id), MEMBERS)
        self.assertEqual(self._count(run_id, "waiting"), MEMBERS)
        self._wait(lambda: not self._count_jobs("pending", "enqueued", "started"))
        # The real thing begins in the middle of the next one.
        self._call("sale.club.run", "action_dry_run", [run_id])
        self._wait(lambda: self._count_looked_at(run_id))
        self._call("sale.club.run", "action_process", [run_id])
        self.assertFalse(self._is_dry_run_due(run_id))
        self._finish(run_id)

    def _count_looked_at(self, run_id):
        [[count]] = self._query(
            "SELECT count(preview_state) FROM sale_club_shipment WHERE run_id = %s", run_id
        )
        return count

    def _is_dry_run_due(self, run_id):
        [[is_due]] = self._query("SELECT is_preview_due FROM sale_club_run WHERE id = %s", run_id)
        return is_due

    def test_jobs_of_a_stopped_run_do_nothing_until_it_goes_on(self):
        run_id = self._open_run()
        self._call("sale.club.run", "action_process", [run_id])
        self._call("sale.club.run", "action_stop", [run_id])
        self._wait(lambda: not self._count_jobs("pending", "enqueued", "started"))
        waiting = self._count(run_id, "waiting")
        self.assertTrue(waiting)
        self._call("sale.club.run", "action_process", [run_id])
        self._finish(run_id)
