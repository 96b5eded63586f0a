import re

import pytest
from django.utils import timezone

from accounts.access import access_organisation
from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain import staff
from accounts.domain.audit import record
from accounts.enums import PlatformRole, Role
from accounts.models import AuditRecord
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, StaffSessionFactory
from tests.support.sign_in import signed_in
from tests.support.staff import at_work, platform_person
from tests.support.tenants import fresh, save

PAGE = "/o/harbour/staff/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def session(organisation):
    user = platform_person(PlatformRole.SUPPORT, full_name="Ada Lind")
    return StaffSessionFactory(organisation=organisation, user=user, reason="Ticket 17, a failed analysis")


def test_an_owner_reads_who_was_there_and_why(owner_client, organisation, session):
    actor = access_organisation(session.user, "harbour")
    with tenant(organisation.pk), acting(actor):
        for _ in range(3):
            record(AuditAction.STAFF_REQUEST)

    page = text(owner_client.get(PAGE))

    assert re.search(r"Ada Lind.*Support.*Ticket 17, a failed analysis.*Open", page)
    assert re.search(rf'href="/o/harbour/audit/\?staff_session={session.pk}">3<', page)
    assert 'aria-current="page"' in page


def test_the_number_leads_to_what_was_done_in_that_session(owner_client, organisation, session):
    other = StaffSessionFactory(organisation=organisation, user__full_name="Bea Holm")
    for opened in (session, other):
        with tenant(organisation.pk), acting(access_organisation(opened.user, "harbour")):
            record(AuditAction.STAFF_REQUEST)
    link = re.search(rf'href="(/o/harbour/audit/\?staff_session={session.pk})"', text(owner_client.get(PAGE)))

    lines = re.search(r"<tbody>.*</tbody>", text(owner_client.get(link[1])))[0]

    assert "Ada Lind" in lines
    assert "Bea Holm" not in lines


def test_another_organisations_sessions_are_not_told(owner_client, session):
    StaffSessionFactory(reason="Elsewhere and secret")

    page = text(owner_client.get(PAGE))

    assert "Ticket 17" in page
    assert "Elsewhere" not in page


def test_nobody_has_been_here(owner_client):
    assert "Nobody from the platform has been here" in text(owner_client.get(PAGE))


def test_sessions_stay_when_the_person_has_left(owner_client, session):
    session.user.platform_role = PlatformRole.NONE
    session.user.save()

    page = text(owner_client.get(PAGE))

    assert "Ada Lind" in page
    assert "No longer works for the platform" in page


def test_many_sessions_are_paged(owner_client, organisation, django_assert_max_num_queries):
    for number in range(30):
        StaffSessionFactory(organisation=organisation, reason=f"Reason {number:02}")

    with django_assert_max_num_queries(14):
        first = text(owner_client.get(PAGE))
    assert "Page 1 of 2" in first
    assert "Reason 29" in first
    assert "Reason 00" not in first
    assert "Reason 00" in text(owner_client.get(f"{PAGE}?page=2"))


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_the_organisation_ends_a_session(organisation, session, role):
    client = signed_in(MembershipFactory(organisation=organisation, role=role).user)
    guest = at_work(session.user)
    assert guest.get("/o/harbour/projects/").status_code == 200

    page = text(client.post(f"{PAGE}{session.pk}/end/", follow=True))

    assert "The staff session has ended." in page
    assert guest.get("/o/harbour/projects/").status_code == 404
    with tenant(organisation.pk):
        line = AuditRecord.objects.get(action=AuditAction.STAFF_SESSION_CLOSED)
    assert line.facts == {"by_organisation": True}
    assert "had ended already" in text(client.post(f"{PAGE}{session.pk}/end/", follow=True))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER, Role.VIEWER])
def test_others_neither_see_nor_end_sessions(organisation, session, role):
    client = signed_in(MembershipFactory(organisation=organisation, role=role).user)

    for answer in (client.get(PAGE), client.post(f"{PAGE}{session.pk}/end/")):
        assert answer.status_code == 403
        assert "Ticket 17" not in text(answer)
    assert fresh(session).is_open


def test_a_session_elsewhere_is_not_there(owner_client, outsider):
    elsewhere = StaffSessionFactory(organisation=outsider.organisation, reason="Elsewhere and secret")

    answer = owner_client.post(f"{PAGE}{elsewhere.pk}/end/")

    assert answer.status_code == 404
    assert "Elsewhere" not in text(answer)
    assert fresh(elsewhere).is_open


def test_a_link_ends_nothing(owner_client, session):
    assert owner_client.get(f"{PAGE}{session.pk}/end/").status_code == 405
    assert fresh(session).is_open


@pytest.mark.parametrize("role", [PlatformRole.SUPPORT, PlatformRole.ADMIN])
def test_staff_read_the_list_and_end_nobody(organisation, role):
    """Nor themselves here: they do that from the platform's pages."""
    own = StaffSessionFactory(organisation=organisation, user=platform_person(role))
    other = StaffSessionFactory(organisation=organisation)
    client = at_work(own.user)

    page = text(client.get(PAGE))

    assert "Ticket 17" in page
    for session in (own, other):
        assert f"/staff/{session.pk}/end/" not in page
        assert client.post(f"{PAGE}{session.pk}/end/").status_code == 403
        assert fresh(session).is_open


def test_ended_sessions_say_when(owner_client, session):
    save(session, closed_at=timezone.now())

    page = text(owner_client.get(PAGE))

    assert "End session" not in page
    assert staff.open_sessions_of(session.user) == []
