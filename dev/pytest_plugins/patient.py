"""pytest plugin: on a slow machine a page takes longer, which proves nothing.

Odoo gives a request 12 seconds, a browser 60, a scheduled action 10 before the rest of its work is
for its next call, and a server thread 20 to get the cursor of the test. Here they get ten times as
long; the steps of tours get theirs in ``static/tests/patience``.
"""

import pytest

from odoo.tests import common

from odoo.addons.base.models import ir_cron

PATIENCE = 10


@pytest.hookimpl(tryfirst=True)
def pytest_collection():
    send = common.BaseCase._request_handler.__func__

    def _request_handler(cls, session, request, /, **options):
        if options.get("timeout"):
            options["timeout"] *= PATIENCE
        return send(cls, session, request, **options)

    common.BaseCase._request_handler = classmethod(_request_handler)
    common.HttpCase.test_cursor_lock_timeout *= PATIENCE
    ir_cron.MIN_TIME_PER_JOB *= PATIENCE
    # Odoo sets it to 1 for each browser, and multiplies every timeout of the browser by it.
    common.ChromeBrowser.throttling_factor = property(
        lambda browser: PATIENCE, lambda browser, factor: None
    )
