"""Running Odoo: once to its end, or as a server."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import time

from . import console, paths
from .console import Failure, Step, failed

_MODULE = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
_FILE = re.compile(r"odoo\.modules\.loading: loading (\S+/\S+)")


def write_configuration(tree, server):
    """Write Odoo's configuration file.

    :param odoo_tree.OdooTree tree: which Odoo
    :param postgres.Server server: which PostgreSQL
    """
    options = {
        "addons_path": ",".join(str(path) for path in (paths.LINKS, *tree.addons)),
        "data_dir": paths.FILES,
        "http_interface": "127.0.0.1",
        "max_cron_threads": 1,
        "list_db": False,
        "screenshots": paths.LOGS / "screenshots",
        **server.options(),
    }
    lines = [f"{name} = {value}" for name, value in options.items()]
    part = paths.CONF.with_suffix(f".{os.getpid()}")
    part.write_text("[options]\n" + "\n".join(lines) + "\n")
    part.chmod(0o600)
    part.rename(paths.CONF)


def environment(tree):
    """Environment variables in which ``python -m odoo`` is the right one."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    keep.pop("ODOO_RC", None)
    return {**keep, "PYTHONPATH": str(tree.python_path), "PYTHONUNBUFFERED": "1"}


class Odoo:
    """An Odoo that can be run.

    :param Path python: of the virtual environment
    :param odoo_tree.OdooTree tree: which Odoo
    """

    def __init__(self, python, tree):
        self.python = python
        self.tree = tree

    def command(self, database, *arguments, subcommand=()):
        return [
            *(self.python, "-m", "odoo", *subcommand),
            *("-c", paths.CONF, "-d", database, *arguments),
        ]

    def run(self, title, database, *arguments):
        """Run Odoo to its end, showing how many modules it has loaded.

        :param str title: what it is run for
        :param str database: name of the database
        :param arguments: for Odoo
        :return: its log
        :rtype: Path
        :raise Failure: when it fails
        """
        log = paths.LOGS / f"{re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')}.log"
        command = self.command(database, "--stop-after-init", "--no-http", *arguments)
        with Step(title) as step:

            def show(line):
                if match := _MODULE.search(line):
                    step.update(f"{match[2]} of {match[3]}, {match[1]}")
                elif match := _FILE.search(line):
                    step.update(f"{step.detail.partition(',')[0]}, {match[1]}")

            if console.run(command, log, show, env=environment(self.tree), cwd=paths.WORK):
                raise failed(f"{title[0].lower()}{title[1:]} did not work", log)
        return log

    def script(self, title, database, code):
        """Run Python code with an ``env`` on a database.

        :return: what it printed, with Odoo's log
        :rtype: Path
        """
        log = paths.LOGS / f"{re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')}.log"
        source = paths.CACHE / f"script-{os.getpid()}.py"
        source.parent.mkdir(exist_ok=True)
        source.write_text(code)
        command = self.command(database, "--no-http", subcommand=["shell"])
        options = {"env": environment(self.tree), "cwd": paths.WORK}
        try:
            # From a terminal Odoo would open a prompt; from a file it runs the code and ends.
            with Step(title), open(source) as stdin:
                code = console.run(command, log, stdin=stdin, **options)
        finally:
            source.unlink()
        if code or "Traceback (most recent call last)" in log.read_text():
            raise failed(f"{title[0].lower()}{title[1:]} did not work", log)
        return log

    @contextlib.contextmanager
    def server(self, database, *arguments, port=None, host="127.0.0.1", log=None, patience=120):
        """A server for the time of the block, answering when the block begins.

        :param str database: name of the database
        :param arguments: for Odoo
        :param int port: where it listens, or ``None`` for a free one
        :param str host: the interface it listens on
        :param Path log: where its log goes
        :param float patience: seconds to wait for the first answer
        :return: the port
        """
        port = port or free_port()
        log = log or paths.LOGS / "server.log"
        log.parent.mkdir(exist_ok=True)
        command = self.command(
            database, "--http-interface", host, "--http-port", str(port), *arguments
        )
        with open(log, "w") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(self.tree),
                cwd=paths.WORK,
                # Ctrl-C is for us; we tell the server.
                start_new_session=True,
            )
        process.port, process.log = port, log
        with console.ended_with_us(process):
            _wait_for_answer(process, "127.0.0.1" if host == "0.0.0.0" else host, patience)
            yield process


def _wait_for_answer(process, host, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise failed("Odoo stopped while starting", process.log)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(host, process.port, timeout=60)
            connection.request("GET", "/web/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise failed(f"Odoo did not answer within {patience:.0f} s", process.log)


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(host, port):
    """Make sure that a server could listen there.

    :raise Failure: when it cannot
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"port {port} cannot be used: {error.strerror or error}.",
                "Something else runs there, maybe another `make demo`. Stop it, or take another "
                f"port:\n\n    make demo PORT={port + 1}",
            ) from None
