from . import dry_run
from . import ir_sequence
from . import product_product
from . import sale_club_run
from . import sale_club_shipment
