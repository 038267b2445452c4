
from . import test_segment_assignment
from . import test_price_visibility
from . import test_segment_purchase
from . import test_policy_resolver
from . import test_policy_explain
from . import test_policy_gate
from . import test_policy_stamp
from . import test_pricing_order
from . import test_pricing_pricelist
from . import test_pricing_shop
from . import test_pricing_leaks
from . import test_price_comparison
from . import test_pricing_tour
from . import test_policy_tour
from . import test_price_visibility_tour
