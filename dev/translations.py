"""``make pot``, and the texts to translate as the addon has them now."""

import os
import subprocess

from . import console, environment, odoo, paths, templates
from .console import Failure, Step, failed, say


def main(_arguments):
    """Write the template of translations, and merge it into them."""
    env = environment.ready("dev")
    answer = run_po_files(env, "merge", export(env))
    say(answer.stdout.strip())
    if answer.returncode:
        raise Failure("the translations cannot be merged.", answer.stderr)


def run_po_files(env, action, template):
    """Run :mod:`dev.po_files` in the virtual environment."""
    return subprocess.run(
        [env.python, "-m", "dev.po_files", action, template],
        capture_output=True,
        text=True,
        cwd=paths.ROOT,
    )


def export(env):
    """The translation template of the addon, as Odoo exports it.

    :param Environment env: what to work with
    :return: path of a ``.pot`` file
    :rtype: Path
    """
    sources = paths.digest_files(
        paths.ROOT, {".py", ".xml", ".js", ".csv"}, without=("dev", "tests", "i18n", "demo")
    )
    path = paths.CACHE / f"{paths.ADDON}-{sources}-{paths.digest(env.tree.version)}.pot"
    if path.exists():
        return path
    paths.CACHE.mkdir(exist_ok=True)
    for old in paths.CACHE.glob(f"{paths.ADDON}-*.pot"):
        old.unlink()
    part = paths.CACHE / f"part-{os.getpid()}.pot"
    log = paths.LOGS / "pot.log"
    with env.databases.temporary(templates.addon(env, demo=False), "pot") as database:
        command = [
            *(env.python, "-m", "odoo", "i18n", "export", "-c", paths.CONF, "-d", database),
            *("-o", part, paths.ADDON),
        ]
        with Step("Exporting the texts to translate"):
            variables = odoo.environment(env.tree)
            if console.run(command, log, env=variables, cwd=paths.WORK) or not part.exists():
                raise failed("the texts to translate cannot be exported", log)
    part.rename(path)
    return path
