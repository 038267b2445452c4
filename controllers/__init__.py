from . import policy
from . import pricing
from . import price_visibility
from . import catalog
from . import content
from . import checkout_reference
from . import checkout_quote
from . import checkout_order_size
