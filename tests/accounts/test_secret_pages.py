import pytest
from django.http import HttpResponse
from django.utils import timezone

from accounts.secret_pages import secret_page
from echodepth.errors import UserError
from echodepth.limits import Limit
from echodepth.tenancy import current_tenant
from tests.factories import ProjectFactory

TRIES = Limit("secret-page-test", 2, 60)


@pytest.fixture
def page(organisation):
    """A page that the secret `right` leads to; it tells in which scope and zone it ran."""
    kept = ProjectFactory(organisation=organisation)

    def find(secret):
        if secret != "right":
            raise UserError("link_invalid", "This link cannot be used.", status=404)
        return kept

    @secret_page(TRIES, find)
    def shown(_request, token, found):
        return HttpResponse(f"{token} {found.pk} {current_tenant()} {timezone.get_current_timezone_name()}")

    shown.kept = kept
    return shown


def test_it_runs_in_the_scope_and_zone_of_who_gave_the_link(page, rf, organisation):
    answer = page(rf.get("/"), "right")

    assert answer.content.decode() == f"right {page.kept.pk} {organisation.pk} Europe/Berlin"
    assert current_tenant() is None
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert page.login_required is False


def test_only_what_leads_nowhere_is_counted(page, rf):
    for _try in range(3):
        page(rf.get("/"), "right")
    refusals = []
    for _try in range(3):
        with pytest.raises(UserError) as refused:
            page(rf.get("/"), "wrong")
        refusals.append(refused.value.code)

    assert refusals == ["link_invalid", "link_invalid", "too_many_requests"]
    with pytest.raises(UserError, match="too_many_requests"):
        page(rf.get("/"), "right")
    page(rf.get("/", REMOTE_ADDR="192.0.2.7"), "right")
