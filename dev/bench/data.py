"""The databases of the benchmarks: the same shop without the addon (bare), and with it.

They are made once, and kept for as long as what they are made from stays the same.
"""

from pathlib import Path

from .. import paths, templates

INSIDE = Path(__file__).parent / "inside"


def bare(env, products):
    """A shop on an Odoo without the addon.

    :param Environment env: what to work with
    :param int products: how many products it sells
    :return: name of a template database
    :rtype: str
    """
    source = templates.base(env, demo=False)
    return template(
        env,
        f"bench{products}_bare",
        source,
        [(INSIDE / "shop_data.py").read_bytes()],
        lambda name: _fill(env, f"Making a shop with {products:,} products", name, products),
    )


def with_addon(env, products):
    """The same shop with the addon, customer types, and partners that hold them.

    :return: name of a template database
    :rtype: str
    """

    def make(name):
        env.odoo.run("Installing the addon", name, "-i", paths.ADDON)
        fill = "from dev.bench.inside import type_data\ntype_data.fill(env)"
        script(env, "Giving types to customers", name, fill)

    return template(
        env,
        f"bench{products}_with",
        bare(env, products),
        [templates.code_key(), (INSIDE / "type_data.py").read_bytes()],
        make,
    )


def pair(env, family, source, module, bare_step, our_step, key=()):
    """A database without the addon and one with it, filled further by one module of ``inside``.

    :param Environment env: what to work with
    :param str family: what is measured in them
    :param str source: the database they start from
    :param str module: name of the module that fills them
    :param tuple bare_step: what the user reads, and the call that fills the one without the addon
    :param tuple our_step: the same, for what the one with the addon has besides
    :param list key: what they are made from besides
    :return: names of two template databases
    :rtype: tuple
    """
    code = (INSIDE / f"{module}.py").read_bytes()

    def fill(name, title, call):
        script(env, title, name, f"from dev.bench.inside import {module}\n{module}.{call}")

    def make_ours(name):
        env.odoo.run("Installing the addon", name, "-i", paths.ADDON)
        fill(name, *our_step)

    without = template(
        env, f"{family}_bare", source, [code, *key], lambda name: fill(name, *bare_step)
    )
    ours = [templates.code_key(), code, (INSIDE / "type_data.py").read_bytes()]
    return without, template(env, f"{family}_with", without, ours, make_ours)


def _fill(env, title, name, products):
    fill = f"from dev.bench.inside import shop_data\nshop_data.fill(env, {products})"
    script(env, title, name, fill)


def template(env, family, source, key, make):
    """
    :param Environment env: what to work with
    :param str family: what kind of database it is; older ones of the same kind are dropped
    :param str source: the database it starts from
    :param list key: what it is made from besides
    :param make: function of the name of a database, which fills it
    :return: name of a template database
    :rtype: str
    """
    name = env.databases.name(f"{family}_{paths.digest(source, *key)}")
    with paths.locked(family):
        if env.databases.notes(name) is None:
            with templates.built(env, family, name, source) as building:
                make(building)
                # So that PostgreSQL plans its queries with what it knows of these tables.
                env.server.query(building, "VACUUM ANALYZE")
    return name


def script(env, title, database, code):
    """Run code inside Odoo, where ``dev.bench.inside`` can be imported.

    :param str title: what the user reads
    :param str database: name of the database
    :param str code: Python with an ``env``
    """
    env.odoo.script(title, database, f"import sys\nsys.path.append({str(paths.ROOT)!r})\n{code}\n")
