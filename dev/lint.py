"""``make lint``: everything about the code that can be told without running it."""

import os
import subprocess

from . import environment, paths, translations
from .checks import javascript, manifest, xml_files
from .console import Failure, say


def main(_arguments):
    """Run all checks, and say at the end which ones found something.

    :return: exit code
    """
    env = environment.ready("dev")
    concise = ("--no-cache", "--output-format", "concise")
    checks = {
        "ruff": lambda: _tool(env, "ruff", "check", *concise, "."),
        "ruff format": lambda: _tool(env, "ruff", "format", "--check", *concise, "."),
        "pylint-odoo": lambda: _tool(env, "pylint", "--rcfile=.pylintrc", "."),
        "XML": lambda: xml_files.check(paths.ROOT, files(".xml")),
        javascript_title(): lambda: javascript.check(
            paths.ROOT, files(".js"), env.tree.find_addon, paths.ADDON
        ),
        "manifest": lambda: manifest.check(paths.ROOT, environment.manifest(), paths.ADDON),
        "tests of the runner": lambda: _tool(
            env, "unittest", "discover", "-q", "-s", "dev/tests", "-t", "."
        ),
        "translations": lambda: _translations(env),
    }
    bad = []
    for title, check in checks.items():
        try:
            findings = check()
        except Failure as failure:
            findings = [failure.what, failure.fix]
        say(f"{title}: {'FAILED' if findings else 'ok'}")
        for finding in findings:
            say(f"  {finding}")
        if findings:
            bad.append(title)
    say()
    say(f"lint failed: {', '.join(bad)}" if bad else "lint: all is well")
    return bool(bad)


def javascript_title():
    if javascript.has_node():
        return "JavaScript"
    return "JavaScript (brackets and imports only: no Node here)"


def files(suffix):
    """The addon's files of a kind.

    :param str suffix: for example ``.xml``
    :rtype: list[Path]
    """
    found = []
    for folder, folders, names in os.walk(paths.ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [paths.ROOT / folder / name for name in sorted(names) if name.endswith(suffix)]
    return found


def _tool(env, *command):
    """Run one of the tools; its output is the findings."""
    answer = subprocess.run(
        [env.python, "-m", *command],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if answer.returncode == 0:
        return []
    return (answer.stdout + answer.stderr).splitlines() or [f"exit code {answer.returncode}"]


def _translations(env):
    answer = translations.run_po_files(env, "check", translations.export(env))
    return (answer.stdout + answer.stderr).strip().splitlines() if answer.returncode else []
