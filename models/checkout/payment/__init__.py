from . import payment_case
from . import customer_type
from . import customer_type_payment_limit
from . import customer_payment_option_mixin
from . import payment_provider
from . import payment_method
from . import payment_token
from . import payment_transaction
