"""How `./test` runs pytest: loaded with `-p tests.support.suite`, told what to do by two variables.

ECHODEPTH_TEST_SCOPE=database keeps the tests that use the database, for the second round on SQLite.
ECHODEPTH_CI=1 turns a skip into a failure, unless its reason is that shared/ is absent.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from xdist.scheduler import LoadScopeScheduling

ALLOWED_SKIP = "shared/ is absent"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
ONCE_FIXTURES = {"page", "browser", "worlds"}
"""Of tests that take long and are about pages: one round is enough, on PostgreSQL where there is one."""


def uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return (marked or bool(fixtures & DATABASE_FIXTURES)) and not fixtures & ONCE_FIXTURES


def split(items: Iterable[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        (kept if uses_database(item) else left).append(item)
    return kept, left


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why something was skipped: the words given to `pytest.skip` or to the marker."""
    longrepr = report.longrepr
    text = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("ECHODEPTH_TEST_SCOPE") != "database":
        return
    items[:], left = split(items)
    config.hook.pytest_deselected(items=left)


STORAGE = "tests/echodepth/storage/"
"""Its tests share a Ceph cluster, of which one is enough for a machine."""


class ByFile(LoadScopeScheduling):
    """With `-n`, a file's tests run in one process, and so do all that share what is dear to start."""

    def _split_scope(self, nodeid: str) -> str:
        return STORAGE if nodeid.startswith(STORAGE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


class SkipGate:
    """Remembers every skip that continuous integration does not allow, and fails the session for it."""

    def __init__(self) -> None:
        self.forbidden: list[str] = []

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and reason(report) != ALLOWED_SKIP:
            self.forbidden.append(f"{report.nodeid}: {reason(report)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.note(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.forbidden and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.forbidden:
            terminalreporter.section("skipped, which is not allowed here", red=True)
            for line in self.forbidden:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("ECHODEPTH_CI"):
        config.pluginmanager.register(SkipGate(), "echodepth-skip-gate")
