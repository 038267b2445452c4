"""Everything that is needed to run the addon, made ready in the right order."""

import ast
from dataclasses import dataclass
from pathlib import Path

from . import console, databases, odoo, odoo_tree, paths, postgres, venv


@dataclass(frozen=True)
class Environment:
    """What a command works with."""

    python: Path
    tree: odoo_tree.OdooTree
    server: postgres.Server
    databases: databases.Databases
    odoo: odoo.Odoo


def ready(*extras):
    """Set up what is missing, start PostgreSQL, and hand it all over.

    :param extras: ``"dev"`` for the tools of tests and lint
    :rtype: Environment
    """
    paths.WORK.mkdir(exist_ok=True)
    if not paths.POSTGRES.exists():
        # Each part checks for itself too; this says so before half an hour of work.
        console.check_space(paths.WORK, 1 if paths.TREE.exists() else 4)
    tree = odoo_tree.ready()
    python = venv.ready(*extras)
    server = postgres.ready()
    paths.link_addon()
    odoo.write_configuration(tree, server)
    return Environment(python, tree, server, databases.Databases(server), odoo.Odoo(python, tree))


def manifest():
    """The addon's manifest.

    :rtype: dict
    """
    return ast.literal_eval((paths.ROOT / "__manifest__.py").read_text())
