"""``make test``: the addon's tests, on a copy of a template database."""

import os
import shlex
import subprocess

from . import browser, console, environment, oca, paths, templates
from .console import say

PLUGINS = paths.ROOT / "dev" / "pytest_plugins"


def main(arguments):
    """Run the tests.

    :param list[str] arguments: for pytest
    :return: pytest's exit code
    """
    arguments = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    env = environment.ready("dev")
    browser.require_browser()
    with env.databases.temporary(templates.addon(env, demo=False), "test") as database:
        return run(env, database, arguments)


def run(env, database, arguments):
    """Run pytest on a database.

    :param Environment env: what to work with
    :param str database: name of a database with the addon, changed by the tests
    :param list[str] arguments: for pytest
    :return: pytest's exit code; not 0 either when no test was found or one was skipped
    """
    tests = [argument for argument in arguments if argument.partition("::")[0].endswith(".py")]
    others = [argument for argument in arguments if argument not in tests]
    command = [
        *(env.python, "-m", "pytest"),
        f"--rootdir={paths.LINKS}",
        # Else pytest takes the checkout for a package around the addon.
        f"--confcutdir={paths.LINKS}",
        f"--odoo-database={database}",
        f"--odoo-config={paths.CONF}",
        "--odoo-log-level=error",
        "--odoo-http",
        *("-p", "strict", "-p", "patient"),
        *("-p", "no:logging"),  # Odoo logs to stderr, once is enough
        *("-o", f"cache_dir={paths.CACHE / 'pytest'}"),
        *("-o", "python_files=test_*.py"),
        *others,
        *(paths.LINKS / paths.ADDON / test for test in tests or ["tests"]),
    ]
    variables = environment.odoo.environment(env.tree)
    variables["PYTHONPATH"] += f":{PLUGINS}"
    variables["OCA_QUEUE"] = str(oca.ready("queue"))
    say()
    # With the terminal's input, for --pdb.
    process = subprocess.Popen([str(part) for part in command], cwd=paths.LINKS, env=variables)
    with console.ended_with_us(process, patience=30):
        try:
            return process.wait()
        except KeyboardInterrupt:
            # pytest got the same Ctrl-C and is finishing its report.
            process.wait()
            raise
