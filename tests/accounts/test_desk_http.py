import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django_scopes.exceptions import ScopeError

from accounts.desk_http import desk_view
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.models import Project
from accounts.permissions import Action
from echodepth.errors import UserError
from tests.factories import MembershipFactory, OrganisationFactory, ProjectFactory, UserFactory
from tests.support.sign_in import prove_second_factor, second_factor, signed_in
from tests.support.staff import at_work, platform_person


@pytest.fixture
def desk(db):
    return OrganisationFactory(slug="samples", is_desk=True)


def page(request, number=0):
    names = ", ".join(Project.objects.values_list("name", flat=True))
    return HttpResponse(f"{request.organisation.slug}: {names} {number}")


def asked_by(user, session=None):
    request = RequestFactory().get("/desk/")
    request.user, request.session = user, session if session is not None else {}
    return request


def ask(user, action=Action.VIEW, session=None, **parts):
    return desk_view(action)(page)(asked_by(user, session), **parts).content.decode()


@pytest.mark.parametrize("role", [PlatformRole.SALES, PlatformRole.ADMIN])
def test_the_desks_people_are_in_its_organisation(desk, organisation, role):
    ProjectFactory(organisation=desk, name="S-1")
    ProjectFactory(organisation=organisation, name="A customer's")
    user = platform_person(role)

    assert ask(user, session=at_work(user).session, number=7) == "samples: S-1 7"


def test_for_everybody_else_the_page_is_not_there(desk, owner):
    of_the_desk = MembershipFactory(organisation=desk, role=Role.OWNER).user
    support = platform_person(PlatformRole.SUPPORT)

    for user in (AnonymousUser(), owner.user, of_the_desk, support):
        with pytest.raises(Http404):
            ask(user)


@pytest.mark.parametrize("state", [None, OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_without_a_desk_there_is_no_page(organisation, state):
    if state:
        OrganisationFactory(slug="samples", is_desk=True, state=state)

    with pytest.raises(Http404):
        ask(platform_person(PlatformRole.SALES))


def test_a_password_alone_does_not_open_it(desk):
    user = platform_person(PlatformRole.SALES)
    client = signed_in(user)
    with pytest.raises(UserError) as caught:
        ask(user, session=client.session)
    assert caught.value.code == "mfa_required"

    second_factor(user)
    prove_second_factor(client)
    assert ask(user, session=client.session).startswith("samples:")


def test_no_organisations_provider_vouches_for_the_desk(desk, organisation):
    user = platform_person(PlatformRole.SALES)
    session = at_work(user).session
    session["sso_organisation"] = session["sso_provider"] = str(organisation.pk)

    with pytest.raises(Http404):
        ask(user, session=session)


def test_what_a_role_may_not_do_is_refused_before_the_body_is_read(desk):
    user = platform_person(PlatformRole.SALES)
    session = at_work(user).session
    view = desk_view(Action.VIEW_AUDIT)(page)

    for asked in (view, view.gate):
        with pytest.raises(PermissionDenied):
            asked(asked_by(user, session))
    assert view.action == Action.VIEW_AUDIT
    with pytest.raises(Http404):
        view.gate(asked_by(UserFactory()))


def test_the_scope_ends_with_the_page(desk):
    project = ProjectFactory(organisation=desk, name="S-1")
    user = platform_person(PlatformRole.SALES)

    assert "S-1" in ask(user, session=at_work(user).session)

    with pytest.raises(ScopeError):
        Project.objects.filter(pk=project.pk).exists()
