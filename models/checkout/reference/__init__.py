from . import customer_type
from . import sale_order
