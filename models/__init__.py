# The foundation first; a capability may extend it, never the other way round.
from . import segment
from . import policy
from . import pricing
from . import catalog
from . import content
from . import checkout
from . import allocation
from . import club
