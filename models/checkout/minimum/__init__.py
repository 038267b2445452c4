from . import order_limit
from . import customer_type
from . import customer_type_order_limit
from . import loyalty_program
from . import product_template
from . import sale_order
from . import sale_order_line
