from . import payment
from . import account
