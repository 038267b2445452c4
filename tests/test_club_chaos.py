import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import odoo
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

from . import club_worker
from .allocation_server import _write_configuration, copied_database

# Small where it is one test of many; ``make chaos WHAT=club`` asks for the full size.
FULL = os.environ.get("CLUB_CHAOS") == "full"
MEMBERS, DEATHS = (60, 100) if FULL else (10, 8)

# What is wrong at a moment, each a number of records and always 0.
_WRONG = """
    SELECT (SELECT count(*) FROM sale_club_member WHERE club_id = %(club)s)
         - (SELECT count(*) FROM sale_club_shipment WHERE run_id = %(run)s) AS uncounted,
           (SELECT count(*) FROM sale_order o
              JOIN sale_club_shipment s ON s.id = o.club_shipment_id
             WHERE s.run_id = %(run)s AND o.id IS DISTINCT FROM s.order_id) AS second_orders,
           (SELECT count(*) FROM sale_club_shipment s
         LEFT JOIN sale_order o ON o.id = s.order_id
             WHERE s.run_id = %(run)s
               AND (s.state = 'done') != COALESCE(o.state = 'sale', FALSE)) AS untrue,
           (SELECT count(*) FROM sale_club_shipment s
             WHERE s.run_id = %(run)s AND 1 < (
                   SELECT count(*) FROM payment_transaction t
                    WHERE t.club_shipment_id = s.id
                      AND t.state IN ('draft', 'pending', 'authorized', 'done')
             )) AS second_charges
"""


@tagged("post_install", "-at_install")
class TestClubChaos(BaseCase):
    """Workers of a run are killed at whatever moment: each member gets one order and one charge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls.enterClassContext(copied_database(get_db_name()))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="club-chaos-")))
        cls.ledger, cls.book = str(cls.folder / "ledger"), str(cls.folder / "book")
        cls.forks = cls.enterClassContext(cls._starting_forks())
        cls.club_id = json.loads(cls.forks.stdout.readline() or "0")
        cls.seed = random.randrange(10**6)
        cls.random = random.Random(cls.seed)

    @classmethod
    @contextlib.contextmanager
    def _starting_forks(cls):
        conf = cls.folder / "worker.conf"
        _write_configuration(conf, cls.database, port=0, workers=0)
        home = str(Path(odoo.__path__[0]).parent)
        variables = {name: value for name, value in os.environ.items() if name != "ODOO_RC"}
        variables["PYTHONPATH"] = os.pathsep.join(
            filter(None, [home, os.environ.get("PYTHONPATH")])
        )
        cls.log = cls.folder / "worker.log"
        with (
            open(cls.log, "w") as log,
            subprocess.Popen(
                [sys.executable, club_worker.__file__, str(conf), cls.database, str(MEMBERS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=variables,
                cwd=cls.folder,
                start_new_session=True,
            ) as process,
        ):
            try:
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def _tell(self, *acts):
        """Let processes do things at the same time.

        :param acts: each ``(name, arguments)``
        :return: for each its exit code, negative where it was killed, and what it said
        """
        self.forks.stdin.write(f"{json.dumps(acts)}\n")
        self.forks.stdin.flush()
        answers = json.loads(self.forks.stdout.readline() or "null")
        if answers is None or any(code not in (0, -signal.SIGKILL) for code, _said in answers):
            self.fail(self.log.read_text()[-3000:])
        return answers

    def _ask(self, name, **arguments):
        [[_code, said]] = self._tell((name, arguments))
        return said

    def _work(self, *fates):
        """Let workers process the run together.

        :return: how many of them were killed
        """
        common = {"run_id": self.run_id, "ledger": self.ledger, "book": self.book}
        answers = self._tell(*(("work", {**common, **fate}) for fate in fates))
        return sum(code != 0 for code, _said in answers)

    def _draw_fate(self):
        moment = self.random.choice(list(club_worker.MOMENTS))
        if moment == "any time":
            return {"moment": moment, "times": -1, "seconds": self.random.uniform(0, 0.8)}
        return {"moment": moment, "times": self.random.randrange(club_worker.MOMENTS[moment])}

    @contextlib.contextmanager
    def _watching(self):
        """Count at every moment what must never be there."""
        over = threading.Event()
        self.seen, self.looks = Counter(), 0

        def watch():
            with contextlib.closing(db_connect(self.database).cursor()) as cr:
                cr._cnx.autocommit = True
                while not over.is_set():
                    cr.execute(_WRONG, {"club": self.club_id, "run": self.run_id})
                    self.seen.update({k: v for k, v in cr.dictfetchone().items() if v})
                    self.looks += 1
                    time.sleep(0.01)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(30)

    def _process_with_deaths(self, deaths):
        """Open a run, kill its workers up to so many times, then let it come to its end.

        :return: how many were killed
        """
        self.run_id = self._ask(
            "open_run", club_id=self.club_id, ship_date=self.ship_date.isoformat()
        )
        self.ship_date += timedelta(days=7)
        killed = 0
        with self._watching():
            for _round in range(20 * MEMBERS):
                left = deaths - killed
                fates = [
                    self._draw_fate() for _worker in range(min(left, self.random.choice((1, 2))))
                ]
                killed += self._work(*fates or [{}, {}])
                counts = self._ask("look_after", run_id=self.run_id, ledger=self.ledger)
                self.assertEqual(counts[0], MEMBERS)
                self.assertEqual(counts[0], sum(counts[1:]))
                if counts[1] == MEMBERS:
                    break
        self.assertFalse(self.seen, f"seed {self.seed}")
        self.assertGreater(self.looks, 0)
        self._check()
        return killed

    def _check(self):
        """Each member has exactly one order, confirmed, and one charge."""
        with contextlib.closing(db_connect(self.database).cursor()) as cr:
            cr.execute(
                """
                SELECT m.id, array_agg(DISTINCT o.state), count(DISTINCT o.id), s.state,
                       array_agg(t.reference) FILTER (WHERE t.state = 'done')
                FROM sale_club_member m
                LEFT JOIN sale_club_shipment s ON s.member_id = m.id AND s.run_id = %(run)s
                LEFT JOIN sale_order o ON o.club_shipment_id = s.id
                LEFT JOIN payment_transaction t ON t.club_shipment_id = s.id
                WHERE m.club_id = %(club)s
                GROUP BY m.id, s.id
                """,
                {"run": self.run_id, "club": self.club_id},
            )
            rows = cr.fetchall()
            cr.execute("SELECT state FROM sale_club_run WHERE id = %s", (self.run_id,))
            self.assertEqual(cr.fetchone(), ("done",))
        self.assertEqual(len(rows), MEMBERS)
        paid = []
        for member_id, states, orders, state, references in rows:
            self.assertEqual(
                (states, orders, state, len(references or ())),
                (["sale"], 1, "done", 1),
                f"member {member_id}, seed {self.seed}",
            )
            paid += references
        taken = club_worker.read(self.ledger)[self.settled :]
        self.assertEqual(sorted(taken), sorted(paid), f"seed {self.seed}")
        self.settled += len(taken)

    def test_whoever_is_killed_each_member_gets_one_order_and_one_charge(self):
        self.ship_date, self.settled, killed, runs = date(2030, 1, 6), 0, 0, 0
        while killed < DEATHS:
            killed += self._process_with_deaths(DEATHS - killed)
            runs += 1
        moments = Counter(club_worker.read(self.book))
        self.assertEqual(moments.total(), killed)
        if FULL:
            lines = [f"\n{killed} workers killed in {runs} runs of {MEMBERS} members"]
            lines += [f"  {moment:22}{count:4}" for moment, count in moments.most_common()]
            lines.append(f"{self.settled} orders, {self.settled} charges, each once\n")
            sys.stdout.write("\n".join(lines))
