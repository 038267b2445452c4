"""Debian packages: fetched into a folder without rights, or installed where we may."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import paths
from .console import Failure, Step, failed, run

KEYRINGS = [
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
]


def available():
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def mirrors():
    """The Debian archives this machine already uses.

    Asked from apt itself, which knows all forms of its source lists.

    :return: base addresses, the most likely one first
    :rtype: list[str]
    """
    # Without lists of its own apt names all that it would have to fetch.
    no_lists = f"Dir::State::lists={paths.CACHE / 'no-lists'}"
    command = ["apt-get", "--print-uris", "-o", no_lists, "update"]
    answer = subprocess.run(command, capture_output=True, text=True)
    return parse_mirrors(answer.stdout)


def parse_mirrors(text):
    """Base addresses in the output of ``apt-get --print-uris update``."""
    found = []
    for base, suite in re.findall(r"^'(\S+?)/+dists/(\S+)/InRelease'", text, re.MULTILINE):
        if "security" not in suite and "security" not in base and base not in found:
            found.append(base)
    return found


def download(packages, suite, folder):
    """Fetch packages of a Debian suite, whatever this machine runs, without installing them.

    :param list[str] packages: names; all of them must be of architecture "all"
    :param str suite: for example ``sid``
    :param Path folder: where the ``.deb`` files go
    :raise Failure: in the user's words
    """
    bases = mirrors()
    if not bases:
        raise Failure("apt on this machine has no package source to take Odoo from.")
    folder.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / "apt.log"
    with Step("Looking for Odoo 19 in Debian's archive"):
        for base in bases:
            options = _private_options(base, suite)
            # apt-get update calls it a success when a list cannot be fetched.
            if not run(["apt-get", *options, "update"], log) and not re.search(
                r"^E: |Failed to fetch", log.read_text(), re.MULTILINE
            ):
                break
        else:
            raise failed("Debian's package list cannot be fetched", log, network=True)
    sizes = _sizes(options, packages)
    missing = [package for package in packages if package not in sizes]
    if missing:
        raise Failure(f"Debian's suite {suite} has no package {', '.join(missing)} (any more).")
    total = sum(sizes.values())

    def arrived():
        size = sum(path.stat().st_size for path in folder.glob("*.deb*"))
        return f"{size / 1e6:.0f} of {total / 1e6:.0f} MB"

    with Step("Downloading Odoo 19", measure=arrived):
        if run(["apt-get", *options, "download", *packages], log, cwd=folder):
            raise failed("Odoo cannot be downloaded", log, network=True)


def _private_options(base, suite):
    """Options that make apt-get work in our folder, with one source, and need no rights."""
    home = paths.CACHE / "apt"
    for name in ("sources", "lists/partial", "archives/partial"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "status").touch()
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    (home / "sources" / "odoo.sources").write_text(
        f"Types: deb\nURIs: {base}\nSuites: {suite}\nComponents: main\n"
        + (f"Signed-By: {keyring}\n" if keyring else "")
    )
    settings = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": home / "sources",
        "Dir::State::lists": home / "lists",
        "Dir::State::status": home / "status",
        "Dir::Cache": home,
        "Dir::Cache::archives": home / "archives",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Acquire::Languages": "none",
        "Acquire::Retries": 1,
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _sizes(options, packages):
    """Bytes to download, for each of the packages that exist."""
    sizes = {}
    for package in packages:
        answer = subprocess.run(
            ["apt-get", *options, "--print-uris", "download", package],
            capture_output=True,
            text=True,
            cwd=paths.CACHE,
        )
        if match := re.search(r"^'.*' \S+_\S+\.deb (\d+)", answer.stdout, re.MULTILINE):
            sizes[package] = int(match[1])
    return sizes


def installer():
    """What to put before ``apt-get install`` on this machine, or ``None`` when we may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        may = subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
        return ["sudo", "-n"] if may else None
    return None


def install(packages):
    """Install packages on this machine, if we may.

    :param list[str] packages: names
    :return: whether it worked
    :rtype: bool
    """
    prefix = installer()
    if prefix is None:
        return False
    log = paths.LOGS / "apt-install.log"
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    install_now = [*apt, "install", "--no-install-recommends", *packages]
    with Step(f"Installing {' and '.join(packages)}") as step:
        progress = re.compile(r"^(Get:\d+|Unpacking|Setting up) ?(\S*)")

        def show(line):
            if match := progress.match(line):
                step.update(f"{match[1]} {match[2]}" if match[2] else match[1])

        # The package lists of a small machine are old or missing: try with what is there first.
        return run(install_now, log, show) == 0 or (
            run([*apt, "update"], log, show) == 0 and run(install_now, log, show) == 0
        )
