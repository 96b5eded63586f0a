from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django_scopes.exceptions import ScopeError

from accounts.models import Project
from analysis.models import Run
from echodepth.tenancy import current_tenant, is_sweeping, sweeping, tenant
from tests.factories import ProjectFactory, RunFactory
from tests.support.fences import without_first_fence

pytestmark = pytest.mark.django_db


def test_a_tenant_sees_its_own_and_the_fence_closes_behind_it():
    ours, theirs = ProjectFactory(), ProjectFactory()

    with tenant(ours.organisation_id):
        assert list(Project.objects.all()) == [ours]
        with tenant(theirs.organisation_id):
            assert list(Project.objects.all()) == [theirs]
        assert list(Project.objects.all()) == [ours]
    with pytest.raises(ScopeError):
        Project.objects.count()


def test_where_the_first_fence_is_taken_away_the_second_is_all_there_is():
    ProjectFactory()
    ProjectFactory()

    with without_first_fence():
        assert Project.objects.count() == (0 if connection.vendor == "postgresql" else 2)
    with pytest.raises(ScopeError):
        Project.objects.first()


@pytest.mark.parametrize("nobody", [None, "", "acme", 7])
def test_a_scope_is_an_organisations_id_and_nothing_less(nobody):
    with pytest.raises(TypeError), tenant(nobody):
        Project.objects.count()


def test_the_tenant_in_scope_can_be_asked_for():
    outer, inner = uuid4(), uuid4()

    assert current_tenant() is None
    with tenant(outer):
        with tenant(inner):
            assert current_tenant() == inner
        assert current_tenant() == outer
    assert current_tenant() is None


def test_a_sweep_reads_what_is_due_of_every_organisation():
    runs = [RunFactory(), RunFactory()]

    with sweeping():
        assert is_sweeping()
        found = set(Run.objects.order_by().values_list("organisation_id", "pk"))
    assert found == {(run.organisation_id, run.pk) for run in runs}
    assert not is_sweeping()
    with pytest.raises(ScopeError):
        Run.objects.count()


def test_dealing_with_what_is_due_inside_its_scope_is_no_sweep_any_more():
    run, other = RunFactory(), RunFactory()

    with sweeping(), tenant(run.organisation_id):
        assert not is_sweeping()
        assert list(Run.objects.all()) == [run]
        assert Run.objects.filter(pk=run.pk).update(woken_at=None) == 1
        assert not Run.objects.filter(pk=other.pk).exists()


def test_a_thread_begins_without_a_scope():
    seen = []

    with tenant(uuid4()):
        thread = Thread(target=lambda: seen.append(current_tenant()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_the_fence_closes_after_a_failure_too():
    project = ProjectFactory()

    with pytest.raises(ZeroDivisionError), tenant(project.organisation_id):
        raise ZeroDivisionError
    with pytest.raises(ScopeError):
        Project.objects.count()
