import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore

from accounts.actor import Actor
from accounts.domain.entry import check_entry, check_open, check_token_entry
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.permissions import Permissions
from echodepth.errors import UserError
from tests.factories import (
    IdentityFactory,
    IdentityProviderFactory,
    MembershipFactory,
    OrganisationFactory,
    StaffSessionFactory,
    UserFactory,
)
from tests.support.people import actor
from tests.support.sign_in import prove_second_factor, second_factor, signed_in
from tests.support.tenants import save


@pytest.fixture
def strict(analyst):
    """A member of an organisation that requires a second factor."""
    save(analyst.organisation, require_mfa=True)
    return analyst


def session_of(client, rf, **facts):
    request = rf.get("/o/harbour/projects/")
    request.session = client.session if client else SessionStore()
    request.session.update(facts)
    return request


def refusal(check, *facts):
    with pytest.raises(UserError) as caught:
        check(*facts)
    return caught.value


def test_a_suspended_organisation_lets_nobody_in_and_says_why(analyst, rf):
    save(analyst.organisation, state=OrganisationState.SUSPENDED, state_reason="Unpaid since May.")
    request = session_of(signed_in(analyst.user), rf)

    for check, facts in (
        (check_entry, (request, actor(analyst))),
        (check_token_entry, (actor(analyst),)),
        (check_open, (analyst.organisation,)),
    ):
        error = refusal(check, *facts)
        assert (error.code, error.status) == ("organisation_suspended", 403)
        assert "Unpaid since May." in str(error.sentence)


def test_without_the_requirement_a_password_is_enough(analyst, rf):
    check_entry(session_of(signed_in(analyst.user), rf), actor(analyst))
    check_token_entry(actor(analyst))


def test_a_member_without_a_second_factor_is_led_to_set_one_up(strict, rf):
    error = refusal(check_entry, session_of(signed_in(strict.user), rf), actor(strict))

    assert (error.code, error.status) == ("mfa_required", 403)
    assert error.way.url == "/account/security/"


def test_a_session_that_was_opened_without_it_is_led_to_confirm(strict, rf):
    second_factor(strict.user)

    error = refusal(check_entry, session_of(signed_in(strict.user), rf), actor(strict))

    assert error.code == "mfa_required"
    assert error.way.url == "/account/2fa/reauthenticate/?next=%2Fo%2Fharbour%2Fprojects%2F"


def test_a_session_that_was_proven_by_it_enters(strict, rf):
    second_factor(strict.user)
    client = signed_in(strict.user)
    prove_second_factor(client)

    check_entry(session_of(client, rf), actor(strict))


def test_somebody_elses_proof_in_the_session_is_none(strict, rf):
    second_factor(strict.user)
    client = signed_in(UserFactory())
    prove_second_factor(client)

    assert refusal(check_entry, session_of(client, rf), actor(strict)).code == "mfa_required"


def test_the_organisations_own_provider_stands_in_for_it(strict, rf):
    provider = IdentityProviderFactory(organisation=strict.organisation)
    IdentityFactory(provider=provider, user=strict.user)
    facts = {"sso_provider": str(provider.pk), "sso_organisation": str(strict.organisation_id)}

    check_entry(session_of(signed_in(strict.user), rf, **facts), actor(strict))


def test_staff_enter_by_a_second_factor_alone_whatever_the_organisation_asks(organisation, rf):
    session = StaffSessionFactory(organisation=organisation)
    staff = Actor(session.user, organisation, Permissions(Role.VIEWER), staff_session=session)
    client = signed_in(session.user)
    assert refusal(check_entry, session_of(client, rf), staff).code == "mfa_required"

    second_factor(session.user)
    assert refusal(check_entry, session_of(client, rf), staff).code == "mfa_required"
    prove_second_factor(client)
    check_entry(session_of(client, rf), staff)


@pytest.mark.parametrize("is_member", [True, False])
def test_people_of_the_platform_enter_the_desk_by_a_second_factor_alone(db, rf, is_member):
    desk = OrganisationFactory(is_desk=True)
    user = UserFactory(platform_role=PlatformRole.SALES)
    if is_member:
        entering = actor(MembershipFactory(organisation=desk, user=user, role=Role.VIEWER))
    else:
        entering = Actor(user, desk, Permissions(PlatformRole.SALES, at_desk=True))
    client = signed_in(user)
    second_factor(user)
    assert refusal(check_entry, session_of(client, rf), entering).code == "mfa_required"

    prove_second_factor(client)
    check_entry(session_of(client, rf), entering)


def test_a_token_dies_with_its_owners_second_factor(strict):
    assert refusal(check_token_entry, actor(strict)).code == "mfa_required"

    app = second_factor(strict.user)
    check_token_entry(actor(strict))
    app.delete()
    assert refusal(check_token_entry, actor(strict)).code == "mfa_required"


def test_a_token_of_somebody_the_provider_knows_lives(strict):
    elsewhere = IdentityFactory(user=strict.user)
    assert refusal(check_token_entry, actor(strict)).code == "mfa_required"
    assert elsewhere.organisation_id != strict.organisation_id

    provider = IdentityProviderFactory(organisation=strict.organisation, enabled=True)
    IdentityFactory(provider=provider, user=strict.user)
    check_token_entry(actor(strict))
    save(provider, enabled=False)
    assert refusal(check_token_entry, actor(strict)).code == "mfa_required"
