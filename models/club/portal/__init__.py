from . import product_product
from . import sale_club
from . import sale_club_member
from . import payment_provider
from . import sale_club_shipment
from . import payment_transaction
from . import sale_order
