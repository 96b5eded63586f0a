from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from echodepth.fence import raise_fence
from echodepth.postgresql.owner import as_owner, unfenced

BEFORE, NAME = "0005_woken_at", "0006_due_dates"
TARGETS = [
    ("accounts", "0009_retention_moments"),
    ("analysis", "0012_recording_media_facts"),
    ("reports", BEFORE),
]


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


def test_what_is_there_is_counted_from_its_upload_and_waits_to_be_reckoned(before):
    names = [
        *(("accounts", name) for name in ("Organisation", "Project", "Retention")),
        *(("analysis", name) for name in ("Recording", "Document", "Run")),
        ("reports", "Report"),
    ]
    models = [before.get_model(*name) for name in names]
    organisations, projects, retentions, recordings, documents, runs, reports = (
        model.objects for model in models
    )
    ready_at = timezone.now() - timedelta(days=3)
    with connections["default"].schema_editor() as editor, unfenced(editor, *models):
        organisation = organisations.create(name="A", slug="a")
        project = projects.create(organisation=organisation, name="P")
        said = {"organisation": organisation, "project": project, "size": 3}
        recording = recordings.create(title="R", **said)
        document = documents.create(title="D", **said)
        of_run = {"organisation": organisation, "recording": recording}
        scored = runs.create(result_key="a/result.json", state="done", **of_run)
        runs.create(state="failed", **of_run)
        reports.create(organisation=organisation, run=scored, state="ready", ready_at=ready_at)
        known = {"data_class": "media", "kind": "recording", "object_id": recording.pk}
        retentions.create(organisation=organisation, starts_at=ready_at, due_at=ready_at, **known)

    with connections["default"].schema_editor() as editor:
        import_module(f"reports.migrations.{NAME}").begin_counting(before, editor)

    with connections["default"].schema_editor() as editor, unfenced(editor, *models):
        rows = list(retentions.values_list("data_class", "object_id", "starts_at", "reported_at", "due_at"))
    uploaded = recording.created_at
    assert sorted(rows, key=str) == sorted(
        [
            ("media", recording.pk, ready_at, None, ready_at),
            ("documents", document.pk, document.created_at, None, None),
            ("frames", scored.pk, uploaded, None, None),
            ("findings", scored.pk, uploaded, None, None),
            ("reports", scored.pk, uploaded, ready_at, None),
        ],
        key=str,
    )
