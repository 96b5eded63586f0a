import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django_scopes.exceptions import ScopeError

from accounts.domain.sso import session
from accounts.enums import PlatformRole
from accounts.models import Organisation
from accounts.platform_http import ANY_STAFF, platform_view
from tests.factories import OrganisationFactory, UserFactory


def page(request):
    return HttpResponse("here")


def ask(role, *roles, facts=None):
    request = RequestFactory().get("/")
    request.user = UserFactory(platform_role=role)
    request.session = facts or {}
    return platform_view(*roles)(page)(request)


@pytest.mark.parametrize("role", ANY_STAFF)
def test_people_of_the_platform_come_in(db, role):
    answer = ask(role, *ANY_STAFF)

    assert answer.content == b"here"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("role", [PlatformRole.NONE, PlatformRole.SALES, PlatformRole.SUPPORT])
def test_for_everybody_else_there_is_no_page(db, role):
    with pytest.raises(Http404):
        ask(role, PlatformRole.ADMIN)


def test_the_pages_about_organisations_are_not_there_for_the_sales_desk(db):
    with pytest.raises(Http404):
        ask(PlatformRole.SALES, *ANY_STAFF)


def test_without_roles_it_is_nobodys(db):
    with pytest.raises(Http404):
        ask(PlatformRole.ADMIN)
    with pytest.raises(Http404):
        ask(PlatformRole.NONE, *ANY_STAFF)


def test_no_organisations_provider_vouches_for_the_platform(db):
    organisation = OrganisationFactory()
    facts = {session.ORGANISATION: str(organisation.pk), session.PROVIDER: str(organisation.pk)}

    with pytest.raises(Http404):
        ask(PlatformRole.ADMIN, *ANY_STAFF, facts=facts)


def test_a_page_reads_no_tenants_rows(db):
    @platform_view(*ANY_STAFF)
    def curious(_request):
        return HttpResponse(str(Organisation.objects.count()))

    request = RequestFactory().get("/")
    request.user, request.session = UserFactory(platform_role=PlatformRole.ADMIN), {}
    with pytest.raises(ScopeError):
        curious(request)
