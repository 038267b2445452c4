from . import customer_type
from . import loyalty_program
from . import res_partner
from . import sale_order
