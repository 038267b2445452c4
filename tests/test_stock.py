import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import odoo
from odoo.tests import BaseCase, get_db_name, tagged

from .allocation_server import _write_configuration, copied_database

CASES = Path(__file__).with_name("stock_cases.py")
# What a run of tests here checks besides, where there is one.
PLUGINS = ("strict", "patient")


@tagged("post_install", "-at_install")
class TestStock(BaseCase):
    """With Odoo's stock, on a database of its own: installing it changes all that is sold."""

    def test_a_shop_with_stock(self):
        with (
            copied_database(get_db_name()) as database,
            tempfile.TemporaryDirectory(prefix="stock-") as folder,
        ):
            conf = Path(folder) / "odoo.conf"
            _write_configuration(conf, database, port=0, workers=0)
            self._run("odoo", "-c", conf, "-i", "website_sale_stock", "--stop-after-init")
            addons = CASES.parents[2]
            plugins = [name for name in PLUGINS if find_spec(name)]
            text = self._run(
                *("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:logging"),
                *(option for name in plugins for option in ("-p", name)),
                *(f"--rootdir={addons}", f"--confcutdir={addons}"),
                *(f"--odoo-database={database}", f"--odoo-config={conf}"),
                *("--odoo-log-level=error", "--odoo-http", CASES),
            )
            self.assertIn(" passed", text)

    def _run(self, module, *arguments):
        """Run a program of Python to its end.

        :return: what it printed
        """
        variables = {name: value for name, value in os.environ.items() if name != "ODOO_RC"}
        paths = [str(Path(odoo.__path__[0]).parent), os.environ.get("PYTHONPATH")]
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=CASES.parents[2],
            env=variables,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        return done.stdout
