import logging

_logger = logging.getLogger(__name__)


def send_notice(records, name):
    """Write to the members of these records. A mail that cannot be made stops nothing else.

    Whoever archives a template sends that mail no more.

    :param records: records of the model of the template
    :param str name: the template is ``mail_club_<name>``
    """
    template = records.env.ref(f"customer_type.mail_club_{name}", raise_if_not_found=False)
    readers = records.sudo().filtered("partner_id.email")
    if not (template and template.active and readers) or records.env.context.get("club_no_notice"):
        return
    if not _send(template.sudo(), readers) and len(readers) > 1:
        for reader in readers:
            _send(template.sudo(), reader)


def _send(template, records):
    try:
        with records.env.cr.savepoint():
            template.send_mail_batch(records.ids)
    except Exception:
        _logger.warning("%s of %s failed", template.name, records, exc_info=True)
        return False
    return True
