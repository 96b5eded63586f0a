import time

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone
from django_scopes.exceptions import ScopeError

from accounts.actor import current_actor
from accounts.enums import OrganisationState, Role
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.models import Membership, Organisation, Project, User
from accounts.permissions import Action
from echodepth.errors import UserError
from tests.factories import MembershipFactory, OrganisationFactory, ProjectFactory
from tests.support.tenants import save


@organisation_view(Action.UPLOAD)
def names(request: OrganisationRequest, word: str) -> HttpResponse:
    found = ",".join(project.name for project in Project.objects.all())
    assert current_actor() is request.actor
    return HttpResponse(f"{word} {found} {timezone.get_current_timezone_name()} {request.can.upload}")


def asking(user) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user, request.session = user, SessionStore()
    return request


def ask(user, slug: str) -> HttpResponse:
    return names(asking(user), word="has", organisation_slug=slug)


def test_view_sees_its_own_organisation_only(analyst: Membership) -> None:
    ProjectFactory(organisation=analyst.organisation, name="Ours")
    ProjectFactory(name="Theirs")
    assert ask(analyst.user, "harbour").content == b"has Ours Europe/Berlin True"
    assert current_actor() is None
    with pytest.raises(ScopeError):
        Project.objects.count()


def test_outsider_and_missing_organisation_get_the_same_answer(analyst: Membership) -> None:
    OrganisationFactory(slug="elsewhere")
    answers = []
    for slug in ("elsewhere", "nowhere"):
        with pytest.raises(Http404) as caught:
            ask(analyst.user, slug)
        answers.append(str(caught.value))
    assert answers[0] == answers[1]


def test_a_role_without_the_permission_is_forbidden(viewer: Membership) -> None:
    with pytest.raises(PermissionDenied):
        ask(viewer.user, "harbour")


def test_a_signed_out_person_is_no_member(organisation: Organisation) -> None:
    with pytest.raises(Http404):
        ask(AnonymousUser(), "harbour")


def test_nobody_enters_a_suspended_organisation(analyst: Membership) -> None:
    save(analyst.organisation, state=OrganisationState.SUSPENDED)

    with pytest.raises(UserError) as caught:
        ask(analyst.user, "harbour")
    assert caught.value.code == "organisation_suspended"


@pytest.mark.parametrize(("role", "refusal"), [(Role.VIEWER, PermissionDenied), (None, Http404)])
def test_the_gate_refuses_whom_the_view_refuses(
    organisation: Organisation, role: Role | None, refusal: type[Exception]
) -> None:
    other = {"organisation": organisation, "role": role} if role else {}
    request = asking(MembershipFactory(**other).user)

    with pytest.raises(refusal):
        names.gate(request, word="has", organisation_slug="harbour")


def test_the_gate_lets_in_whom_the_view_lets_in(analyst: Membership) -> None:
    request = asking(analyst.user)

    assert names.gate(request, word="has", organisation_slug="harbour") is None
    assert request.actor.membership == analyst


def test_a_view_tells_which_action_it_needs() -> None:
    assert names.action == Action.UPLOAD


def test_template_is_rendered_inside_the_scope(analyst: Membership) -> None:
    ProjectFactory(organisation=analyst.organisation, name="Lazy")

    def count(response: TemplateResponse) -> None:
        response.headers["count"] = str(Project.objects.count())

    @organisation_view()
    def lazy(request: HttpRequest) -> TemplateResponse:
        response = TemplateResponse(request, "accounts/organisations.html", {"places": []})
        response.add_post_render_callback(count)
        return response

    assert lazy(asking(analyst.user), organisation_slug="harbour").headers["count"] == "1"


def test_pages_are_kept_by_no_cache_unless_the_view_says_so(analyst: Membership) -> None:
    @organisation_view()
    def picture(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "private, max-age=60"})

    answer = picture(asking(analyst.user), organisation_slug="harbour")
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "no-store" in ask(analyst.user, "harbour").headers["Cache-Control"]


@recently_authenticated
def dangerous(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@recently_authenticated(resume=False)
def with_secret(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def proven(user: User, seconds_ago: float = 0, **facts: object) -> HttpRequest:
    """A request in whose session the person proved at that time that it is them."""
    request = asking(user)
    record = {"at": time.time() - seconds_ago, "method": "password", "reauthenticated": True} | facts
    request.session["account_authentication_methods_user"] = str(user.pk)
    request.session["account_authentication_methods"] = [record]
    return request


def test_what_is_dangerous_is_done_for_who_proved_it_a_moment_ago(analyst: Membership) -> None:
    assert dangerous(proven(analyst.user)).content == b"done"
    assert with_secret(proven(analyst.user)).content == b"done"


@pytest.mark.parametrize(
    "facts", [{"seconds_ago": 15 * 60 + 1}, {"reauthenticated": False}, {"method": "sso", "seconds_ago": 901}]
)
def test_who_proved_it_long_ago_or_only_signed_in_is_asked(analyst: Membership, facts: dict) -> None:
    with pytest.raises(ReauthenticationRequired):
        dangerous(proven(analyst.user, **facts))

    answer = with_secret(proven(analyst.user, **facts))
    assert answer.headers["Location"] == "/account/reauthenticate/?next=%2F"


def test_a_script_is_told_instead_of_sent(analyst: Membership) -> None:
    request = asking(analyst.user)
    request.META["HTTP_ACCEPT"] = "application/json"

    with pytest.raises(UserError) as caught:
        dangerous(request)

    assert (caught.value.code, caught.value.status) == ("reauthentication_required", 403)


def test_a_session_of_single_sign_on_is_asked_at_its_provider(analyst: Membership) -> None:
    by_password = proven(analyst.user)
    by_provider = proven(analyst.user, method="sso")
    for request in (by_password, by_provider):
        request.session["sso_provider"] = "a provider"

    assert dangerous(by_password).headers["Location"] == "/sso/again/?next=%2F"
    assert dangerous(by_provider).content == b"done"
