"""Template databases: made once, then copied in a second.

``base``: Odoo with all the addon depends on, kept for each combination of Odoo, these
dependencies and the Python packages. ``addon``: the same with the addon, kept for its code.
Each exists without demo data (``plain``, for tests) and with (``demo``).
"""

import contextlib

from . import environment, paths, venv
from .postgres import DatabaseError

# For trying a card payment in the demo shop; it moves no money.
DEMO_MODULES = ["payment_demo"]
# What ends up in the database, of all the addon's files.
NOT_INSTALLED = ("tests", "static/tests", "static/src", "dev", "docs")
DEMO_FOLDERS = ("demo", "static/demo")
SUFFIXES = {".py", ".xml", ".csv", ".po", ".pot", ".svg", ".png", ".jpg", ".jpeg", ".webp"}
# The pages of Odoo load bundles of scripts and styles; making them takes most of a first visit.
# These are the ones of the backend, the website, reports, and tours.
MAKE_BUNDLES = """
for bundle, kind in (
    ("web.assets_web", "js"),
    ("web.assets_web", "css"),
    ("web.assets_frontend_minimal", "js"),
    ("web.assets_frontend_lazy", "js"),
    ("web.assets_frontend", "css"),
    ("web.report_assets_common", "css"),
    ("web.assets_tests", "js"),
):
    wanted = {"js": kind == "js", "css": kind == "css"}
    getattr(env["ir.qweb"]._get_asset_bundle(bundle, **wanted), kind)()
env.cr.commit()
"""


def base_key(env, demo):
    """Changes when a base template must be made anew."""
    return paths.digest(
        env.tree.version,
        sorted(environment.manifest()["depends"]),
        venv.REQUIREMENTS["server"].read_bytes(),
        DEMO_MODULES if demo else [],
    )


def code_key(demo=False):
    """Changes when the addon in a database must be updated.

    :param bool demo: whether the database has the addon's demo data
    """
    without = NOT_INSTALLED if demo else (*NOT_INSTALLED, *DEMO_FOLDERS)
    return paths.digest_files(paths.ROOT, SUFFIXES, without=without)


def base(env, demo):
    """The template without the addon.

    :param Environment env: what to work with
    :param bool demo: with Odoo's demo data
    :return: name of the database
    :rtype: str
    """
    kind = "demo" if demo else "plain"
    name = env.databases.name(f"base_{kind}_{base_key(env, demo)}")
    with paths.locked(f"base-{kind}"):
        if env.databases.notes(name) is not None:
            return name
        modules = environment.manifest()["depends"] + (DEMO_MODULES if demo else [])
        with built(env, f"base_{kind}", name) as building:
            env.odoo.run(
                f"Creating the {kind} database of Odoo",
                building,
                "-i",
                ",".join(modules),
                *(["--with-demo"] if demo else []),
            )
    return name


def addon(env, demo):
    """The template with the addon.

    :param Environment env: what to work with
    :param bool demo: with Odoo's and the addon's demo data
    :return: name of the database
    :rtype: str
    """
    kind = "demo" if demo else "plain"
    source = base(env, demo)
    code = code_key(demo)
    name = env.databases.name(f"addon_{kind}_{paths.digest(source, code)}")
    with paths.locked(f"addon-{kind}"):
        if env.databases.notes(name) is None:
            with built(env, f"addon_{kind}", name, source) as building:
                _install(env, building, demo)
    return name


def with_addon_only(env):
    """The template with Odoo's demo data, and the addon without its own.

    For Odoo's tests, which should meet the addon's code and not its products and customers.

    :param Environment env: what to work with
    :return: name of the database
    :rtype: str
    """
    source = base(env, demo=True)
    name = env.databases.name(f"addon_only_{paths.digest(source, code_key())}")
    with paths.locked("addon-only"):
        if env.databases.notes(name) is None:
            with built(env, "addon_only", name, source) as building:
                # An addon gets its demo data when all it depends on has it.
                bare = environment.manifest()["depends"][:1]
                change = "UPDATE ir_module_module SET demo = %s WHERE name = %s"
                env.server.query(building, change, False, *bare)
                env.odoo.run("Installing the addon for Odoo's tests", building, "-i", paths.ADDON)
                env.server.query(building, change, True, *bare)
    return name


def build_demo(env, name, notes):
    """Make the database of the demo shop.

    :param Environment env: what to work with
    :param str name: of the database
    :param dict notes: what it is made from
    """
    with built(env, "demo", name, base(env, demo=True), notes) as building:
        _install(env, building, demo=True)


def make_bundles(env, database):
    """Make the bundles of scripts and styles, which else the first visitor waits for."""
    env.odoo.script("Making scripts and styles", database, MAKE_BUNDLES)


def _install(env, database, demo):
    title = "Installing the addon" + (" with its demo data" if demo else "")
    options = ["--with-demo"] if demo else []
    env.odoo.run(title, database, "-i", paths.ADDON, *options)
    make_bundles(env, database)


@contextlib.contextmanager
def built(env, family, name, source=None, notes=None):
    """A database to work on, that gets its name when the block is through.

    Older ones of the family are dropped then.

    :param Environment env: what to work with
    :param str family: kind of database
    :param str name: what it will be called
    :param str source: database to begin with, or ``None`` for an empty one
    :param dict notes: what it is made from
    """
    building = env.databases.name(f"building_{family}")
    env.databases.drop(building)
    if source:
        env.databases.clone(source, building)
    try:
        yield building
    except BaseException:
        # What went wrong is news, that nothing can be cleaned up after it is not.
        with contextlib.suppress(DatabaseError):
            env.databases.drop(building)
        raise
    env.databases.drop(name)  # left unfinished by a crash right here
    env.databases.rename(building, name)
    env.databases.finish(name, notes or {"made": name})
    for other in env.databases.list():
        if other.startswith(env.databases.name(f"{family}_")) and other != name:
            env.databases.drop(other)
