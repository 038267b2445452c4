"""``make clean``: end what runs, remove what was made."""

import shutil
import sys

from . import databases, paths, postgres, venv
from .console import Failure, say

OURS = ("DOWNLOADS", "TREE", "PYTHON", "POSTGRES", "FILES", "LINKS", "LOGS", "CACHE", "CONF")


def main(_arguments):
    """Remove everything this checkout's commands made, after saying so."""
    if not paths.WORK.exists():
        say("There is nothing to remove.")
        return 0
    say(f"This stops this checkout's PostgreSQL and removes what was set up in {paths.WORK},")
    say("with the demo database and what was entered in it.")
    if sys.stdin.isatty() and input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        return 1
    _drop_external()
    if venv.EXECUTABLE.exists() and postgres.stop():
        say("PostgreSQL stopped.")
    ours = [getattr(paths, name) for name in OURS]
    for path in [*ours, *(path.with_suffix(".part") for path in ours), *paths.WORK.glob(".*.lock")]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    left = sorted(path.name for path in paths.WORK.iterdir())
    if left:
        say(f"Removed. Left alone, because it was not made by these commands: {', '.join(left)}")
    else:
        paths.WORK.rmdir()
        say("Removed.")
    return 0


def _drop_external():
    """On a server of the user, remove just this checkout's databases."""
    if not postgres.external_wanted() or not venv.EXECUTABLE.exists():
        return
    try:
        for name in databases.Databases(postgres.ready()).drop_all():
            say(f"Database {name} dropped.")
    except Failure as failure:
        say(f"The databases on your PostgreSQL server are left: {failure.what}")
