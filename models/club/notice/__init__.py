from . import sale_club_member
from . import sale_club_shipment
