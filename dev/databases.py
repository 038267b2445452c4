"""Databases with their filestores: made, copied, dropped.

A finished database carries a comment, a small JSON object that says what it was made from. A
database without one is half-finished work, and is removed.
"""

import contextlib
import json
import os
import shutil
import uuid
from pathlib import Path

from . import paths
from .postgres import DatabaseError


class Databases:
    """The databases of this checkout on a server.

    :param postgres.Server server: where they are
    """

    def __init__(self, server):
        self.server = server
        # On a server of our own the names are short; on a shared one they must not meet others.
        self.prefix = "" if server.embedded else f"{paths.ADDON}_{paths.CHECKOUT_ID}_"

    def name(self, short):
        """The name on the server.

        :param str short: for example ``demo``
        :rtype: str
        """
        return f"{self.prefix}{short}"

    def list(self):
        """All databases of this checkout, with what they were made from.

        :return: ``{name: notes or None}``
        :rtype: dict
        """
        rows = self.server.query(
            "postgres",
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE NOT datistemplate AND datname NOT IN ('postgres')"
            " AND starts_with(datname, %s)",
            self.prefix,
        )
        return {name: _notes(comment) for name, comment in rows}

    def exists(self, name):
        """Whether a database is there, finished or not."""
        return name in self.list()

    def notes(self, name):
        """What a finished database was made from; ``None`` if there is no finished one.

        :rtype: dict or None
        """
        rows = self.server.query(
            "postgres",
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            name,
        )
        return _notes(rows[0][0]) if rows else None

    def finish(self, name, notes):
        """Note what a database was made from, and thereby that it is complete."""
        comment = json.dumps(notes).replace("'", "''").replace("%", "%%")
        self.server.query("postgres", f"COMMENT ON DATABASE \"{name}\" IS '{comment}'")

    def unfinish(self, name):
        """Mark a database as being worked on."""
        self.server.query("postgres", f'COMMENT ON DATABASE "{name}" IS NULL')

    def rename(self, source, target):
        """Give a database and its filestore another name."""
        if filestore(source).exists():
            shutil.rmtree(filestore(target), ignore_errors=True)
            filestore(source).rename(filestore(target))
        self.server.query("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    def clone(self, source, target):
        """Copy a database and its filestore; nobody may be connected to the source."""
        self.drop(target)
        self.server.query("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        if filestore(source).exists():
            # Files in there are never changed, only added and removed: links are copies.
            shutil.copytree(filestore(source), filestore(target), copy_function=os.link)

    def drop(self, name):
        """Remove a database and its filestore, if they exist."""
        with contextlib.suppress(DatabaseError):
            self.server.query(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                name,
            )
        self.server.query("postgres", f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(filestore(name), ignore_errors=True)

    @contextlib.contextmanager
    def temporary(self, source, label):
        """A copy for the time of the block.

        :param str source: name of the database to copy
        :param str label: says what it is for
        """
        self.drop_orphans()
        name = self.name(f"{label}_{os.getpid()}_{uuid.uuid4().hex[:4]}")
        try:
            self.clone(source, name)
            yield name
        finally:
            # If it cannot be dropped now, the next run does it.
            with contextlib.suppress(DatabaseError):
                self.drop(name)

    def drop_orphans(self):
        """Remove temporary copies whose process is gone."""
        for name, notes in self.list().items():
            pid = name.removeprefix(self.prefix).split("_")[-2:-1]
            if notes is None and pid and pid[0].isdigit() and not Path("/proc", pid[0]).exists():
                self.drop(name)

    def drop_all(self):
        """Remove all databases of this checkout.

        :return: their names
        :rtype: list[str]
        """
        names = list(self.list())
        for name in names:
            self.drop(name)
        return names


def filestore(name):
    return paths.FILES / "filestore" / name


def _notes(comment):
    with contextlib.suppress(TypeError, ValueError):
        notes = json.loads(comment)
        return notes if isinstance(notes, dict) else None
    return None
