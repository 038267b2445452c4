"""Every door through which a product, a variant or a category of the shop can be reached.

Each door is described once, for the leak check of managers and for the regression test alike: how
to ask for a product, and what somebody who may see it then gets to see.
"""

from . import configurator, files, neighbours, remote, shop, writing

DOORS = (
    *shop.DOORS,
    *configurator.DOORS,
    *files.DOORS,
    *remote.DOORS,
    *neighbours.DOORS,
    *writing.DOORS,
)
