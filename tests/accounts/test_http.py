import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone
from django_scopes.exceptions import ScopeError

from accounts.enums import Role
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Membership, Organisation, Project
from tests.factories import MembershipFactory, OrganisationFactory, ProjectFactory


@organisation_view(Role.ANALYST)
def names(request: OrganisationRequest, word: str) -> HttpResponse:
    found = ",".join(project.name for project in Project.objects.all())
    return HttpResponse(f"{word} {found} {timezone.get_current_timezone_name()} {request.can.upload}")


def ask(user, slug: str, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    request.user = user
    return names(request, word="has", organisation_slug=slug)


def test_view_sees_its_own_organisation_only(analyst: Membership) -> None:
    ProjectFactory(organisation=analyst.organisation, name="Ours")
    ProjectFactory(name="Theirs")
    assert ask(analyst.user, "harbour").content == b"has Ours Europe/Berlin True"
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


def test_lower_role_is_forbidden(viewer: Membership) -> None:
    with pytest.raises(PermissionDenied):
        ask(viewer.user, "harbour")


def test_a_signed_out_person_is_no_member(organisation: Organisation) -> None:
    with pytest.raises(Http404):
        ask(AnonymousUser(), "harbour")


@pytest.mark.parametrize(("role", "refusal"), [(Role.VIEWER, PermissionDenied), (None, Http404)])
def test_the_gate_refuses_whom_the_view_refuses(
    organisation: Organisation, rf: RequestFactory, role: Role | None, refusal: type[Exception]
) -> None:
    request = rf.get("/")
    other = {"organisation": organisation, "role": role} if role else {}
    request.user = MembershipFactory(**other).user

    with pytest.raises(refusal):
        names.gate(request, word="has", organisation_slug="harbour")


def test_the_gate_lets_in_whom_the_view_lets_in(analyst: Membership, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = analyst.user

    assert names.gate(request, word="has", organisation_slug="harbour") is None
    assert request.membership == analyst


def test_template_is_rendered_inside_the_scope(analyst: Membership, rf: RequestFactory) -> None:
    ProjectFactory(organisation=analyst.organisation, name="Lazy")

    def count(response: TemplateResponse) -> None:
        response.headers["count"] = str(Project.objects.count())

    @organisation_view()
    def lazy(request: HttpRequest) -> TemplateResponse:
        response = TemplateResponse(request, "accounts/organisations.html", {"places": []})
        response.add_post_render_callback(count)
        return response

    request = rf.get("/")
    request.user = analyst.user
    assert lazy(request, organisation_slug="harbour").headers["count"] == "1"


def test_pages_are_kept_by_no_cache_unless_the_view_says_so(analyst: Membership, rf: RequestFactory) -> None:
    @organisation_view()
    def picture(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "private, max-age=60"})

    request = rf.get("/")
    request.user = analyst.user
    assert picture(request, organisation_slug="harbour").headers["Cache-Control"] == "private, max-age=60"
    assert "no-store" in ask(analyst.user, "harbour").headers["Cache-Control"]
