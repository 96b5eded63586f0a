import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import OrganisationState, Role, Scope
from accounts.models import ApiToken
from echodepth.tenancy import tenant
from tests.support.api import Api, problem, token_for


@pytest.fixture
def token(analyst):
    return token_for(analyst)


def asked(header):
    return Client().get("/api/v1/organisation/", headers={"Authorization": header})


def test_a_token_is_sent_as_bearer(token, organisation):
    for header in (f"Bearer {token}", f"bearer  {token}"):
        assert asked(header).json()["id"] == str(organisation.pk)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "token_missing"),
        ("Bearer", "token_invalid"),
        ("Bearer {} x", "token_invalid"),
        ("Token {}", "token_missing"),
        ("Basic {}", "token_missing"),
        ("Bearer edt_ä", "token_invalid"),
        ("Bearer {}x", "token_invalid"),
    ],
)
def test_anything_else_opens_nothing(token, header, code):
    assert problem(asked(header.format(token))) == (401, code)


def test_a_token_in_the_address_is_not_looked_at(token):
    assert problem(Client().get(f"/api/v1/organisation/?token={token}")) == (401, "token_missing")


def test_an_expired_token_says_so(token, organisation):
    with tenant(organisation.pk):
        ApiToken.objects.update(expires_at=timezone.now())
    assert problem(Api(token).get("organisation")) == (401, "token_expired")


def test_what_changes_for_the_owner_changes_for_the_token_at_once(analyst, organisation):
    api = Api(token_for(analyst, Scope.READ, Scope.WRITE))
    assert api.post("projects", told={"name": "First"}).status_code == 201

    with tenant(organisation.pk):
        analyst.role = Role.REVIEWER
        analyst.save()
        assert problem(api.post("projects", told={"name": "Second"})) == (403, "forbidden")
        assert [one["name"] for one in api.get("projects").json()["results"]] == ["First"]
        analyst.role = Role.VIEWER
        analyst.save()
        assert problem(api.get("projects")) == (403, "forbidden")
        analyst.delete()
    assert problem(api.get("projects")) == (401, "token_invalid")


def test_a_suspended_organisation_says_so_and_a_closed_one_is_not_there(token, organisation):
    with tenant(organisation.pk):
        organisation.state = OrganisationState.SUSPENDED
        organisation.save()
    assert problem(Api(token).get("organisation")) == (403, "organisation_suspended")
    with tenant(organisation.pk):
        organisation.state = OrganisationState.CLOSED
        organisation.save()
    assert problem(Api(token).get("organisation")) == (401, "token_invalid")


def test_an_organisation_that_requires_a_second_factor_requires_it_of_the_owner(token, analyst, organisation):
    from tests.support.sign_in import second_factor

    with tenant(organisation.pk):
        organisation.require_mfa = True
        organisation.save()
    assert problem(Api(token).get("organisation")) == (403, "mfa_required")
    second_factor(analyst.user)
    assert Api(token).get("organisation").json()["id"] == str(organisation.pk)
