from . import sale_allocation_request
from . import sale_allocation_distribute
from . import sale_club_shipment
from . import sale_club_run
from . import sale_order
