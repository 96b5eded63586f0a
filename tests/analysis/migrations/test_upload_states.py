from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from echodepth.fence import raise_fence
from echodepth.postgresql.owner import as_owner, unfenced

BEFORE, NAME = "0007_parts_and_segments", "0008_upload_states"
TARGETS = [("accounts", "0006_audit_searches"), ("analysis", BEFORE)]


@pytest.fixture
def before(transactional_db):
    """The models before the migration, for their owner; afterwards all is as new again."""
    with as_owner():
        executor = MigrationExecutor(connection)
        newest = executor.loader.graph.leaf_nodes()
        executor.migrate(TARGETS)
        yield executor.loader.project_state(TARGETS).apps
        executor = MigrationExecutor(connection)
        executor.migrate(newest)
        raise_fence("default")


def test_what_was_finished_before_is_done(before):
    names = [("accounts", "Organisation"), ("accounts", "Project"), ("analysis", "Recording")]
    models = [before.get_model(*name) for name in [*names, ("analysis", "Upload")]]
    organisations, projects, recordings, uploads = (model.objects for model in models)
    with connections["default"].schema_editor() as editor, unfenced(editor, *models):
        organisation = organisations.create(name="A", slug="a")
        project = projects.create(organisation=organisation, name="P")
        recording = recordings.create(organisation=organisation, project=project, title="R", size=3)
        said = {"organisation": organisation, "project": project, "size": 3}
        said["expires_at"] = timezone.now() + timedelta(hours=1)
        done, waiting = uploads.create(recording=recording, **said), uploads.create(**said)

    with connections["default"].schema_editor() as editor:
        import_module(f"analysis.migrations.{NAME}").mark_done(before, editor)

    with connections["default"].schema_editor() as editor, unfenced(editor, *models):
        done.refresh_from_db()
        waiting.refresh_from_db()
    assert (done.state, waiting.state) == ("done", "open")
    executor = MigrationExecutor(connection)
    executor.migrate([("analysis", NAME)])
    assert ("analysis", NAME) in MigrationExecutor(connection).loader.applied_migrations
