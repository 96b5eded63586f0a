"""What PostgreSQL is told of the scope: the right one before each statement, whatever happened before."""

from contextlib import suppress
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import DatabaseError

from accounts.models import Project
from echodepth.postgresql.base import SWEEP_ROLE
from echodepth.tenancy import sweeping, tenant
from tests.factories import ProjectFactory
from tests.support.fences import without_first_fence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

A, B = uuid4(), uuid4()


def told():
    """Organisation and role as the database has them for a statement of the product's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('echodepth.organisation'), current_setting('role')")
        return cursor.fetchone()


def seen():
    with without_first_fence():
        return set(Project.objects.values_list("organisation_id", flat=True))


def fail():
    """A statement that ends the transaction it stands in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_scopes_are_told_as_they_are_entered_and_left():
    assert told() == ("", "none")
    with tenant(A):
        assert told() == (str(A), "none")
        with tenant(B):
            assert told() == (str(B), "none")
            with sweeping():
                assert told() == ("", SWEEP_ROLE)
                with tenant(A):
                    assert told() == (str(A), "none")
            assert told() == (str(B), "none")
        assert told() == (str(A), "none")
    assert told() == ("", "none")


def test_the_scope_of_an_inner_block_does_not_outlive_it():
    """As SET LOCAL would, until the transaction ends."""
    with transaction.atomic(), tenant(A):
        told()
        with tenant(B), transaction.atomic():
            assert told() == (str(B), "none")
        assert told() == (str(A), "none")


@pytest.mark.parametrize("outer", [None, A])
def test_a_rolled_back_savepoint_takes_no_scope_with_it(outer):
    with transaction.atomic():
        if outer:
            with tenant(outer):
                told()
        with tenant(B):
            with suppress(ZeroDivisionError), transaction.atomic():
                assert told() == (str(B), "none")
                raise ZeroDivisionError
            assert told() == (str(B), "none")
        assert told() == ("", "none")


def test_a_rolled_back_transaction_takes_no_scope_with_it():
    with tenant(A):
        told()
    with tenant(B):
        with suppress(ZeroDivisionError), transaction.atomic():
            told()
            raise ZeroDivisionError
        assert told() == (str(B), "none")
    assert told() == ("", "none")


def test_a_failed_transaction_takes_no_scope_with_it():
    with tenant(A):
        told()
    with tenant(B):
        with suppress(DatabaseError), transaction.atomic():
            told()
            fail()
        assert told() == (str(B), "none")


def test_a_failure_that_was_swallowed_makes_the_commit_a_rollback():
    """PostgreSQL then goes back to what it was told before the transaction, without a word."""
    with tenant(A):
        told()
        with transaction.atomic(), tenant(B):
            told()
            with suppress(DatabaseError):
                fail()
        assert told() == (str(A), "none")
        with tenant(B):
            assert told() == (str(B), "none")


def test_a_sweep_that_fails_leaves_no_role_behind():
    with suppress(DatabaseError), sweeping(), transaction.atomic():
        assert told() == ("", SWEEP_ROLE)
        fail()
    assert told() == ("", "none")
    with tenant(A):
        assert told() == (str(A), "none")


def test_rows_follow_the_scope_through_failures():
    ours, theirs = ProjectFactory(), ProjectFactory()

    with tenant(ours.organisation_id):
        assert seen() == {ours.organisation_id}
        with suppress(IntegrityError), transaction.atomic(), tenant(theirs.organisation_id):
            assert seen() == {theirs.organisation_id}
            raise IntegrityError
        assert seen() == {ours.organisation_id}
    assert seen() == set()


def test_a_new_connection_is_told_anew():
    project = ProjectFactory()

    with tenant(project.organisation_id):
        assert seen() == {project.organisation_id}
        connection.close()
        assert seen() == {project.organisation_id}
    connection.close()
    assert seen() == set()


def test_another_thread_has_a_connection_without_a_scope():
    project = ProjectFactory()
    found = []

    def look():
        found.append(seen())
        with tenant(project.organisation_id):
            found.append(seen())
        connections.close_all()

    with tenant(project.organisation_id):
        told()
        thread = Thread(target=look)
        thread.start()
        thread.join()
        assert seen() == {project.organisation_id}
    assert found == [set(), {project.organisation_id}]


def test_a_cursor_that_is_read_on_gives_nothing_of_the_next_scope():
    ours, theirs = ProjectFactory(), ProjectFactory()
    ProjectFactory(organisation=ours.organisation)

    with transaction.atomic():
        with tenant(ours.organisation_id):
            rows = Project.objects.values_list("organisation_id", flat=True).iterator(chunk_size=1)
            assert next(rows) == ours.organisation_id
        with tenant(theirs.organisation_id):
            assert theirs.organisation_id not in set(rows)
