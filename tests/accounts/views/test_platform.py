import re
import smtplib
from datetime import date
from uuid import uuid4

import pytest

from accounts.audit_actions import AuditAction
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.models import AuditRecord, Invitation, Organisation, StaffSession
from echodepth.tenancy import tenant
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    RecordingFactory,
    RunFactory,
    StaffSessionFactory,
    UserFactory,
)
from tests.support.sign_in import prove_second_factor, reauthenticate, second_factor, signed_in
from tests.support.staff import at_work, platform_person
from tests.support.tenants import every, fresh, save

REASON = "They asked why an analysis failed."


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def admin(db):
    return at_work(platform_person(email="admin@platform.example"))


@pytest.fixture
def support(db):
    return at_work(platform_person(PlatformRole.SUPPORT))


def page_of(organisation, what=""):
    return f"/platform/organisations/{organisation.pk}/{what}"


def test_an_admin_sees_what_organisations_use(admin, organisation, owner):
    RecordingFactory(project__organisation=organisation, size=3 * 2**20, title="A secret talk")
    OrganisationFactory(name="Sea Office", state=OrganisationState.CLOSED)

    page = text(admin.get("/platform/"))

    assert re.search(r"Harbour Institute</a>.*>1</td>.*>1</td>.*>3.0 MB</td>", page)
    assert f'href="{page_of(organisation)}"' in page
    assert re.search(r"Sea Office.*Closed", page)
    assert "A secret talk" not in page
    assert owner.user.email not in page
    assert owner.user.full_name not in page


def test_an_admin_sees_until_when_a_trial_runs_and_what_then(admin, organisation, owner):
    trial = OrganisationFactory(trial_until=date(2027, 1, 31))

    page, other = text(admin.get(page_of(trial))), text(admin.get(page_of(organisation)))

    assert "On trial until" in page
    assert "31 Jan 2027" in page
    assert "Everything in it is erased then, unless an owner accepts it." in page
    assert "On trial" not in other

    MembershipFactory(organisation=trial, role=Role.OWNER)
    assert "Everything in it is erased then" not in text(admin.get(page_of(trial)))


def test_support_sees_names_and_no_numbers(support, organisation):
    OrganisationFactory(name="Sea Office", state=OrganisationState.CLOSED)
    RecordingFactory(project__organisation=organisation, size=3 * 2**20)

    page = text(support.get("/platform/"))

    assert "Harbour Institute" in page
    assert f'href="{page_of(organisation, "session/")}"' in page
    assert page.count("Open a session") == 1
    assert "3.0 MB" not in page
    assert "Create an organisation" not in page
    assert f'href="{page_of(organisation)}"' not in page


def test_the_list_is_searched_and_paged(admin, organisation):
    for number in range(30):
        OrganisationFactory(name=f"Number {number:02}")

    assert "Page 1 of 2" in text(admin.get("/platform/"))
    second = text(admin.get("/platform/?page=2&search="))
    assert "Number 29" in second
    assert "Harbour Institute" not in second
    found = text(admin.get("/platform/?search=harb"))
    assert "Harbour Institute" in found
    assert "Number" not in found
    assert 'value="harb"' in found
    assert "No organisation has this name" in text(admin.get("/platform/?search=nowhere"))


def test_an_installation_begins_empty(admin):
    assert "There is no organisation yet" in text(admin.get("/platform/"))


ADMINS_ALONE = ["", "owner/", "quotas/", "suspend/", "reopen/", "close/"]


@pytest.mark.parametrize("what", [*ADMINS_ALONE, "session/"])
def test_for_people_outside_the_platform_it_is_as_if_missing(owner_client, owner, what):
    missing = owner_client.get("/nowhere/")

    for method in (owner_client.get, owner_client.post):
        answer = method(page_of(owner.organisation, what), {"reason": REASON, "minutes": 60})
        assert answer.status_code == 404
        assert without_token(text(answer)) == without_token(text(missing))
    assert fresh(owner.organisation).state == OrganisationState.ACTIVE
    assert every(StaffSession) == []


def without_token(page):
    return re.sub(r'(value|name="csrfmiddlewaretoken")="[^"]*"', "", page)


@pytest.mark.parametrize("what", ADMINS_ALONE)
def test_support_changes_no_organisation(support, organisation, what):
    answer = support.post(page_of(organisation, what), {"reason": REASON, "confirmation": "harbour"})

    assert answer.status_code == 404
    found = fresh(organisation)
    assert (found.state, found.quota_members) == (OrganisationState.ACTIVE, None)
    assert every(Invitation) == []
    assert support.post("/platform/organisations/new/", {"name": "New"}).status_code == 404


@pytest.mark.parametrize("what", [*ADMINS_ALONE, "session/"])
def test_an_organisation_that_is_not_there(admin, what):
    answer = admin.post(f"/platform/organisations/{uuid4()}/{what}")

    assert answer.status_code == 404
    assert "There is no such page" in text(answer)


NEW = {"name": "Sea Office", "time_zone": "Europe/Berlin", "owner_email": "owner@sea.example"}


def test_an_organisation_is_made_and_its_owner_invited(admin, mailoutbox):
    answer = admin.post("/platform/organisations/new/", NEW, follow=True)

    (made,) = every(Organisation)
    assert answer.redirect_chain == [(page_of(made), 302)]
    assert "An invitation is on its way to owner@sea.example." in text(answer)
    assert "No owner yet" in text(answer)
    assert [mail.to for mail in mailoutbox] == [["owner@sea.example"]]
    link = re.search(r"http\S+/invitations/\S+/", mailoutbox[0].body)[0]
    assert "Sea Office" in text(signed_in(UserFactory(email="owner@sea.example")).get(link))
    assert [found.role for found in every(Invitation)] == [Role.OWNER]


def test_what_is_wrong_stands_at_the_field(admin):
    page = text(admin.post("/platform/organisations/new/", NEW | {"owner_email": "owner"}))

    assert "Enter a valid email address" in page
    assert every(Organisation) == []


def test_a_mail_that_cannot_be_sent_is_told_and_sent_later(admin, mailoutbox, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("accounts.domain.invitations.send_mail", refuse)
        page = text(admin.post("/platform/organisations/new/", NEW, follow=True))
    assert "could not be mailed" in page
    (made,) = every(Organisation)

    admin.post(page_of(made, "owner/"), {"email": "other@sea.example"})
    assert [mail.to for mail in mailoutbox] == [["other@sea.example"]]


def test_who_has_an_owner_is_offered_no_other(admin, owner):
    assert "No owner yet" not in text(admin.get(page_of(owner.organisation)))

    answer = admin.post(page_of(owner.organisation, "owner/"), {"email": "mine@example.org"})

    assert answer.status_code == 409
    assert every(Invitation) == []


def test_quotas_are_set_and_used(admin, organisation, owner, viewer):
    answer = admin.post(
        page_of(organisation, "quotas/"), {"members": "8", "recordings": "", "gigabytes": "0.5"}, follow=True
    )

    page = text(answer)
    assert "The quotas were saved." in page
    assert "2 of 8" in page
    assert 'value="25" aria-label="Members and open invitations"' in page
    assert "of 512.0 MB" in page
    assert "no limit" in page
    filled = text(admin.get(page_of(organisation, "quotas/")))
    assert 'name="members" value="8"' in filled
    assert 'name="gigabytes" value="0.5"' in filled


def test_members_of_a_suspended_organisation_read_why(admin, organisation, owner_client):
    admin.post(page_of(organisation, "suspend/"), {"reason": "The invoice of May is open."})

    refused = owner_client.get("/o/harbour/projects/")
    assert refused.status_code == 403
    assert "This organisation is suspended" in text(refused)
    assert "The invoice of May is open." in text(refused)

    page = text(admin.post(page_of(organisation, "reopen/"), follow=True))
    assert "Harbour Institute is open again." in page
    assert "The invoice of May" not in page
    assert owner_client.get("/o/harbour/projects/").status_code == 200


def test_a_closed_organisation_is_not_there_for_its_members(admin, organisation, owner_client):
    recording = RecordingFactory(project__organisation=organisation)
    wrong = text(admin.post(page_of(organisation, "close/"), {"reason": "Left.", "confirmation": "harbor"}))
    assert "This is another address" in wrong
    assert fresh(organisation).state == OrganisationState.ACTIVE

    page = text(
        admin.post(
            page_of(organisation, "close/"), {"reason": "Left.", "confirmation": "harbour"}, follow=True
        )
    )

    assert "closing erases nothing" in page
    for action in ("Open again", "Close for good</a>", "Open a staff session", "Change quotas"):
        assert action not in page
    missing = owner_client.get("/o/nowhere/projects/")
    closed = owner_client.get("/o/harbour/projects/")
    assert (closed.status_code, without_token(text(closed))) == (404, without_token(text(missing)))
    assert "Harbour Institute" not in text(owner_client.get("/organisations/"))
    assert fresh(recording) == recording


def test_a_link_changes_nothing(admin, organisation):
    save(organisation, state=OrganisationState.SUSPENDED)

    assert admin.get(page_of(organisation, "reopen/")).status_code == 405
    admin.get(page_of(organisation, "close/"), {"reason": "Left.", "confirmation": "harbour"})

    assert fresh(organisation).state == OrganisationState.SUSPENDED


@pytest.mark.parametrize("what", ["suspend/", "close/", "session/"])
def test_what_cannot_be_undone_asks_again_who_it_is(organisation, what):
    person = platform_person()
    second_factor(person)
    client = signed_in(person)
    prove_second_factor(client)

    answer = client.post(
        page_of(organisation, what), {"reason": REASON, "confirmation": "harbour", "minutes": "60"}
    )

    assert answer.status_code == 302
    assert "/reauthenticate/" in answer.headers["Location"]
    assert fresh(organisation).state == OrganisationState.ACTIVE
    assert every(StaffSession) == []


SESSION = {"reason": REASON, "minutes": "60"}


@pytest.mark.parametrize("what", ["", "session/"])
def test_sales_finds_no_organisation_and_opens_no_session(organisation, what):
    client = at_work(platform_person(PlatformRole.SALES))

    for address in ("/platform/", page_of(organisation, what)):
        answers = [client.get(address), client.post(address, {"reason": REASON, "minutes": "60"})]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert not any("Harbour" in text(answer) for answer in answers)
    assert client.get("/o/harbour/").status_code == 404
    assert every(StaffSession) == []


@pytest.mark.parametrize("role", [PlatformRole.SUPPORT, PlatformRole.ADMIN])
def test_a_session_opens_the_organisation_and_says_so(organisation, role):
    client = at_work(platform_person(role))
    RunFactory(recording__project__organisation=organisation, recording__title="First talk")
    assert client.get("/o/harbour/").status_code == 404

    page = text(client.post(page_of(organisation, "session/"), SESSION, follow=True))

    assert "First talk" in page
    assert "Platform staff session</strong> for “They asked why an analysis failed.”, ends at" in page
    (session,) = every(StaffSession)
    assert f'action="{page_of(organisation, f"sessions/{session.pk}/end/")}"' in page
    assert REASON in text(client.get("/platform/"))


def test_it_ends_when_the_person_says_so(support, organisation):
    support.post(page_of(organisation, "session/"), SESSION)
    (session,) = every(StaffSession)
    assert support.get("/o/harbour/").status_code == 200

    page = text(support.post(page_of(organisation, f"sessions/{session.pk}/end/"), follow=True))

    assert "The staff session has ended." in page
    assert REASON not in page
    assert support.get("/o/harbour/").status_code == 404


def test_without_a_second_factor_nobody_enters(organisation):
    client = signed_in(platform_person())
    reauthenticate(client)

    answer = client.post(page_of(organisation, "session/"), SESSION)

    assert answer.status_code == 403
    assert "Two-factor sign-in is required here" in text(answer)
    assert every(StaffSession) == []


def test_a_second_session_is_refused_in_words(support, organisation):
    support.post(page_of(organisation, "session/"), SESSION)

    page = text(support.post(page_of(organisation, "session/"), SESSION))

    assert "You have an open session in this organisation." in page
    assert len(every(StaffSession)) == 1


def test_nobody_ends_anothers_session(support, organisation):
    session = StaffSessionFactory(organisation=organisation)
    own = StaffSessionFactory(organisation=OrganisationFactory())

    for found in (session, own):
        answer = support.post(page_of(organisation, f"sessions/{found.pk}/end/"))
        assert answer.status_code == 404
        assert fresh(found).is_open


def test_staff_enter_a_suspended_organisation_and_no_closed_one(support, organisation):
    save(organisation, state=OrganisationState.SUSPENDED, state_reason="The invoice is open.")
    support.post(page_of(organisation, "session/"), SESSION)
    assert support.get("/o/harbour/projects/").status_code == 200

    save(organisation, state=OrganisationState.CLOSED)
    assert support.get("/o/harbour/projects/").status_code == 404
    assert "This organisation is closed" in text(support.post(page_of(organisation, "session/"), SESSION))


def test_staff_do_no_members_work(support, organisation):
    support.post(page_of(organisation, "session/"), SESSION)

    for address in ("members/", "upload/", "projects/new/", "settings/"):
        answer = support.post(f"/o/harbour/{address}", {"email": "me@example.org", "role": "admin"})
        assert answer.status_code == 403
    assert every(Invitation) == []


def test_every_page_of_a_session_stands_in_the_organisations_trail(support, organisation):
    support.post(page_of(organisation, "session/"), SESSION)
    support.get("/o/harbour/projects/")
    support.get("/o/harbour/settings/")
    (session,) = every(StaffSession)

    with tenant(organisation.pk):
        lines = AuditRecord.objects.filter(staff_session=session.pk).order_by("number")
        found = [(line.action, line.facts.get("page")) for line in lines]
    assert found == [
        (AuditAction.STAFF_SESSION_OPENED, None),
        (AuditAction.STAFF_REQUEST, "projects"),
        (AuditAction.STAFF_REQUEST, "organisation-settings"),
    ]


def test_a_member_sees_no_bar(owner_client, organisation):
    StaffSessionFactory(organisation=organisation, user=platform_person())

    assert "staff-bar" not in text(owner_client.get("/o/harbour/projects/"))


def test_the_menu_leads_staff_and_nobody_else_to_the_platform(support, organisation, owner_client):
    assert 'href="/platform/"' in text(support.get("/platform/"))
    assert support.get("/").headers["Location"] == "/platform/"
    assert "/platform/" not in text(owner_client.get("/o/harbour/projects/"))


def test_a_person_of_the_platform_who_is_a_member_works_there(organisation):
    person = platform_person()
    MembershipFactory(organisation=organisation, user=person, role=Role.VIEWER)
    client = at_work(person)

    assert client.get("/").headers["Location"] == "/o/harbour/"
    page = text(client.post(page_of(organisation, "session/"), SESSION))
    assert "You are a member of this organisation" in page
