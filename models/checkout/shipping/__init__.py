from . import customer_type
from . import delivery_carrier
from . import sale_order
