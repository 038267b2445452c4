"""Where things are: the addon, and the folder ``.odoo`` that holds everything it runs on."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "customer_type"
# Two people may share a PostgreSQL server, and one person may have two checkouts.
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]

WORK = ROOT / ".odoo"
DOWNLOADS = WORK / "downloads"  # Debian packages
TREE = WORK / "tree"  # Odoo, unpacked
PYTHON = WORK / "python"  # the virtual environment
OCA = WORK / "oca"  # addons from the Python index
POSTGRES = WORK / "database"  # the embedded PostgreSQL's data
FILES = WORK / "files"  # Odoo's data_dir: attachments, sessions
LINKS = WORK / "links"  # an addons path with links to this addon
LOGS = WORK / "log"
CACHE = WORK / "cache"  # results that are expensive to get again
CONF = WORK / "server.conf"

# What is no part of the addon and must not be seen by Odoo: its folder is linked without these.
# (Odoo walks through linked folders when it exports translations, and would never come back.)
NOT_ADDON = {"dev", "Makefile", "pyproject.toml", "__pycache__"}


def link_addon():
    """Make ``.odoo/links/customer_type`` show the addon under its own name.

    The name of a module is the name of its folder, whatever the checkout is called.
    """
    folder = LINKS / ADDON
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        entry.name: Path("../../..") / entry.name
        for entry in ROOT.iterdir()
        if not entry.name.startswith(".") and entry.name not in NOT_ADDON
    }
    for link in folder.iterdir():
        if link.is_symlink() and link.name not in wanted:
            link.unlink()
    for name, target in wanted.items():
        link = folder / name
        if not link.is_symlink():
            with contextlib.suppress(FileExistsError):
                link.symlink_to(target)
    return folder


@contextlib.contextmanager
def locked(name):
    """One process at a time in this part of the set-up; the others wait."""
    WORK.mkdir(exist_ok=True)
    with open(WORK / f".{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  waiting for another run in this checkout ({name})")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(*parts):
    """Short name for a combination of things, stable over runs.

    :param parts: strings, bytes, or anything with a stable ``repr``
    :rtype: str
    """
    result = hashlib.sha256()
    for part in parts:
        text = part if isinstance(part, bytes | str) else repr(part)
        data = text if isinstance(text, bytes) else text.encode()
        result.update(len(data).to_bytes(8, "big") + data)
    return result.hexdigest()[:12]


def digest_files(folder, suffixes=None, without=()):
    """Digest of the content of files.

    :param Path folder: where to look, in sub-folders too
    :param suffixes: only these endings (".py"), or ``None`` for all
    :param without: names of sub-paths to leave out, from ``folder``
    """
    parts = []
    for path, folders, names in os.walk(folder):
        relative = Path(path).relative_to(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name != "__pycache__"
            and not name.startswith(".")
            and str(relative / name) not in without
        )
        for name in sorted(names):
            if str(relative / name) in without or name.endswith((".pyc", "~")):
                continue
            if suffixes is None or Path(name).suffix in suffixes:
                parts += [str(relative / name), (Path(path) / name).read_bytes()]
    return digest(*parts)
