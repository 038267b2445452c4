from . import sale_allocation
from . import product_template
from . import product_product
from . import sale_order
from . import sale_order_line
