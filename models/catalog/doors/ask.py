"""How a door is described, and how it is asked."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from .target import CATEGORY, CODE, NAME, PRICE, TAG, VARIANT

PAGE = frozenset((NAME, CODE, PRICE, VARIANT, TAG))
PRICED = frozenset((NAME, PRICE))
NAMED = frozenset((NAME, VARIANT))
CATEGORIES = frozenset((CATEGORY,))
TAGS = frozenset((TAG,))


class Ask(NamedTuple):
    """One request. Without ``params`` it is a page, else a call of a JSON-RPC route with them."""

    path: str
    params: dict | None = None


class Door(NamedTuple):
    """
    :ivar str name: what managers call it
    :ivar ask: function of a :class:`Target`, gives the requests in their order; none where there is
        no such door for this product
    :ivar frozenset shows: the kinds of marks of which some are seen by who may see the product
    :ivar bool writes: whether asking leaves something behind: a line in a cart, a wish
    :ivar str takes: of a door that writes, what its calls do with the product; none where only the
        page that is asked for next tells
    :ivar bool signed_in: whether guests are turned away whatever they ask for
    :ivar bool for_guests: whether everybody is answered as guests are
    :ivar bool is_page: whether it is of the website, not of the backend or of RPC
    :ivar str module: technical name of the module that has it; this one brings the others along
    """

    name: str
    ask: Callable
    shows: frozenset
    writes: bool = False
    takes: str = ""
    signed_in: bool = False
    for_guests: bool = False
    is_page: bool = True
    module: str = ""

    @property
    def tells(self):
        """:return: whether its own answers tell, and not only the page that is asked for next"""
        return bool(self.takes) or not self.writes


def page(path, **query):
    return Ask(f"{path}?{urlencode(query)}" if query else path)


def call(path, **params):
    return Ask(path, params)


def rpc(model, method, *args, **kwargs):
    return call(
        f"/web/dataset/call_kw/{model}/{method}",
        model=model,
        method=method,
        args=list(args),
        kwargs=kwargs,
    )
