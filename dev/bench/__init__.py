"""``make bench``: what the addon costs, side by side with an Odoo that does not have it.

One module for each benchmark, with a function ``run(env)``; what they share is in ``data`` (the
databases), ``client`` (servers and their visitors) and ``report`` (figures and tables). What runs
inside Odoo is in ``inside`` and ``addons``.
"""

import importlib
import os

from .. import environment
from ..console import say

# benchmark: one line for the user
BENCHMARKS = {
    "shop": "the pages of the shop, with 60 and with 5,000 products",
    "catalog": "who sees what, with 5,000 and with 50,000 products, a fifth of them reserved",
    "checkout": "cart, checkout and payment, with rules for each step",
    "allocation": "scarce wines: pages, cart, confirming, and many buyers at once",
    "club": "runs of up to 16,000 members, beside Odoo's own way and two addons of the OCA",
    "policy": "the resolver, and price lists of many customers at once",
}


def main(arguments):
    """Run the named benchmarks.

    :param list[str] arguments: their names
    :return: exit code; a benchmark reports, it does not fail on what it finds
    """
    names = arguments or os.environ.get("WHAT", "").split()
    if not names or not BENCHMARKS.keys() >= set(names):
        say("usage: make bench WHAT=NAME [N=rounds; of club: members]\n")
        for name, help_line in BENCHMARKS.items():
            say(f"  {name:10} {help_line}")
        return 2
    env = environment.ready()
    for name in names:
        importlib.import_module(f".{name}", __package__).run(env)
    return 0
