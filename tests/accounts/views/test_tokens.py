import re

import pytest
from django.urls import reverse

from accounts.domain import tokens
from accounts.enums import Role, Scope
from accounts.models import ApiToken
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory
from tests.support.people import actor
from tests.support.sign_in import reauthenticate, signed_in

CHOSEN = {"name": "Nightly import", "scopes": ["read", "write"], "days": "30"}


def address(organisation, name="tokens", *args):
    return reverse(name, args=[organisation.slug, *args])


def issue(membership, name="Script"):
    with tenant(membership.organisation_id):
        return tokens.issue(actor(membership), name, [Scope.READ], 30)[0]


def test_a_token_is_shown_once_and_works(analyst_client, analyst, organisation):
    reauthenticate(analyst_client)
    response = analyst_client.post(address(organisation, "token-new"), CHOSEN)
    secret = re.search(r'value="(edt_[^"]+)"', response.content.decode())[1]

    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    token, acts = tokens.use(secret)
    assert (token.name, token.scopes, acts.user) == ("Nightly import", ["read", "write"], analyst.user)
    listed = analyst_client.get(address(organisation)).content.decode()
    assert "Nightly import" in listed
    assert secret[:12] in listed
    assert secret not in listed


def test_making_one_asks_again_who_it_is(analyst_client, organisation):
    response = analyst_client.post(address(organisation, "token-new"), CHOSEN)

    assert response.status_code == 302
    assert "/account/reauthenticate/" in response["Location"]
    with tenant(organisation.pk):
        assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scopes": ["audit"]}, "Select a valid choice"),
        ({"scopes": []}, "This field is required"),
        ({"days": "366"}, "less than or equal to 365"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_a_form_that_is_wrong_makes_nothing(analyst_client, organisation, wrong, said):
    reauthenticate(analyst_client)
    response = analyst_client.post(address(organisation, "token-new"), CHOSEN | wrong)

    assert response.status_code == 400
    assert said in response.content.decode()
    with tenant(organisation.pk):
        assert not ApiToken.objects.exists()


def test_only_what_the_role_allows_is_offered(analyst_client, owner_client, organisation):
    for client in (analyst_client, owner_client):
        reauthenticate(client)
    offered = analyst_client.get(address(organisation, "token-new")).content.decode()
    assert "Upload" in offered or "upload recordings" in offered
    assert "Read the audit trail" not in offered
    assert "Read the audit trail" in owner_client.get(address(organisation, "token-new")).content.decode()


def test_viewers_have_no_tokens(viewer_client, organisation):
    assert viewer_client.get(address(organisation)).status_code == 403
    assert viewer_client.post(address(organisation, "token-new"), CHOSEN).status_code == 403
    with tenant(organisation.pk):
        assert not ApiToken.objects.exists()


def test_a_member_sees_and_revokes_their_own_alone(analyst_client, owner, analyst, organisation):
    mine, theirs = issue(analyst, "Mine"), issue(owner, "Of the owner")
    listed = analyst_client.get(address(organisation)).content.decode()
    assert "Mine" in listed
    assert "Of the owner" not in listed

    assert analyst_client.post(address(organisation, "token-revoke", theirs.pk)).status_code == 404
    assert analyst_client.post(address(organisation, "token-revoke", mine.pk)).status_code == 302
    with tenant(organisation.pk):
        assert set(ApiToken.objects.filter(revoked_at=None)) == {theirs}


def test_an_admin_revokes_everyones(organisation, analyst):
    admin = signed_in(MembershipFactory(organisation=organisation, role=Role.ADMIN).user)
    token = issue(analyst, "Of the analyst")
    assert "Of the analyst" in admin.get(address(organisation)).content.decode()

    admin.post(address(organisation, "token-revoke", token.pk))

    with tenant(organisation.pk):
        token.refresh_from_db()
    assert token.revoked_at
    assert "Revoked" in admin.get(address(organisation)).content.decode()


def test_another_tenants_token_is_not_there(owner_client, outsider, organisation):
    token = issue(outsider, "Elsewhere")
    assert "Elsewhere" not in owner_client.get(address(organisation)).content.decode()
    assert owner_client.post(address(organisation, "token-revoke", token.pk)).status_code == 404
    with tenant(outsider.organisation_id):
        token.refresh_from_db()
    assert token.revoked_at is None


def test_revoking_takes_a_post(owner_client, owner, organisation):
    token = issue(owner)
    assert owner_client.get(address(organisation, "token-revoke", token.pk)).status_code == 405
    with tenant(organisation.pk):
        token.refresh_from_db()
    assert token.revoked_at is None


def test_the_list_costs_the_same_however_many(owner_client, owner, organisation, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as seen:
            owner_client.get(address(organisation))
        return len(seen)

    issue(owner)
    cost()
    one = cost()
    for _ in range(5):
        issue(MembershipFactory(organisation=organisation, role=Role.ANALYST))
    assert cost() == one
