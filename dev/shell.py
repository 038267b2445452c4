"""``make shell``: a Python shell with ``env`` on the demo database."""

import subprocess

from . import demo, environment, odoo, paths


def main(_arguments):
    env = environment.ready()
    database = demo.ready(env)
    command = env.odoo.command(database, "--no-http", "--log-level=warn", subcommand=["shell"])
    variables = odoo.environment(env.tree)
    return subprocess.run([str(part) for part in command], env=variables, cwd=paths.WORK).returncode
