from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

NAME = "0002_one_subject_a_label"


@pytest.fixture
def before(transactional_db):
    """The models before the migration; afterwards the newest schema is there again."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate([("accounts", "0001_initial")])
    yield executor.loader.project_state([("accounts", "0001_initial")]).apps
    executor.loader.build_graph()
    executor.migrate(newest)


def test_subjects_that_were_made_twice_are_told_apart(before):
    organisation = before.get_model("accounts", "Organisation").objects.create(name="A", slug="a")
    project, other = (
        before.get_model("accounts", "Project").objects.create(organisation=organisation, name=name)
        for name in "PQ"
    )
    subjects = before.get_model("accounts", "Subject").objects
    labels = [(project, "Speaker"), (project, "speaker"), (project, "Speaker (2)"), (other, "SPEAKER")]
    made = [
        subjects.create(organisation=organisation, project=place, label=label) for place, label in labels
    ]

    import_module(f"accounts.migrations.{NAME}").tell_apart(before, connection.schema_editor())

    for subject in made:
        subject.refresh_from_db()
    assert [subject.label for subject in made] == ["Speaker", "speaker (2)", "Speaker (2) (2)", "SPEAKER"]
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", NAME)])
    assert ("accounts", NAME) in MigrationExecutor(connection).loader.applied_migrations
