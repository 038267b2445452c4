"""Domains that staff types into a field, as text."""

from ast import literal_eval

from psycopg2 import DataError, ProgrammingError

from odoo.fields import Domain


class UnclearDomain(ValueError):
    """Nobody can make out what is meant."""


def read_domain(text, records):
    """
    :param str text: the domain, may be empty
    :param records: of the model about which it is
    :rtype: Domain
    :raise UnclearDomain: where it is none of that model
    """
    try:
        domain = Domain(literal_eval(text or "[]"))
        domain.validate(records)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise UnclearDomain(text) from error
    return domain


def check_domain(text, records):
    """Try a domain as the user who writes it: it may ask for nothing that this user may not see,
    because what comes of it is looked up by the system.

    :raise UnclearDomain: where nothing can be looked up by it
    :raise AccessError: where it asks for what this user may not see
    """
    domain = read_domain(text, records)
    try:
        with records.env.cr.savepoint():
            records.sudo(False).search(domain, limit=1)
    except (ValueError, DataError, ProgrammingError) as error:
        raise UnclearDomain(text) from error
