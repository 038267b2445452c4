"""The server of ``test_club_queue``: Odoo's own, with a club and with a bank that keeps a book.

A program. Its workers share what is set up here, as they are forked when that is done.
"""

import os
import signal
import sys
from pathlib import Path

import club_worker

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

MEMBERS = int(os.environ.get("CLUB_MEMBERS", "24"))
# Small, so that there are many of each.
BATCH_SIZE, JOB_SECONDS = (20, 5) if MEMBERS > 100 else (4, 1)
FOLDER = Path(os.environ.get("CLUB_FOLDER", "."))


def prepare(registry):
    """Set up what is needed, once, and let the bank answer in this process and its forks."""
    runs = sys.modules["odoo.addons.customer_type.models.club.sale_club_run"]
    runs.BATCH_SIZE, runs.JOB_SECONDS = BATCH_SIZE, JOB_SECONDS
    sys.modules["odoo.addons.customer_type.models.club.dry_run.sale_club_run"].AT_ONCE = 4
    club = FOLDER / "club"
    if not club.exists():
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            club.write_text(str(club_worker.set_up(env, MEMBERS)))
            env.ref("base.user_admin").password = "admin"
    nothing = club_worker.Fate(os.devnull, None, 0)
    club_worker.open_bank(registry, str(FOLDER / "ledger"), nothing)


def prepare_registries():
    original = Registry.new.__func__

    def new(cls, *args, **kwargs):
        registry = original(cls, *args, **kwargs)
        prepare(registry)
        return registry

    Registry.new = classmethod(new)


if __name__ == "__main__":
    if sys.argv[1:2] == ["gevent"]:
        # The second process that every such server starts would serve the live chat.
        signal.pause()
    from odoo.cli.command import main

    prepare_registries()
    main()
