import logging

_logger = logging.getLogger(__name__)


def call_isolated(record, method):
    """Call a method of a record so that its trouble is told and stops nobody else.

    :return: what the method returns, or None where it failed
    """
    try:
        with record.env.cr.savepoint():
            return getattr(record, method)()
    except Exception:
        _logger.warning("%s of %s failed", method, record, exc_info=True)
        return None
