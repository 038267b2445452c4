# What promotions take off decides what is free to deliver: they look at a changed cart first.
from . import promotion
from . import shipping
from . import reference
from . import quote
from . import minimum
from . import quantity
from . import payment
from . import account
