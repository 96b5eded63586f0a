from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import tokens
from accounts.domain.tokens import TokenError, Unusable
from accounts.enums import OrganisationState, PlatformRole, Role, Scope
from accounts.models import ApiToken, AuditRecord, StaffSession
from accounts.permissions import Permissions
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, UserFactory
from tests.support.people import actor


def issue(membership, *scopes, days=30, name="Script"):
    with tenant(membership.organisation_id):
        return tokens.issue(actor(membership), name, list(scopes or [Scope.READ]), days)


def why(secret):
    with pytest.raises(TokenError) as refused:
        tokens.use(secret)
    return refused.value.why


def test_a_token_is_kept_as_a_hash_alone(analyst):
    token, secret = issue(analyst, Scope.READ, Scope.WRITE)
    with tenant(analyst.organisation_id):
        kept = ApiToken.objects.values().get()
    assert secret.startswith("edt_")
    assert len(secret) > 40
    assert secret not in str(kept)
    assert kept["token_hash"] == tokens.digest(secret)
    assert kept["prefix"] == secret[:12]
    assert kept["scopes"] == ["read", "write"]
    assert token.expires_at - token.created_at == pytest.approx(timedelta(days=30), abs=timedelta(minutes=1))
    assert issue(analyst)[1] != secret


def test_making_and_revoking_stand_in_the_trail_without_the_token(analyst):
    token, secret = issue(analyst)
    with tenant(analyst.organisation_id):
        tokens.revoke(token)
        tokens.revoke(token)
        lines = list(AuditRecord.objects.order_by("number").values())
    assert [(line["action"], line["target"]) for line in lines] == [
        ("token.created", str(token.pk)),
        ("token.revoked", str(token.pk)),
    ]
    assert secret not in str(lines)


def test_using_a_token_gives_its_owner_as_they_are_now(analyst):
    token, secret = issue(analyst)
    used, acts = tokens.use(secret)
    assert (used, acts.user, acts.organisation) == (token, analyst.user, analyst.organisation)
    assert (acts.token_id, acts.membership, acts.staff_session) == (token.pk, analyst, None)
    assert acts.can == Permissions(Role.ANALYST)

    analyst.role = Role.VIEWER
    with tenant(analyst.organisation_id):
        analyst.save()

    assert tokens.use(secret)[1].can == Permissions(Role.VIEWER)


def test_use_is_noted_to_the_minute(analyst, django_assert_num_queries):
    token, secret = issue(analyst)
    tokens.use(secret)
    with tenant(analyst.organisation_id):
        token.refresh_from_db()
    assert token.last_used_at == timezone.now().replace(second=0, microsecond=0)


def removed(membership, token):
    membership.delete()


def deactivated(membership, token):
    membership.user.is_active = False
    membership.user.save()


def closed(membership, token):
    membership.organisation.state = OrganisationState.CLOSED
    membership.organisation.save()


def revoked(membership, token):
    tokens.revoke(token)


@pytest.mark.parametrize("change", [removed, deactivated, closed, revoked])
def test_a_token_opens_nothing_at_once_when(change, analyst):
    token, secret = issue(analyst)
    tokens.use(secret)
    with tenant(analyst.organisation_id):
        change(analyst, token)

    assert why(secret) == Unusable.UNKNOWN


def test_a_token_expires(analyst):
    token, secret = issue(analyst)
    with tenant(analyst.organisation_id):
        ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())

    assert why(secret) == Unusable.EXPIRED


@pytest.mark.parametrize("secret", ["", "edt_", "edt_unknown", "Bearer", "edt_\xe4", "x" * 5000])
def test_what_is_no_token_opens_nothing(analyst, secret):
    issue(analyst)
    assert why(secret) == Unusable.UNKNOWN


def test_nothing_but_the_whole_token_opens(analyst):
    _token, secret = issue(analyst)
    assert why(secret[:-1]) == why(secret + "x") == why(secret.upper()) == Unusable.UNKNOWN
    assert why(tokens.digest(secret)) == Unusable.UNKNOWN


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (Role.OWNER, list(Scope)),
        (Role.ADMIN, list(Scope)),
        (Role.ANALYST, [Scope.READ, Scope.WRITE, Scope.DELETE]),
        (Role.REVIEWER, [Scope.READ]),
    ],
)
def test_scopes_are_offered_by_role(organisation, role, scopes):
    member = MembershipFactory(organisation=organisation, role=role)
    assert tokens.scopes_for(Permissions(role)) == scopes
    for scope in set(Scope) - set(scopes):
        with pytest.raises(UserError) as refused:
            issue(member, scope)
        assert refused.value.code == "scope_not_allowed"
    with tenant(organisation.pk):
        assert not ApiToken.objects.exists()


def test_a_token_has_a_scope_and_a_term(analyst):
    with tenant(analyst.organisation_id):
        with pytest.raises(UserError):
            tokens.issue(actor(analyst), "x", [], 30)
        for days in (0, 366):
            with pytest.raises(ValueError, match=str(days)):
                tokens.issue(actor(analyst), "x", [Scope.READ], days)


def test_a_member_has_so_many_tokens_and_no_more(analyst, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    first, _secret = issue(analyst)
    issue(analyst)
    with pytest.raises(UserError) as refused:
        issue(analyst)
    assert refused.value.code == "too_many_tokens"
    with tenant(analyst.organisation_id):
        tokens.revoke(first)
    assert issue(analyst)


def test_platform_staff_have_no_tokens_of_an_organisation(organisation):
    from accounts.actor import Actor

    person = UserFactory(platform_role=PlatformRole.ADMIN)
    with tenant(organisation.pk):
        session = StaffSession.objects.create(
            organisation=organisation, user=person, reason="help", ends_at=timezone.now() + timedelta(hours=1)
        )
        acts = Actor(person, organisation, Permissions(PlatformRole.ADMIN), staff_session=session)
        with pytest.raises(UserError) as refused:
            tokens.issue(acts, "x", [Scope.READ], 1)
    assert refused.value.code == "members_only"


def test_members_see_their_own_tokens_and_managers_all(owner, analyst, outsider):
    theirs, _secret = issue(analyst)
    mine, _secret = issue(owner)
    issue(outsider)
    with tenant(owner.organisation_id):
        assert list(tokens.seen_by(actor(analyst))) == [theirs]
        assert set(tokens.seen_by(actor(owner))) == {mine, theirs}
