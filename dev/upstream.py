"""``make upstream``: Odoo's own tests, without and with the addon, on copies of one database.

Some of them fail on any machine. What counts is which ones fail only with the addon. A test that
newly fails is run again, with the addon and without, before it counts: tours may stumble.
"""

import json
import os
import re

from . import browser, console, environment, odoo, paths, templates
from .console import Failure, Step, failed, say

MODULES = (
    "product",
    "portal",
    "payment",
    "loyalty",
    "sale",
    "delivery",
    "sale_loyalty",
    "website_sale",
    "website_sale_loyalty",
)
OK, FAILED, SKIPPED = "ok", "failed", "skipped"

_LINE = re.compile(
    r"^\S+ \S+ \d+ (?:INFO|ERROR) \S+ odoo\.addons\.(?P<module>\w+)\.tests\.\S*: (?P<text>.*)"
)
_STARTING = re.compile(r"Starting (?P<test>\w+\.\w+) \.\.\.$")
_SKIPPED = re.compile(r"skipped (?P<test>\w+\.\w+) : ")
_FAILED = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(?P<test>\w+\.\w+)")
# Told by the suite, not by the module whose class could not be prepared.
_CLASS_FAILED = re.compile(
    r"odoo\.tests\.suite: (?:FAIL|ERROR): \w+"
    r" \(odoo\.addons\.(?P<module>\w+)\.tests\.(?:\w+\.)*(?P<class>\w+)\)"
)
_SUMMARY = re.compile(r"odoo\.tests\.result: \d+ failed, \d+ error\(s\) of \d+ tests")


def main(_arguments):
    """Compare Odoo's tests without and with the addon.

    :return: 1 when a test newly fails
    """
    modules = os.environ.get("MODULES", "").replace(",", " ").split() or list(MODULES)
    env = environment.ready("dev")
    browser.require_browser()
    source = templates.base(env, demo=True)
    _check_installed(env, source, modules)
    without = _without(env, source, modules)
    addon = templates.with_addon_only(env)
    after = run(env, addon, modules, "with the addon")
    suspects = newly_failing(without, after)
    if suspects:
        say(f"{len(suspects)} newly failing: running them again.")
        again = run_again(env, addon, suspects, "with the addon")
        if again:
            also_without = run_again(env, source, again, "without the addon")
            again = [test for test in again if test not in also_without]
        for test in suspects:
            if test not in again:
                say(f"  {test}: not the addon, by the second run")
        suspects = again
    report(modules, without, after)
    if suspects:
        say(f"Newly failing with the addon: {len(suspects)}")
        for test in suspects:
            say(f"  {test}")
        say(f"Logs: {paths.LOGS}/upstream-*.log")
        return 1
    say("Newly failing with the addon: none")
    return 0


def _check_installed(env, database, modules):
    rows = env.server.query(
        database, "SELECT name FROM ir_module_module WHERE state = 'installed' ORDER BY name"
    )
    installed = [name for [name] in rows]
    if unknown := [module for module in modules if module not in installed]:
        raise Failure(
            f"not installed in the database the tests run on: {', '.join(unknown)}.",
            f"There are: {', '.join(installed)}",
        )


def _without(env, source, modules):
    """Results without the addon, which change only with Odoo: kept from run to run."""
    cache = paths.CACHE / f"upstream-{templates.base_key(env, demo=True)}.json"
    known = {}
    if cache.exists() and not os.environ.get("FRESH"):
        known = json.loads(cache.read_text())
    if all(module in known for module in modules):
        say("Without the addon: results of an earlier run are used (FRESH=1 runs it again).")
    else:
        results = run(env, source, modules, "without the addon")
        known.update(by_module(modules, results))
        cache.parent.mkdir(exist_ok=True)
        part = cache.with_suffix(".part")
        part.write_text(json.dumps(known, indent=1))
        part.rename(cache)
    return {test: outcome for module in modules for test, outcome in known[module].items()}


def run(env, source, modules, title, tags=None):
    """Run tests of Odoo on a copy of a database.

    :param Environment env: what to work with
    :param str source: name of the database to copy
    :param modules: to update, which runs their tests
    :param str title: "with the addon" or so
    :param tags: Odoo's test tags, or ``None`` for all tests of the modules
    :return: outcome by test, ``module:Class.method``
    :rtype: dict[str, str]
    """
    log = paths.LOGS / f"upstream-{title.replace(' ', '-')}.log"
    with env.databases.temporary(source, "upstream") as database:
        command = env.odoo.command(
            database,
            *("-u", ",".join(modules), "--stop-after-init"),
            *("--test-tags", ",".join(tags or [f"/{module}" for module in modules])),
            *("--http-port", str(odoo.free_port())),
        )
        results = Results()
        with Step(f"Odoo's tests {title}", measure=results.progress):
            variables = odoo.environment(env.tree)
            console.run(command, log, results.read, env=variables, cwd=paths.WORK)
        if not results.complete:
            raise failed(f"Odoo's tests {title} did not come to their end", log)
        if not results.outcomes:
            raise Failure(f"no test of {', '.join(modules)} was run {title}.", f"See {log}")
    return results.outcomes


def run_again(env, source, tests, title):
    """Run single tests once more.

    :return: those that fail again
    :rtype: list[str]
    """
    modules = sorted({test.partition(":")[0] for test in tests})
    outcomes = run(env, source, modules, f"{title} again", tags=[f"/{test}" for test in tests])
    return [test for test in tests if _failed(outcomes, test)]


def _failed(outcomes, test):
    """Whether a test, or the preparation of its class, failed. One that did not run failed too."""
    return outcomes.get(test, FAILED) == FAILED


class Results:
    """Reads Odoo's log, and knows what came of the tests."""

    def __init__(self):
        self.outcomes = {}
        self.complete = False

    def read(self, line):
        """Take in a line of the log."""
        if _SUMMARY.search(line):
            self.complete = True
        if found := _CLASS_FAILED.search(line):
            self.outcomes[f"{found['module']}:{found['class']}"] = FAILED
        match = _LINE.match(line.rstrip())
        if not match:
            return
        module, text = match["module"], match["text"]
        if found := _STARTING.match(text):
            self.outcomes[f"{module}:{found['test']}"] = OK
        elif found := _SKIPPED.match(text):
            self.outcomes[f"{module}:{found['test']}"] = SKIPPED
        elif found := _FAILED.match(text):
            self.outcomes[f"{module}:{found['test']}"] = FAILED

    def progress(self):
        failures = count(self.outcomes.values(), FAILED)
        return f"{len(self.outcomes)} tests, {failures} failed" if self.outcomes else "updating"


def newly_failing(without, after):
    """Tests that pass without the addon and do not with it.

    :param dict without: outcomes without the addon
    :param dict after: outcomes with it
    :return: tests, a class in place of its tests where its preparation failed
    :rtype: list[str]
    """
    classes = {test for test, outcome in after.items() if "." not in test and outcome == FAILED}
    found = []
    for test, outcome in after.items():
        if outcome == FAILED and without.get(test) != FAILED:
            found.append(test)
    for test, outcome in without.items():
        lost = test not in after and test.rpartition(".")[0] not in classes
        if outcome == OK and (lost or after.get(test) == SKIPPED):
            found.append(test)
    return found


def by_module(modules, results):
    """Results, module by module; a module may have no tests."""
    return {
        module: {
            test: outcome for test, outcome in results.items() if test.partition(":")[0] == module
        }
        for module in modules
    }


def count(outcomes, outcome):
    return sum(one == outcome for one in outcomes)


def report(modules, without, after):
    """Print how many tests passed and failed, on both sides."""
    say(f"\n{'':24}{'without the addon':>24}{'with the addon':>24}")
    say(f"{'':24}" + f"{'ok':>8}{'failed':>8}{'skipped':>8}" * 2)
    sides = [by_module(modules, side) for side in (without, after)]
    for module in [*modules, "all"]:
        line = f"{module:24}"
        for side in sides:
            groups = side.values() if module == "all" else [side[module]]
            outcomes = [outcome for group in groups for outcome in group.values()]
            line += "".join(f"{count(outcomes, what):8}" for what in (OK, FAILED, SKIPPED))
        say(line)
    say()
