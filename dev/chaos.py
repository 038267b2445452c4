"""``make chaos``: what only real customers at the same time bring to light, in full size.

The test suite has the same tests, smaller.
"""

import os

from . import environment, suite, templates
from .console import say

# what: (test files, variable that asks for the full size, one line for the user)
STORMS = {
    "allocation": (
        ["tests/test_allocation_http.py"],
        "ALLOCATION_CHAOS",
        "50 customers want the last 20 bottles, while processes are killed and deadlocks provoked",
    ),
    "club": (
        ["tests/test_club_chaos.py", "tests/test_club_queue.py"],
        "CLUB_CHAOS",
        "100 workers are killed while they make and charge a club's orders, then some of a queue",
    ),
}


def main(arguments):
    """Run the named tests.

    :param list[str] arguments: their names
    :return: exit code
    """
    names = arguments or os.environ.get("WHAT", "").split()
    if not names or not STORMS.keys() >= set(names):
        say("usage: make chaos WHAT=NAME\n")
        for name, (_tests, _variable, help_line) in STORMS.items():
            say(f"  {name:10} {help_line}")
        return 2
    env = environment.ready("dev")
    tests = []
    for name in names:
        files, variable, _help_line = STORMS[name]
        os.environ[variable] = "full"
        tests += files
    with env.databases.temporary(templates.addon(env, demo=False), "chaos") as database:
        return suite.run(env, [database], [*tests, "-s", "--durations=0"])
