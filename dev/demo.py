"""``make demo``: the demo shop, up to date with the code, and how to get in."""

import os

from . import browser, environment, odoo, paths, templates
from .console import Failure, say

WELCOME = paths.ROOT / "demo" / "welcome.txt"
GOODBYE = """\

  Log: {log}
  Ctrl-C stops it."""


def main(_arguments):
    """Run the demo until Ctrl-C."""
    port, host = chosen_port(), os.environ.get("HOST") or "127.0.0.1"
    odoo.check_port(host, port)
    env = environment.ready()
    browser.want_all()
    database = ready(env, fresh=bool(os.environ.get("FRESH")))
    log = paths.LOGS / "demo.log"
    say("Starting Odoo ...")
    with env.odoo.server(database, port=port, host=host, log=log) as process:
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
        # The website of this host has it in demo/catalog.xml; it is found whatever the port is.
        urls = {"url": f"http://{name}:{port}", "trade": f"http://trade.localhost:{port}"}
        say(WELCOME.read_text(encoding="utf-8").format(**urls).rstrip())
        say(GOODBYE.format(log=log))
        try:
            process.wait()
        except KeyboardInterrupt:
            say("\nStopping Odoo ... PostgreSQL stays for the next time; `make clean` ends it.")
            return 0
    raise Failure(f"Odoo stopped by itself (exit code {process.returncode}).", f"See {log}")


def chosen_port():
    """The port the user wants.

    :rtype: int
    """
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Failure(f"PORT={text} is no port: a number from 1 to 65535 is.")
    return int(text)


def ready(env, fresh=False):
    """The demo database, made or brought up to date first.

    :param Environment env: what to work with
    :param bool fresh: make it anew, and lose what was entered
    :return: name of the database
    :rtype: str
    :raise Failure: when it was made by a newer version of the addon
    """
    name = env.databases.name("demo")
    notes = {"code": templates.code_key(demo=True), "odoo": env.tree.version}
    with paths.locked("demo"):
        if fresh or not env.databases.exists(name):
            templates.build_demo(env, name, notes)
        elif env.databases.notes(name) != notes:
            _update(env, name, notes)
    return name


def _update(env, name, notes):
    """Bring a demo database in line with the code."""
    code_version = environment.manifest()["version"]
    rows = env.server.query(
        name,
        "SELECT latest_version FROM ir_module_module WHERE name = %s AND latest_version <> ''",
        paths.ADDON,
    )
    version = rows[0][0] if rows else code_version
    if as_numbers(version) > as_numbers(code_version):
        raise Failure(
            f"the demo database was made by version {version} of the addon; this checkout is the "
            f"older version {code_version}.",
            "Check out that version or a newer one, or start over with a new demo database (what "
            "was entered in it is lost):\n\n    make demo FRESH=1",
        )
    other_odoo = (env.databases.notes(name) or notes)["odoo"] != notes["odoo"]
    title = f"Updating the demo database from {version} to {code_version}"
    env.databases.unfinish(name)
    try:
        env.odoo.run(
            title if version != code_version else "Updating the demo database",
            name,
            "-u",
            "base" if other_odoo else paths.ADDON,
        )
    except Failure as failure:
        raise Failure(
            failure.what,
            f"{failure.fix}\n\nTo start over with a new demo database (what was entered in it is "
            "lost):\n\n    make demo FRESH=1",
        ) from None
    templates.make_bundles(env, name)
    env.databases.finish(name, notes)


def as_numbers(version):
    """A version that compares as people mean it.

    :param str version: for example ``19.0.1.10.0``
    :rtype: tuple[int]
    """
    return tuple(int(part) for part in version.split(".") if part.isdigit())
