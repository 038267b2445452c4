"""Which command is which function."""

import importlib
import signal
import sys

from . import console, paths, postgres

# command: (module, one line for the user). Each module has a function ``main(arguments)``
# that returns the exit code. They are imported when asked for.
COMMANDS = {
    "demo": ("demo", "run Odoo with the addon and its demo shop"),
    "test": ("suite", "run the addon's tests"),
    "lint": ("lint", "check style, XML, JavaScript, manifest and translations"),
    "pot": ("translations", "write the translation template and merge it into the translations"),
    "upstream": ("upstream", "run Odoo's own tests without and with the addon"),
    "bench": ("bench", "measure speed with and without the addon"),
    "chaos": ("chaos", "let many customers buy at once, and kill what serves them"),
    "shell": ("shell", "open a Python shell on the demo database"),
    "clean": ("clean", "stop PostgreSQL and remove .odoo"),
}


def main(arguments):
    """Run one command.

    :param list[str] arguments: the command, then its own arguments
    :return: exit code
    :rtype: int
    """
    if not arguments or arguments[0] not in COMMANDS:
        print("usage: python3 -m dev COMMAND\n")
        for name, (_module, help_line) in COMMANDS.items():
            print(f"  {name:10} {help_line}")
        return 2
    # Leave through the same clean-up when the terminal or a CI job ends us.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    module = importlib.import_module(f".{COMMANDS[arguments[0]][0]}", __package__)
    try:
        return module.main(arguments[1:]) or 0
    except console.Failure as failure:
        console.show_failure(failure)
        return 1
    except postgres.DatabaseError as error:
        console.show_failure(console.Failure(f"PostgreSQL says: {error}"))
        return 1
    except OSError as error:
        failure = console.failure_from_os_error(error, paths.WORK)
        if failure is None:
            raise
        console.show_failure(failure)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command continues where this one stood.", file=sys.stderr)
        return 130


def _interrupt(_signum, _frame):
    raise KeyboardInterrupt
