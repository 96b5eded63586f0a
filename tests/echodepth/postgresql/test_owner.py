from contextlib import suppress

import pytest
from django.db import DatabaseError, connection

from accounts.models import Project
from echodepth.postgresql.owner import as_owner, is_owner, unfenced
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory
from tests.support.fences import without_first_fence
from tests.support.tenants import every


def who():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'accounts_project'"
        )
        return cursor.fetchone()


def is_forced():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'accounts_project'")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_where_no_owner_is_set_nothing_changes(settings):
    settings.OWNER_DATABASE = {}
    usual = connection.settings_dict

    with as_owner():
        assert connection.settings_dict is usual
        assert not is_owner()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_owner_takes_over_and_hands_back():
    application, owner = who()
    assert application != owner
    assert not is_owner()

    with suppress(ZeroDivisionError), as_owner():
        assert who() == (owner, owner)
        assert is_owner()
        raise ZeroDivisionError

    assert who() == (application, owner)
    assert not is_owner()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_owner_stands_behind_the_fence_too():
    ours, theirs = ProjectFactory(), ProjectFactory()

    with as_owner(), without_first_fence():
        assert Project.objects.count() == 0
        with tenant(ours.organisation_id), without_first_fence():
            assert list(Project.objects.all()) == [ours]
            assert not Project.objects.filter(pk=theirs.pk).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_data_migration_reaches_every_tenant_and_puts_the_fence_back():
    ProjectFactory(), ProjectFactory()

    with as_owner(), without_first_fence(), connection.schema_editor() as editor:
        with unfenced(editor, Project):
            assert Project.objects.update(description="told anew") == 2
        assert Project.objects.count() == 0

    assert is_forced()
    assert [project.description for project in every(Project)] == ["told anew"] * 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_data_migration_that_fails_leaves_the_fence_up():
    ProjectFactory()

    with (
        pytest.raises(DatabaseError),
        as_owner(),
        connection.schema_editor() as editor,
        unfenced(editor, Project),
    ):
        editor.execute("SELECT 1 / 0")

    assert is_forced()


@pytest.mark.django_db(transaction=True)
def test_where_there_is_no_second_fence_a_data_migration_works_all_the_same():
    ProjectFactory()

    with as_owner(), without_first_fence(), connection.schema_editor() as editor, unfenced(editor, Project):
        assert Project.objects.update(description="told anew") == 1
