"""The virtual environment with the pinned Python packages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import apt, paths
from .console import Failure, Step, check_space, failed, run

REQUIREMENTS = {
    "server": paths.ROOT / "dev" / "requirements.txt",
    "dev": paths.ROOT / "dev" / "requirements-dev.txt",
    "queue": paths.ROOT / "dev" / "requirements-queue.txt",
    "peers": paths.ROOT / "dev" / "requirements-peers.txt",
}
EXECUTABLE = paths.PYTHON / "bin" / "python"
PIP = [
    *(EXECUTABLE, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"),
    *("--progress-bar", "off", "--retries", "2", "--prefer-binary"),
]
# pip takes a package for installed whose files have been copied in part.
_UNFINISHED = paths.PYTHON / ".installing"


def ready(*extras):
    """The virtual environment's Python, made and filled first if need be.

    :param extras: ``"dev"`` for the tools of tests and lint
    :rtype: Path
    """
    with paths.locked("python"):
        if not _works():
            _create()
        for name in ("server", *extras):
            _install(name)
    return EXECUTABLE


def site_packages():
    return next(paths.PYTHON.glob("lib/python3*/site-packages"))


def _works():
    """Whether it was made by this Python, can still be run, and no installing was cut short."""
    marker = paths.PYTHON / ".made-by"
    if not marker.exists() or marker.read_text() != _made_by() or _UNFINISHED.exists():
        return False
    return subprocess.run([EXECUTABLE, "-c", ""], capture_output=True).returncode == 0


def _made_by():
    return f"{os.path.realpath(sys.executable)} {sys.version} {paths.PYTHON}"


def _create():
    check_space(paths.WORK, 0.8)
    shutil.rmtree(paths.PYTHON, ignore_errors=True)
    log = paths.LOGS / "venv.log"
    with Step("Making a virtual environment"):
        failed_code = run([sys.executable, "-m", "venv", paths.PYTHON], log)
    if failed_code:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if "ensurepip" not in log.read_text() and "No module named venv" not in log.read_text():
            raise failed("the virtual environment cannot be made", log)
        package = f"python{version}-venv"
        if not apt.install([package]):
            raise Failure(
                f"Python {version} on this machine cannot make virtual environments.",
                f"Install its package and run the same command again:\n\n"
                f"    sudo apt install {package}",
            )
        shutil.rmtree(paths.PYTHON, ignore_errors=True)
        if run([sys.executable, "-m", "venv", paths.PYTHON], log):
            raise failed("the virtual environment cannot be made", log)
    (paths.PYTHON / ".made-by").write_text(_made_by())


def _install(name):
    """Install one list of requirements, unless just this list is installed already."""
    requirements = REQUIREMENTS[name]
    marker = paths.PYTHON / f".installed-{name}"
    wanted = paths.digest(requirements.read_bytes())
    if marker.exists() and marker.read_text() == wanted:
        return
    marker.unlink(missing_ok=True)
    _UNFINISHED.touch()
    total = count_requirements(requirements)
    log = paths.LOGS / f"pip-{name}.log"
    title = "Installing Python packages" + (" for tests and lint" if name == "dev" else "")
    with Step(title) as step:
        seen = set()

        def show(line):
            if match := re.match(r"Collecting (\S+)|Requirement already satisfied: (\S+)", line):
                seen.add(match[1] or match[2])
                step.update(f"{len(seen)} of {total}")
            elif line.startswith(("Building", "Installing")):
                step.update(line.split(":")[0].strip()[:50].lower())

        if run([*PIP, "-r", requirements], log, show):
            raise failed(
                "the Python packages cannot be installed",
                log,
                "Python 3.10 to 3.13 have ready-made packages for all of them.",
                network=True,
            )
    marker.write_text(wanted)
    _UNFINISHED.unlink()


def count_requirements(path):
    """Number of packages in a requirements file that concern this Python."""
    names = {
        re.split(r"[=<>; ]", line)[0].lower()
        for line in Path(path).read_text().splitlines()
        if line.strip() and not line.startswith("#")
    }
    return len(names)
