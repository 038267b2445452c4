"""``make test``: the addon's tests, on copies of a template database.

All of them are divided among as many processes as there are cores, each with a copy of its own.
Those that somebody asks for by name run in one process, in order, where a debugger can be used.
"""

import contextlib
import os
import shlex
import subprocess

from . import browser, console, environment, oca, paths, templates
from .console import say

PLUGINS = paths.ROOT / "dev" / "pytest_plugins"
# More of them would want more memory than they save time.
MAX_PROCESSES = 4


def main(arguments):
    """Run the tests.

    :param list[str] arguments: for pytest
    :return: pytest's exit code
    """
    arguments = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    env = environment.ready("dev")
    browser.require_browser()
    template = templates.addon(env, demo=False)
    processes = 1 if arguments else min(os.cpu_count() or 1, MAX_PROCESSES)
    with contextlib.ExitStack() as stack:
        copies = [env.databases.temporary(template, "test") for _number in range(processes)]
        return run(env, [stack.enter_context(copy) for copy in copies], arguments)


def run(env, databases, arguments):
    """Run pytest, in as many processes as there are databases.

    :param Environment env: what to work with
    :param list[str] databases: names of databases with the addon, changed by the tests
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
        f"--odoo-database={databases[0]}",
        f"--odoo-config={paths.CONF}",
        "--odoo-log-level=error",
        "--odoo-http",
        *("-p", "strict", "-p", "patient"),
        *("-p", "no:logging"),  # Odoo logs to stderr, once is enough
        *("-o", f"cache_dir={paths.CACHE / 'pytest'}"),
        *("-o", "python_files=test_*.py"),
        *(_in_parallel(databases) if len(databases) > 1 else ()),
        *others,
        *(paths.LINKS / paths.ADDON / test for test in tests or ["tests"]),
    ]
    variables = environment.odoo.environment(env.tree)
    variables["PYTHONPATH"] += f":{PLUGINS}"
    variables["OCA_QUEUE"] = str(oca.ready("queue"))
    variables["TEST_DATABASES"] = " ".join(databases)
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


def _in_parallel(databases):
    return (
        *("-p", "parallel"),
        f"--numprocesses={len(databases)}",
        # Neighbours stay together: they share what their class prepares.
        "--dist=worksteal",
        # A process that ends in the middle is a failure, and not begun anew.
        "--max-worker-restart=0",
    )
