from importlib import import_module

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from analysis.enums import RunState
from echodepth.postgresql.owner import as_owner
from tests.factories import RunFactory
from tests.support.tenants import fresh

NAME = "0014_runs_before_declarations"


@pytest.fixture
def upgraded(transactional_db):
    """What the migration does with rows that are there."""

    def upgrade():
        with as_owner():
            apps = MigrationExecutor(connections["default"]).loader.project_state([("analysis", NAME)]).apps
            with connections["default"].schema_editor() as editor:
                import_module(f"analysis.migrations.{NAME}").stop(apps, editor)

    return upgrade


def test_what_was_under_way_before_uses_were_declared_waits_for_a_declaration(upgraded):
    before = RunFactory(declaration=None, state=RunState.ANALYSING)
    over = RunFactory(declaration=None, state=RunState.DONE)
    declared = RunFactory(state=RunState.ANALYSING)

    upgraded()

    assert [fresh(run).state for run in (before, over, declared)] == ["cancelled", "done", "analysing"]
    assert fresh(before).tidy_at is not None
    wanted = [fresh(run.recording).analysis_wanted for run in (before, over, declared)]
    assert wanted == [True, False, False]
