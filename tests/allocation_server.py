"""A shop as it runs in production: several processes of Odoo, on a copy of the test database."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path
from unittest.mock import patch

import odoo
from odoo import SUPERUSER_ID, api
from odoo.http import get_default_session, root
from odoo.modules.registry import Registry
from odoo.service import security
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

# The second process that every such server starts would serve the live chat.
LAUNCHER = """
import signal, sys
if sys.argv[1:2] == ["gevent"]:
    signal.pause()
else:
    from odoo.cli.command import main
    main()
"""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@contextlib.contextmanager
def copied_database(source):
    """A copy of a database, with its files; nobody may be using the database.

    :return: its name
    """
    name = f"{source[:40]}_{os.getpid()}_{uuid.uuid4().hex[:4]}"
    files, copied = (Path(config.filestore(database)) for database in (source, name))
    try:
        close_db(source)
        _administer(SQL("CREATE DATABASE %s TEMPLATE %s", *map(SQL.identifier, (name, source))))
        if files.exists():
            # What is in there is never changed, only added and removed.
            shutil.copytree(files, copied, copy_function=_link)
        yield name
    finally:
        Registry.delete(name)
        close_db(name)
        _administer(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(name)))
        shutil.rmtree(copied, ignore_errors=True)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _administer(statement, patience=30):
    """Run a statement that works only while nobody else is connected."""
    end = time.monotonic() + patience
    while True:
        with contextlib.closing(db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True
            try:
                # What is tried again is no news.
                return cr.execute(statement, log_exceptions=False)
            except odoo.sql_db.psycopg2.errors.ObjectInUse:
                if time.monotonic() > end:
                    raise
        time.sleep(0.2)


class Server:
    """A running server of several processes.

    :ivar int port: where it listens
    """

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    def get_workers(self):
        """:return: ids of the processes that answer"""
        children = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                # Who has just died is still there until the server has looked.
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    arguments = stat.with_name("cmdline").read_bytes().split(b"\0")
                    if b"gevent" not in arguments:
                        children.append(int(stat.parent.name))
        return children

    def kill_worker(self, number=0):
        """End one of the processes in the middle of what it does.

        :return: whether there was one
        """
        workers = self.get_workers()
        if not workers:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(workers[number % len(workers)], signal.SIGKILL)
        return True

    def read_log(self):
        return self.log.read_text(errors="replace")


@contextlib.contextmanager
def running_server(database, *arguments, workers=4, patience=120, launcher=None, **options):
    """
    :param arguments: for Odoo
    :param Path launcher: the program that starts it, where that is another one
    :param options: settings of Odoo
    :rtype: Server
    """
    folder = Path(tempfile.mkdtemp(prefix="odoo-server-"))
    conf, log = folder / "server.conf", folder / "server.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if launcher is None:
        launcher = folder / "server.py"
        launcher.write_text(LAUNCHER)
    _write_configuration(conf, database, port, workers, **options)
    home = str(Path(odoo.__path__[0]).parent)
    variables = {name: value for name, value in os.environ.items() if name != "ODOO_RC"}
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    with open(log, "w") as output:
        process = subprocess.Popen(
            [sys.executable, str(launcher), "-c", str(conf), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=variables,
            cwd=folder,
            start_new_session=True,
        )
    server = Server(process, port, log)
    try:
        _wait_for_answer(server, patience)
        yield server
    finally:
        # Nobody needs what it would tidy up.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _write_configuration(path, database, port, workers, **others):
    """The settings of the Odoo in which the test runs, on another database and port."""
    addons = config["addons_path"]
    options = {
        "addons_path": addons if isinstance(addons, str) else ",".join(addons),
        "data_dir": config["data_dir"],
        "db_name": database,
        "http_interface": "127.0.0.1",
        "http_port": port,
        "workers": workers,
        "max_cron_threads": 0,
        "list_db": False,
        "log_level": "warn",
        # Each process has its own connections.
        "db_maxconn": 8,
        **{
            name: config[name]
            for name in ("db_host", "db_port", "db_user", "db_password", "db_sslmode")
            if config[name]
        },
        **others,
    }
    path.touch(0o600)
    path.write_text("\n".join(["[options]", *(f"{key} = {val}" for key, val in options.items())]))


def _wait_for_answer(server, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end and server.process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", "/web/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(f"Odoo did not start:\n{server.read_log()[-3000:]}")


@contextlib.contextmanager
def environment(database, **context):
    """An environment of its own transaction, committed at the end; the servers hear of it."""
    registry = _get_registry(database)
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, context)
    registry.signal_changes()


def _get_registry(database):
    """Load the models of a database, without the tests that are run while that is done."""
    with patch.dict(config._runtime_options, {"test_enable": False, "test_tags": None}):
        return Registry(database)


class Refused(Exception):
    """The shop says no, in words."""


class Broken(Exception):
    """What no customer should ever see."""


class Browser:
    """Somebody who is signed in, as by the cookie of an earlier visit.

    :ivar list broken: what this customer saw and should not have seen
    """

    def __init__(self, port, user):
        self.port = port
        self.session = root.session_store.new()
        self.session.update(get_default_session(), db=user.env.cr.dbname)
        self.session.uid, self.session.login = user.id, user.login
        self.session.context = dict(user.context_get())
        self.session.session_token = security.compute_session_token(self.session, user.env)
        root.session_store.save(self.session)

    def forget(self):
        root.session_store.delete(self.session)

    def _request(self, method, path, body=None, content_type=None):
        headers = {"Cookie": f"session_id={self.session.sid}", "User-Agent": BROWSER}
        if content_type:
            headers["Content-Type"] = content_type
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        if answer.status >= 500 and answer.status != 503:
            raise Broken(f"{path}: {answer.status} {text[:2000]}")
        return answer.status, text

    def open(self, path, **form):
        """Open a page, or post a form; redirections are not followed.

        :return: what it shows
        :raise Broken: if there is a stack trace in it
        """
        body = urllib.parse.urlencode(form) if form else None
        content_type = "application/x-www-form-urlencoded" if form else None
        status, text = self._request("POST" if form else "GET", path, body, content_type)
        if "Traceback (most recent call last)" in text:
            raise Broken(f"{path}: {text[:2000]}")
        if status == 503:
            raise Refused(re.sub(r"<[^>]+>|\s+", " ", text))
        return text

    def call(self, path, **params):
        """Call a JSON route, as a page of the shop does.

        :raise Refused: with the message that the page shows
        :raise Broken: if it would show the error of a program
        """
        body = json.dumps({"jsonrpc": "2.0", "params": params})
        _status, text = self._request("POST", path, body, "application/json")
        answer = json.loads(text)
        if "error" not in answer:
            return answer["result"]
        data = answer["error"].get("data") or {}
        if data.get("name") in (
            "odoo.exceptions.UserError",
            "odoo.exceptions.ValidationError",
            f"{__package__.rpartition('.')[0]}.models.allocation.sale_order.AllocationRefused",
        ):
            raise Refused(data["message"])
        if data.get("message") == "retry":
            # How Odoo tells the page that waits for a payment to ask again.
            raise Again
        raise Broken(f"{path}: {data.get('name')}: {data.get('debug', text)[-2000:]}")


class Again(Exception):
    """The page asks again by itself."""


def at_once(acts, patience=300):
    """Let functions act at the same time.

    :return: what they returned, or raised, in their order
    """
    results = [None] * len(acts)
    barrier = threading.Barrier(len(acts), timeout=30)

    def run(number, act):
        try:
            barrier.wait()
            results[number] = act()
        except Exception as error:
            results[number] = error

    threads = [
        threading.Thread(target=run, args=(number, act), daemon=True)
        for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + patience
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return results
