from . import customer_type
from . import loyalty_program
from . import sale_order
