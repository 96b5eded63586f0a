import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import PlatformRole, Role
from accounts.models import StaffSession
from accounts.permissions import LABELS, Action, Permissions
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.support.pages import text_of
from tests.support.sign_in import prove_second_factor, second_factor, signed_in
from tests.support.staff import at_work
from tests.support.tenants import fresh

PAGE = "/o/harbour/settings/"


def test_name_and_time_zone_are_changed(owner_client, organisation):
    response = owner_client.post(PAGE, {"name": "Sea Institute", "time_zone": "Asia/Tokyo"}, follow=True)

    now = fresh(organisation)
    assert (now.name, now.time_zone) == ("Sea Institute", "Asia/Tokyo")
    assert "Times are shown in Asia/Tokyo." in response.content.decode()


def test_what_is_refused_is_not_shown_as_stored(owner_client, organisation):
    page = owner_client.post(PAGE, {"name": "", "time_zone": "Mars/Olympus"}).content.decode()

    now = fresh(organisation)
    assert (now.name, now.time_zone) == ("Harbour Institute", "Europe/Berlin")
    assert '<span class="bar__organisation">Harbour Institute</span>' in page
    assert 'href="#id_name"' in page
    assert 'href="#id_time_zone"' in page


def test_an_analyst_changes_nothing(analyst_client, organisation):
    refused = analyst_client.post(PAGE, {"name": "Mine", "time_zone": "UTC"})

    assert refused.status_code == 403
    assert fresh(organisation).name == "Harbour Institute"


def row(text, action):
    """What the page says of each role about this action."""
    start = text.index(str(LABELS[action]).replace("'", "&#x27;"))
    return re.findall(r">(yes|no)</span>", text[start : text.index("</tr>", start)])


@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
def test_every_member_sees_who_may_do_what(organisation, role):
    member = MembershipFactory(organisation=organisation, role=role)
    text = text_of(signed_in(member.user).get("/o/harbour/roles/"))

    for action in Action:
        assert row(text, action) == ["yes" if Permissions(one).may(action) else "no" for one in Role]
    assert re.search(rf'{role.label} <span class="badge badge--accent">You</span>', text)
    assert text.count(">You</span>") == 1


def test_staff_are_not_told_that_they_have_a_members_role(organisation):
    user = UserFactory(platform_role=PlatformRole.ADMIN)
    with tenant(organisation.pk):
        StaffSession.objects.create(
            organisation=organisation,
            user=user,
            reason="Asked to look",
            ends_at=timezone.now() + timedelta(hours=1),
        )
    second_factor(user)
    client = signed_in(user)
    prove_second_factor(client)

    text = text_of(client.get("/o/harbour/roles/"))

    assert str(LABELS[Action.VIEW]) in text
    assert ">You</span>" not in text


def test_at_the_desk_the_page_tells_what_sales_may_do_there_and_nowhere_else(organisation, viewer_client):
    OrganisationFactory(slug="samples", is_desk=True)
    client = at_work(UserFactory(platform_role=PlatformRole.SALES))

    text = text_of(client.get("/o/samples/roles/"))

    _before, _heading, desk = text.partition('<h2 id="desk">')
    desk, _staff, _after = desk.partition('<h2 id="staff">')
    assert row(desk, Action.REVIEW) == ["yes", "yes"]
    assert row(desk, Action.CONFIRM_USE) == ["no", "yes"]
    assert "without a session" in desk
    assert 'href="/desk/"' in text
    elsewhere = text_of(viewer_client.get("/o/harbour/roles/"))
    assert '<h2 id="staff">' in elsewhere
    assert '<h2 id="desk">' not in elsewhere
    assert 'href="/desk/"' not in elsewhere


def test_a_guest_sees_no_roles(organisation):
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=organisation.pk)
    answer = signed_in(guest.user).get("/o/harbour/roles/")

    assert answer.status_code == 403
    assert str(LABELS[Action.MANAGE_OWNERS]) not in text_of(answer)
