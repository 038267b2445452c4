from . import sale_club_movement_report
from . import sale_club_member_report
from . import sale_club_shipment_report
