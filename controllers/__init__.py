from . import policy
from . import pricing
from . import price_visibility
from . import checkout_payment
