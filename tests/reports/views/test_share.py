"""One result for a guest: how the guest is invited, and what is open then."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation, Membership
from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState, ReviewOutcome
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory, RunFactory
from tests.reports.conftest import scored
from tests.support.pages import text_of
from tests.support.people import invited
from tests.support.sign_in import signed_in
from tests.support.tenants import every, save

GUEST = "guest@example.org"


def page(run, name="result", *more):
    return reverse(f"reports:{name}", args=[run.organisation.slug, run.pk, *more])


@pytest.fixture
def ready(run):
    report = ReportFactory(run=run, state=ReportState.READY, pages=1)
    with tenant(run.organisation_id):
        key = report_key(run.organisation_id, report.pk, 1)
        key = default_storage.save(key, ContentFile(b"%PDF-1.7 pages"))
    save(report, storage_key=key)
    return run


@pytest.fixture
def signed(ready):
    with tenant(ready.organisation_id):
        return ReviewFactory(report=ready.report, remarks="Left in: the greeting")


@pytest.fixture
def guest(ready, signed):
    return MembershipFactory(
        organisation=ready.organisation, role=Role.GUEST, guest_of=ready.pk, user__email=GUEST
    )


def test_an_owner_shares_from_the_result(owner_client, owner, ready, mailoutbox):
    assert f'href="{page(ready, "share")}"' in text_of(owner_client.get(page(ready)))

    told = text_of(owner_client.post(page(ready, "share"), {"email": GUEST}, follow=True))

    assert "guest@example.org is invited. A mail is on its way." in told
    (invitation,) = every(Invitation)
    assert (invitation.email, invitation.role, invitation.guest_of) == (GUEST, Role.GUEST, ready.pk)
    assert "You may read one report and download it." in mailoutbox[0].body
    assert "Interview" not in mailoutbox[0].body


def test_the_page_shows_who_reads_this_result_and_nobody_else(owner_client, owner, guest, ready):
    other = RunFactory(recording__project__organisation=ready.organisation)
    invited(owner, "soon@example.org", Role.GUEST, guest_of=ready.pk)
    invited(owner, "elsewhere@example.org", Role.GUEST, guest_of=other.pk)

    text = text_of(owner_client.get(page(ready, "share")))

    assert GUEST in text
    assert "soon@example.org" in text
    assert "elsewhere@example.org" not in text


def test_a_refusal_stands_at_the_field(owner_client, guest, ready, mailoutbox):
    text = text_of(owner_client.post(page(ready, "share"), {"email": GUEST}))

    assert text.count("This person is already a member.") == 2
    assert every(Invitation) == []


def test_who_manages_no_members_shares_nothing(analyst_client, ready, mailoutbox):
    assert analyst_client.post(page(ready, "share"), {"email": GUEST}).status_code == 403
    assert page(ready, "share") not in text_of(analyst_client.get(page(ready)))
    assert every(Invitation) == []


def test_another_organisations_result_and_one_without_result_are_not_shared(owner_client, ready, mailoutbox):
    theirs = RunFactory(state=RunState.DONE)
    save(ready, state=RunState.ANALYSING)

    for run_id in (theirs.pk, ready.pk):
        address = reverse("reports:share", args=["harbour", run_id])
        assert owner_client.post(address, {"email": GUEST}).status_code == 404
    assert every(Invitation) == []


def test_a_guest_reads_nothing_of_a_draft(guest, ready, signed):
    save(signed, outcome=ReviewOutcome.RETURNED)
    client = signed_in(guest.user)

    answers = [client.get(page(ready)), client.get(page(ready, "download", "pdf"))]

    for answer in answers:
        assert answer.status_code == 404
        text = text_of(answer)
        assert "It opens here as soon as a reviewer has signed it." in text
        for absent in ("Trust Score", ready.recording.title, "Left in: the greeting"):
            assert absent not in text


def test_a_guest_reads_the_result_and_takes_the_report(guest, ready):
    client = signed_in(guest.user)
    text = text_of(client.get(page(ready)))
    link = client.get(page(ready, "download", "pdf"))
    answer = client.get(link.headers["Location"])

    assert "Trust Score" in text
    assert "Reviewed and signed by R. Eviewer" in text
    assert "Left in: the greeting" in text
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 pages"


def test_a_guest_sees_no_link_that_is_closed_to_them(guest, ready):
    text = text_of(signed_in(guest.user).get(page(ready)))

    addresses = {part.partition('"')[0] for part in text.split('href="')[1:]}
    inside = {address for address in addresses if address.startswith("/o/harbour/")}
    assert inside == {page(ready, "download", "pdf")}
    assert 'class="nav"' not in text
    assert "<form" not in text.partition("<main")[2]


@pytest.mark.parametrize("kind", ["csv", "parquet", "json"])
def test_a_guest_and_a_viewer_take_no_data(guest, viewer_client, ready, kind):
    for client in (signed_in(guest.user), viewer_client):
        answer = client.get(page(ready, "download", kind))
        assert answer.status_code == 403
        assert "Location" not in answer.headers
        assert page(ready, "download", kind) not in text_of(client.get(page(ready)))


def test_a_reviewer_takes_data(ready):
    reviewer = MembershipFactory(organisation=ready.organisation, role=Role.REVIEWER)
    client = signed_in(reviewer.user)

    assert page(ready, "download", "csv") in text_of(client.get(page(ready)))
    assert client.get(page(ready, "download", "json")).headers["Location"].startswith("/files/")


def test_another_result_is_for_a_guest_as_if_it_were_not_there(guest, ready, frames_parquet):
    with tenant(ready.organisation_id):
        other = scored(ready.organisation, frames_parquet)
    client = signed_in(guest.user)
    missing = page(ready).replace(str(ready.pk), "00000000-0000-4000-8000-000000000000")

    there, nowhere = client.get(page(other)), client.get(missing)

    assert there.status_code == nowhere.status_code == 404
    assert text_of(there) == text_of(nowhere)
    assert client.get(page(other, "download", "pdf")).status_code == 404


def test_a_guest_of_a_run_without_result_is_not_led_to_the_recording(guest, ready):
    save(ready, state=RunState.ANALYSING)

    assert signed_in(guest.user).get(page(ready)).status_code == 404


PAGES = ["analysis:recordings", "projects", "roles", "members", "organisation-settings"]


@pytest.mark.parametrize("name", PAGES)
def test_every_other_page_is_closed_to_a_guest(guest, ready, name):
    answer = signed_in(guest.user).get(reverse(name, args=["harbour"]))

    assert answer.status_code == 403
    assert ready.recording.title not in text_of(answer)
    assert "Your role does not allow this" in text_of(answer)


def test_a_guest_who_left_reads_nothing(guest, ready):
    client = signed_in(guest.user)
    client.post(reverse("leave", args=["harbour"]))

    assert client.get(page(ready)).status_code == 404
    assert every(Membership) == []
