"""What a user reads when something is not as it should be, and what heals by itself."""

import ast
import contextlib
import errno
import io
import socket
import subprocess
import sys
import tempfile
import unittest
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from dev import apt, browser, console, demo, odoo, odoo_tree, paths, templates, venv

DOOR = paths.ROOT / "dev" / "__main__.py"


class Folder(unittest.TestCase):
    """A folder in which logs and downloads go."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        names = ("WORK", "LOGS", "CACHE", "PYTHON")
        patcher = mock.patch.multiple(paths, **dict.fromkeys(names, self.folder))
        patcher.start()
        self.addCleanup(patcher.stop)


class TestMachine(Folder):
    def test_a_port_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with self.assertRaisesRegex(console.Failure, f"port {port} cannot be used") as caught:
                odoo.check_port("127.0.0.1", port)
            self.assertIn(f"make demo PORT={port + 1}", caught.exception.fix)
        odoo.check_port("127.0.0.1", port)

    def test_no_apt(self):
        with mock.patch("shutil.which", return_value=None):
            with self.assertRaisesRegex(console.Failure, "has no apt") as caught:
                odoo_tree._fetch()
            self.assertIn("ODOO_HOME=", caught.exception.fix)
            with self.assertRaisesRegex(console.Failure, "need a browser") as caught:
                browser.require_browser()
            self.assertIn("install chromium", caught.exception.fix)

    def test_apt_without_a_source(self):
        with (
            mock.patch.object(apt, "mirrors", return_value=[]),
            self.assertRaisesRegex(console.Failure, "no package source"),
        ):
            apt.download(["odoo-19"], "sid", self.folder)

    def test_no_network(self):
        def run(_command, log, *_args, **_options):
            log.write_text("Err:1 http://mirror.example: Temporary failure resolving\n")
            return 100

        with (
            mock.patch.object(apt, "mirrors", return_value=["http://mirror.example"]),
            mock.patch.object(apt, "run", run),
            contextlib.redirect_stdout(io.StringIO()),
            self.assertRaisesRegex(console.Failure, "network"),
        ):
            apt.download(["odoo-19"], "sid", self.folder)

    def test_a_python_that_is_too_old(self):
        text = DOOR.read_text()
        # What says so has to be understood by the Python that is too old.
        ast.parse(text, feature_version=(3, 4))
        code = f"import sys; sys.version_info = (3, 9, 2); exec({text!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("Python 3.10 or newer is needed, this is Python 3.9", done.stderr)
        self.assertIn("make demo PYTHON=", done.stderr)

    def test_a_disk_that_is_full(self):
        usage = namedtuple("usage", "free")
        with mock.patch("shutil.disk_usage", return_value=usage(10**9)):
            console.check_space(self.folder, 0.9)
            with self.assertRaisesRegex(console.Failure, "4.0 GB are needed, 1.0 GB are free"):
                console.check_space(self.folder, 4)
            error = OSError(errno.ENOSPC, "No space left on device")
            failure = console.failure_from_os_error(error, self.folder)
        self.assertIn("is full", failure.what)
        self.assertIn("make clean", failure.fix)
        self.assertIsNone(console.failure_from_os_error(OSError(errno.EIO, "no"), self.folder))

    def test_files_of_another_user(self):
        failure = console.failure_from_os_error(PermissionError(errno.EACCES, "no"), self.folder)
        self.assertIn("no permission", failure.what)

    def test_packages_whose_installing_was_cut_short(self):
        with (
            mock.patch.object(venv, "_UNFINISHED", self.folder / ".installing"),
            mock.patch.object(venv, "EXECUTABLE", sys.executable),
        ):
            self.assertFalse(venv._works(), "never made")
            (self.folder / ".made-by").write_text(venv._made_by())
            self.assertTrue(venv._works())
            (self.folder / ".installing").touch()
            self.assertFalse(venv._works())


class Databases:
    """Those of a server, in memory: what each was made from, None while it is worked on."""

    def __init__(self, **notes):
        self.all = notes

    def name(self, short):
        return short

    def list(self):
        return dict(self.all)

    def exists(self, name):
        return name in self.all

    def notes(self, name):
        return self.all.get(name)

    def finish(self, name, notes):
        self.all[name] = notes

    def unfinish(self, name):
        self.all[name] = None

    def rename(self, source, target):
        self.all[target] = self.all.pop(source)

    def clone(self, _source, target):
        self.all[target] = None

    def drop(self, name):
        self.all.pop(name, None)


class TestDatabases(Folder):
    def setUp(self):
        super().setUp()
        self.locks = mock.patch.object(paths, "locked", lambda _name: contextlib.nullcontext())
        self.locks.start()
        self.addCleanup(self.locks.stop)

    def environment(self, version="19.0.1.0.0", **databases):
        return SimpleNamespace(
            databases=Databases(**databases),
            odoo=mock.Mock(),
            server=mock.Mock(query=mock.Mock(return_value=[[version]])),
            tree=SimpleNamespace(version="19.0-1"),
        )

    def build(self, env):
        with templates.built(env, "base_plain", "base_plain_new", notes={"made": 1}) as building:
            self.assertFalse(env.databases.exists(building), "made anew")
            env.databases.all[building] = None

    def test_a_template_that_was_interrupted_is_made_anew(self):
        env = self.environment(building_base_plain=None, base_plain_new=None, base_plain_old={})
        self.build(env)
        self.assertEqual(env.databases.list(), {"base_plain_new": {"made": 1}})

    def test_a_template_that_cannot_be_made_leaves_nothing_and_no_harm(self):
        env = self.environment(base_plain_old={"made": 0})
        for error in (console.Failure("no"), KeyboardInterrupt()):
            with (
                self.assertRaises(type(error)),
                templates.built(env, "base_plain", "base_plain_new") as building,
            ):
                env.databases.all[building] = None
                raise error
            self.assertEqual(env.databases.list(), {"base_plain_old": {"made": 0}})

    def ready(self, env):
        with (
            mock.patch.object(templates, "code_key", return_value="now"),
            mock.patch.object(demo.environment, "manifest", return_value={"version": "19.0.1.2.0"}),
        ):
            return demo.ready(env)

    def test_a_demo_of_an_older_version_is_updated(self):
        env = self.environment("19.0.1.0.0", demo={"code": "before", "odoo": "19.0-1"})
        self.assertEqual(self.ready(env), "demo")
        [call] = env.odoo.run.call_args_list
        self.assertEqual(call.args[1:], ("demo", "-u", paths.ADDON))
        self.assertIn("from 19.0.1.0.0 to 19.0.1.2.0", call.args[0])
        self.assertEqual(env.databases.notes("demo"), {"code": "now", "odoo": "19.0-1"})
        self.ready(env)
        self.assertEqual(env.odoo.run.call_count, 1, "once")

    def test_an_update_that_fails_says_how_to_start_over_and_is_tried_again(self):
        env = self.environment(demo={"code": "before", "odoo": "19.0-0"})
        env.odoo.run.side_effect = console.Failure("it did not work", "See the log.")
        for _time in range(2):
            with self.assertRaisesRegex(console.Failure, "did not work") as caught:
                self.ready(env)
            self.assertIn("See the log.", caught.exception.fix)
            self.assertIn("make demo FRESH=1", caught.exception.fix)
            self.assertIsNone(env.databases.notes("demo"), "not finished")

    def test_a_demo_of_a_newer_version_is_left_alone(self):
        env = self.environment("19.0.1.10.0", demo={"code": "later", "odoo": "19.0-1"})
        with self.assertRaisesRegex(console.Failure, "19.0.1.10.0.*older version") as caught:
            self.ready(env)
        self.assertIn("FRESH=1", caught.exception.fix)
        env.odoo.run.assert_not_called()
        self.assertTrue(env.databases.notes("demo"))
