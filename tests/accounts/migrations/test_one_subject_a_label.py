from importlib import import_module

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from echodepth.fence import raise_fence
from echodepth.postgresql.owner import as_owner, unfenced

NAME = "0002_one_subject_a_label"


@pytest.fixture
def before(transactional_db):
    """The models before the migration, for their owner; afterwards newest schema and fence are there again."""
    with as_owner():
        executor = MigrationExecutor(connection)
        newest = executor.loader.graph.leaf_nodes()
        executor.migrate([("accounts", "0001_initial")])
        yield executor.loader.project_state([("accounts", "0001_initial")]).apps
        executor = MigrationExecutor(connection)
        executor.migrate(newest)
        raise_fence("default")


def test_subjects_that_were_made_twice_are_told_apart(before):
    models = [before.get_model("accounts", name) for name in ("Organisation", "Project", "Subject")]
    organisations, projects, subjects = (model.objects for model in models)
    with connections["default"].schema_editor() as editor, unfenced(editor, *models):
        organisation = organisations.create(name="A", slug="a")
        project, other = (projects.create(organisation=organisation, name=name) for name in "PQ")
        labels = [(project, "Speaker"), (project, "speaker"), (project, "Speaker (2)"), (other, "SPEAKER")]
        made = [
            subjects.create(organisation=organisation, project=place, label=label) for place, label in labels
        ]

        import_module(f"accounts.migrations.{NAME}").tell_apart(before, editor)

        for subject in made:
            subject.refresh_from_db()
    assert [subject.label for subject in made] == ["Speaker", "speaker (2)", "Speaker (2) (2)", "SPEAKER"]
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", NAME)])
    assert ("accounts", NAME) in MigrationExecutor(connection).loader.applied_migrations
