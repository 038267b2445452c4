"""Clubs: a large run, beside Odoo's own way to make the same orders, and the OCA's."""

import contextlib
import json
import os
import subprocess
from statistics import median

from .. import console, oca, odoo, paths
from ..console import Failure, Step, say
from . import data, report

PRODUCTS = 60
SIZES = (1000, 4000, 16000)
BATCH = 100
MIN_RATIO = 1.3
MAX_QUERIES = 12
MIN_GAIN = 1.8  # of a second process
ROUNDS = 3  # with one process, and with two
TWO = 2000  # members, for that
PEER_RECORDS = 1000
# addon: (what prepares its records, what its scheduled action does, what it makes)
PEERS = {
    "subscription_oca": ("subscribe", "renew", "orders and invoices"),
    "contract": ("contract", "invoice", "invoices"),
}


def run(env):
    """Measure, and print the tables.

    :param Environment env: what to work with
    """
    chosen = report.rounds(0)
    sizes = [chosen] if chosen else list(SIZES)
    bare, ours = _databases(env, sizes)
    rows = [_measure(env, bare, ours, size) for size in sizes]
    gain = _measure_two(env, ours, min(sizes[-1], TWO) if chosen else TWO)
    peers = _measure_peers(env, bare, min(PEER_RECORDS, sizes[0]))
    _show_rows(rows)
    _show_two(*gain)
    _show_peers(peers, rows[0])


def _databases(env, sizes):
    """:return: names of the templates without the addon, and with it and a club of each size"""
    clubs = sorted({*sizes, min(sizes[-1], TWO)})
    return data.pair(
        env,
        "bench_club",
        data.bare(env, PRODUCTS),
        "club_data",
        (f"Making {clubs[-1]:,} customers", f"fill_bare(env, {clubs[-1]})"),
        ("Letting the customers join clubs", f"fill_clubs(env, {clubs})"),
        clubs,
    )


# ---------------------------------------------------------------------- processes


class Worker:
    """A process that does what it is told, and says what that took.

    :param process: the running ``club_worker``
    :param Path log: what it logs
    """

    def __init__(self, process, log):
        self.process, self.log = process, log

    def tell(self, act, **arguments):
        """Tell it to begin."""
        self.process.stdin.write(f"{json.dumps([act, arguments])}\n")
        self.process.stdin.flush()
        return self

    def listen(self):
        """:return: what ``club_worker.measured`` found, as soon as it is through"""
        line = self.process.stdout.readline()
        if not line:
            raise console.failed("a process of the benchmark stopped", self.log)
        return json.loads(line)

    def ask(self, act, **arguments):
        return self.tell(act, **arguments).listen()


@contextlib.contextmanager
def _worker(env, database, addons=()):
    """A process for the time of the block.

    :param addons: folders with further addons
    """
    folders = [paths.LINKS, *env.odoo.tree.addons, *addons]
    log = paths.LOGS / f"bench-club-{database}.log"
    environment = odoo.environment(env.odoo.tree)
    search = [str(paths.ROOT), environment["PYTHONPATH"]]
    with open(log, "a") as output:
        process = subprocess.Popen(
            [
                *(env.python, "-m", "dev.bench.inside.club_worker"),
                *("-c", paths.CONF, "-d", database, "--log-level=warn"),
                f"--addons-path={','.join(map(str, folders))}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env={**environment, "PYTHONPATH": os.pathsep.join(search)},
            cwd=paths.WORK,
        )
    with console.ended_with_us(process):
        yield Worker(process, log)


# ---------------------------------------------------------------------- a run of each size


def _measure(env, bare, ours, size):
    """Make the same orders on both sides, a batch on one, then a batch on the other.

    :return: dict with ``size``, and for ``floor`` and ``club`` what each batch took
    """
    with (
        env.databases.temporary(bare, "bench") as bare_copy,
        env.databases.temporary(ours, "bench") as our_copy,
        _worker(env, bare_copy) as floor,
        _worker(env, our_copy) as club,
        Step(f"Making the orders of {size:,} members") as step,
    ):
        # What Odoo keeps in memory is there, as in a worker that has run for a while.
        floor.ask("warm_orders")
        club.ask("warm_run", size=size)
        opened = club.ask("open_run", size=size, ship_date="2027-01-31")
        taken = {"floor": [], "club": []}
        for i, start in enumerate(range(0, size, BATCH)):
            step.update(f"{start:,}")
            acts = {
                "floor": lambda s=start: floor.ask("orders", start=s, count=min(BATCH, size - s)),
                "club": lambda: club.ask("process", run_id=opened["answer"], limit=BATCH),
            }
            for side in sorted(acts, reverse=i % 2):
                taken[side].append(acts[side]())
        _check(env, floor, club, opened["answer"], size)
    # To begin with, the run finds out who is in it.
    for what in ("seconds", "cpu", "queries"):
        taken["club"][0][what] += opened[what]
    return {"size": size, **taken}


def _check(env, floor, club, run_id, size):
    """Both sides must have made the same orders."""
    _check_done(club, run_id, size)
    theirs, ours = (side.ask("totals")["answer"] for side in (floor, club))
    if theirs != ours:
        different = sum(theirs.get(ref) != ours.get(ref) for ref in {*theirs, *ours})
        raise Failure(f"{different} orders do not come to what Odoo's own do.")


def _check_done(worker, run_id, size):
    counts = worker.ask("look", run_id=run_id)["answer"]
    if counts != {"done": size}:
        raise Failure(f"Of {size} shipments {counts} came to an end.")


def _measure_two(env, ours, size):
    """:return: members, and the orders per second of one process and of two, of each round"""
    rates = {1: [], 2: []}
    with (
        env.databases.temporary(ours, "bench") as copy,
        _worker(env, copy) as one,
        _worker(env, copy) as other,
        Step("Working on a run with one process, and with two") as step,
    ):
        for worker in (one, other):
            worker.ask("warm_run", size=size)
        for i in range(2 * ROUNDS):
            number = 1 + (i + i // 2) % 2  # 1, 2, 2, 1: whoever comes first gets no better
            step.update(f"{i + 1} of {2 * ROUNDS}")
            run_id = one.ask("open_run", size=size, ship_date=f"2028-01-{i + 1:02}")["answer"]
            workers = (one, other)[:number]
            for worker in workers:
                worker.tell("process", run_id=run_id, limit=BATCH, batches=0)
            found = [worker.listen() for worker in workers]
            _check_done(one, run_id, size)
            rates[number].append(size / max(each["seconds"] for each in found))
    return size, rates


# ---------------------------------------------------------------------- others


def _measure_peers(env, bare, count):
    """:return: by name of an addon what it took, or in words why it could not be measured"""
    try:
        folder = oca.ready("peers") / "odoo" / "addons"
    except Failure as failure:
        return dict.fromkeys(PEERS, failure.what)
    found = {}
    for name, (prepare, work, _what) in PEERS.items():
        with env.databases.temporary(bare, "bench") as copy:
            folders = [paths.LINKS, *env.odoo.tree.addons, folder]
            path = f"--addons-path={','.join(map(str, folders))}"
            env.odoo.run(f"Installing {name}", copy, path, "-i", name)
            with (
                _worker(env, copy, [folder]) as worker,
                Step(f"{name}: {count:,} records") as step,
            ):
                step.update("making them")
                worker.ask(prepare, count=count)
                step.update("working on them")
                found[name] = worker.ask(work)
    return found


# ---------------------------------------------------------------------- tables


def _rate(taken):
    return sum(each["answer"] for each in taken) / sum(each["seconds"] for each in taken)


def _each(taken, what):
    return sum(each[what] for each in taken) / sum(each["answer"] for each in taken)


def _show_rows(rows):
    say(
        f"\nOrders of three lines, made and confirmed, in batches of {BATCH} by one process; Odoo"
        "\nwithout the addon and a run of a club, batch by batch in turn. The ratio is the median"
        "\nover the batches. Both come to the same totals, order by order.\n"
    )
    lines = []
    for row in rows:
        floor, club = row["floor"], row["club"]
        # The first pair opens the run.
        ratio = report.ratio(
            [each["seconds"] for each in floor], [each["seconds"] for each in club]
        )
        queries = _each(club, "queries")
        misses = ["rate"] * (ratio < MIN_RATIO) + ["queries"] * (queries > MAX_QUERIES)
        lines.append(
            (
                f"{row['size']:,}",
                *(f"{_rate(taken):.1f}" for taken in (floor, club)),
                f"{ratio:.2f}",
                *(f"{1000 * _each(taken, 'cpu'):.1f}" for taken in (floor, club)),
                *(f"{_each(taken, 'queries'):.1f}" for taken in (floor, club)),
                *(f"{taken[-1]['peak']:.0f}" for taken in (floor, club)),
                " ".join(misses),
            )
        )
    report.table(
        [
            *("members", "bare/s", "club/s", "ratio", "bare cpu ms", "club cpu ms"),
            *("bare queries", "club queries", "bare MB", "club MB", "<misses"),
        ],
        lines,
    )


def _show_two(size, rates):
    say(f"\nOne process, and two on the same run of {size:,} members; medians of {ROUNDS} runs.\n")
    one, two = (median(rates[number]) for number in (1, 2))
    report.table(
        ["one/s", "two/s", "ratio", "<misses"],
        [(f"{one:.1f}", f"{two:.1f}", f"{two / one:.2f}", "rate" * (two / one < MIN_GAIN))],
    )


def _show_peers(found, row):
    say("\nOthers, on a copy of the same database, in one go as their scheduled action does it.\n")
    ours = _rate(row["club"])
    lines = [
        (
            "club",
            "orders",
            f"{row['size']:,}",
            f"{ours:.1f}",
            f"{_each(row['club'], 'queries'):.1f}",
            f"{row['club'][-1]['peak']:.0f}",
            "",
        )
    ]
    for name, taken in found.items():
        what = PEERS[name][2]
        if isinstance(taken, str):
            lines.append((name, what, *[""] * 4, taken))
            continue
        rate = _rate([taken])
        lines.append(
            (
                name,
                what,
                f"{taken['answer']:,}",
                f"{rate:.1f}",
                f"{_each([taken], 'queries'):.1f}",
                f"{taken['peak']:.0f}",
                f"{ours / rate:.1f} times as fast",
            )
        )
    report.table(["<what", "<makes", "records", "per s", "queries", "MB", "<a club is"], lines)
