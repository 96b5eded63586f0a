import pytest
from django_scopes.exceptions import ScopeError

from accounts.models import Project
from echodepth.tenancy import every_tenant, tenant
from tests.factories import ProjectFactory

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


def test_the_fence_is_left_only_as_long_as_it_is_said():
    ProjectFactory()
    ProjectFactory()

    with every_tenant():
        assert Project.objects.count() == 2
    with pytest.raises(ScopeError):
        Project.objects.first()


def test_the_fence_closes_after_a_failure_too():
    project = ProjectFactory()

    with pytest.raises(ZeroDivisionError), tenant(project.organisation_id):
        raise ZeroDivisionError
    with pytest.raises(ScopeError):
        Project.objects.count()
