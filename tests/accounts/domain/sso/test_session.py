import pytest
from django.http import Http404

from accounts.domain.sso.session import Confinement, check_confinement, confined_to, mark
from accounts.enums import Role
from echodepth.errors import UserError
from tests.factories import IdentityFactory, IdentityProviderFactory, MembershipFactory, StaffSessionFactory
from tests.support.people import actor
from tests.support.tenants import save


class Session(dict):
    expires = None

    def set_expiry(self, seconds):
        self.expires = seconds


@pytest.fixture
def provider(viewer):
    made = IdentityProviderFactory(organisation=viewer.organisation)
    IdentityFactory(provider=made, user=viewer.user)
    return made


@pytest.fixture
def by_sso(rf, provider):
    request = rf.get("/")
    request.session = Session()
    mark(request.session, Confinement(provider.organisation_id, provider.pk))
    return request


def test_a_session_of_ones_own_sign_in_reaches_everything(rf, viewer):
    plain, own = rf.get("/"), rf.get("/")
    own.session = Session()

    assert confined_to(plain) is None
    assert confined_to(own) is None
    check_confinement(own, actor(viewer))


def test_a_session_of_single_sign_on_reaches_its_organisation_and_ends(by_sso, viewer):
    check_confinement(by_sso, actor(viewer))

    assert confined_to(by_sso) == viewer.organisation_id
    assert by_sso.session.expires == 12 * 3600


def test_the_persons_other_organisations_are_not_there(by_sso, viewer):
    other = MembershipFactory(user=viewer.user, role=Role.OWNER)

    with pytest.raises(Http404):
        check_confinement(by_sso, actor(other))


def test_a_staff_session_is_not_entered_by_a_tenants_word(by_sso, viewer):
    from accounts.actor import Actor
    from accounts.enums import PlatformRole
    from accounts.permissions import Permissions

    session = StaffSessionFactory(organisation=viewer.organisation, user=viewer.user)
    staff = Actor(viewer.user, viewer.organisation, Permissions(PlatformRole.ADMIN), staff_session=session)

    with pytest.raises(Http404):
        check_confinement(by_sso, staff)


def test_switching_the_provider_off_ends_its_sessions(by_sso, viewer, provider):
    save(provider, enabled=False)

    with pytest.raises(UserError) as caught:
        check_confinement(by_sso, actor(viewer))
    assert caught.value.code == "sso_session_over"


def test_unlinking_ends_the_persons_session_alone(by_sso, viewer, provider, analyst):
    IdentityFactory(provider=provider, user=analyst.user)
    with pytest.raises(UserError):
        check_confinement(by_sso, actor(MembershipFactory(organisation=viewer.organisation)))

    check_confinement(by_sso, actor(viewer))
    check_confinement(by_sso, actor(analyst))
