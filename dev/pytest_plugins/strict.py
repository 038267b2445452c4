"""pytest plugin: no test is skipped, and no error is logged, without the run failing.

pytest-odoo runs Odoo's tests but drops what Odoo's own runner watches besides: errors in the
server's log. And a test that is skipped (say, without a browser) proves nothing.
"""

import logging

import pytest


class ErrorLog(logging.Handler):
    """Keeps the errors logged while a test runs, by whichever thread."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(record)

    def take(self):
        """The errors since the last call, as text."""
        formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
        records, self.records = self.records, []
        return [formatter.format(record) for record in records]


class Strict:
    def __init__(self):
        self.errors = ErrorLog()
        self.skipped = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        # Odoo resets the handlers when it loads its configuration, so look each time.
        root = logging.getLogger()
        if self.errors not in root.handlers:
            root.addHandler(self.errors)
        self.errors.take()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self):
        result = yield
        self._check()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self):
        result = yield
        self._check()
        return result

    def _check(self):
        if errors := self.errors.take():
            pytest.fail("Errors in the server's log:\n" + "\n".join(errors), pytrace=False)

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            self.skipped.append(f"{report.nodeid}: {reason}")

    def pytest_collectreport(self, report):
        if report.skipped:
            self.skipped.append(f"{report.nodeid}: {report.longrepr}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.skipped:
            terminalreporter.section("skipped tests count as failed", red=True)
            for line in self.skipped:
                terminalreporter.line(line)


def pytest_configure(config):
    config.pluginmanager.register(Strict(), "strict-checks")
