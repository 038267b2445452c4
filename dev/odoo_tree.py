"""The Odoo 19 that everything runs on: the user's own, or one fetched from Debian."""

import ast
import glob
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import apt, paths
from .console import Failure, Step, check_space, failed, run

SERIES = "19.0"
SUITE = "sid"
# Odoo's static files are partly links into these packages.
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
USE_YOUR_OWN = (
    "If you have the source of Odoo 19 (a Git checkout of its branch 19.0, or an installed one), "
    "say where it is, here and with the other commands:\n\n    make demo ODOO_HOME=/path/to/odoo"
)


@dataclass(frozen=True)
class OdooTree:
    """An Odoo 19 on disk."""

    python_path: Path  # the folder that holds the package "odoo"
    addons: tuple  # folders with addons besides odoo/addons
    version: str  # changes when the code changes, as far as can be told cheaply

    def find_addon(self, name):
        """The folder of one of Odoo's own addons."""
        for folder in (self.python_path / "odoo" / "addons", *self.addons):
            if (folder / name / "__manifest__.py").exists():
                return folder / name
        return None


def ready():
    """The Odoo to use, fetched first if need be.

    :rtype: OdooTree
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        return examine(Path(home).expanduser().resolve())
    with paths.locked("tree"):
        if not paths.TREE.exists():
            _fetch()
    return examine(paths.TREE / "usr/lib/python3/dist-packages", name="the Odoo in .odoo/tree")


def examine(home, name=None):
    """Recognise an Odoo tree: a Git checkout, a folder of Python packages, or the package itself.

    :param Path home: what the user pointed to
    :raise Failure: when it is no Odoo 19
    :rtype: OdooTree
    """
    name = name or f"ODOO_HOME={home}"
    candidates = [home, home.parent, home / "usr/lib/python3/dist-packages"]
    base = next((path for path in candidates if (path / "odoo/release.py").exists()), None)
    if base is None:
        raise Failure(f"{name} is no Odoo source tree: no odoo/release.py there.", USE_YOUR_OWN)
    release = {}
    exec((base / "odoo/release.py").read_text(), release)
    if release["series"] != SERIES:
        raise Failure(f"{name} is Odoo {release['series']}; the addon needs {SERIES}.")
    # A Git checkout has most addons beside the package, an installed Odoo has all in it.
    installed = (base / "odoo/addons/web").is_dir()
    addons = () if installed else (base / "addons",)
    tree = OdooTree(base, addons, _version(base, release["version"]))
    if not tree.find_addon("website_sale_loyalty"):
        raise Failure(f"{name} has no addon website_sale_loyalty: it is not a complete Odoo.")
    return tree


def _version(base, release):
    if (base / ".git").exists():
        answer = subprocess.run(
            ["git", "-C", str(base), "rev-parse", "HEAD"], capture_output=True, text=True
        )
        if answer.returncode == 0:
            return f"{release}-{answer.stdout.strip()}"
    stat = (base / "odoo/release.py").stat()
    return f"{release}-{int(stat.st_mtime)}"


def _fetch():
    if not apt.available():
        raise Failure(
            "Odoo 19 cannot be fetched: this machine has no apt (apt-get and dpkg-deb).",
            USE_YOUR_OWN,
        )
    check_space(paths.WORK, 1.8)
    if not (paths.DOWNLOADS / ".complete").exists():
        try:
            apt.download(PACKAGES, SUITE, paths.DOWNLOADS)
        except Failure as failure:
            fixes = filter(None, [failure.fix, USE_YOUR_OWN])
            raise Failure(failure.what, "\n\n".join(fixes)) from None
        (paths.DOWNLOADS / ".complete").touch()
    part = paths.TREE.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    packages = sorted(glob.glob(str(paths.DOWNLOADS / "*.deb")))
    with Step("Unpacking Odoo 19") as step:
        for number, package in enumerate(packages, 1):
            step.update(f"{number} of {len(packages)}")
            log = paths.LOGS / "unpack.log"
            if run(["dpkg-deb", "-x", package, part], log):
                # Whatever is wrong with the file, a new download cures it.
                if "No space left" not in log.read_text():
                    shutil.rmtree(paths.DOWNLOADS, ignore_errors=True)
                raise failed(f"{Path(package).name} cannot be unpacked", log, "Run again.")
        fill_in_missing_assets(part / "usr/lib/python3/dist-packages/odoo/addons")
    part.rename(paths.TREE)


def fill_in_missing_assets(addons):
    """Put an empty file where an asset bundle names one that Debian left out.

    Debian drops minified files that it has no source for; one of them is enough to break the
    bundle of the whole backend.

    :param Path addons: folder of addons
    :return: the files made
    :rtype: list[Path]
    """
    made = []
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        bundles = ast.literal_eval(manifest.read_text()).get("assets", {})
        for entry in (entry for entries in bundles.values() for entry in entries):
            asset = entry if isinstance(entry, str) else entry[-1]
            path = addons / asset.lstrip("/")
            module = asset.lstrip("/").partition("/")[0]
            if path.suffix not in (".js", ".css", ".scss") or glob.has_magic(asset):
                continue
            if (addons / module).is_dir() and not path.exists() and not path.is_symlink():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
                made.append(path)
    return made
