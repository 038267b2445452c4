from . import quantity_limits
from . import customer_type_quantity_rule
from . import customer_type
from . import product_public_category
from . import product_product
from . import product_template
from . import sale_order
from . import sale_order_line
