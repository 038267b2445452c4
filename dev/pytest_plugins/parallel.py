"""pytest plugin: each process of pytest-xdist has a database of its own, made beforehand.

pytest-odoo would copy one with PostgreSQL's programs, which need not be here, and let the copies
share their files.
"""

import os

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    if worker := os.environ.pop("PYTEST_XDIST_WORKER", ""):
        databases = os.environ["TEST_DATABASES"].split()
        config.option.odoo_database = databases[int(worker.removeprefix("gw"))]
    return (yield)
