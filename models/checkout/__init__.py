from . import minimum
from . import quantity
