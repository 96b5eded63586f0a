"""The audit trail in a browser: found by its filters, checked, exported, accessible."""

import json

import pytest
from playwright.sync_api import expect

from accounts.audit_actions import AuditAction
from accounts.domain.audit import Doer, record_as, write
from accounts.enums import Role
from accounts.models import AuditRecord
from echodepth import client_address
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import MembershipFactory, RecordingFactory, StaffSessionFactory

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/o/harbour/audit/"


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__full_name="Ada Lovelace")


@pytest.fixture
def other(organisation):
    return MembershipFactory(organisation=organisation, user__full_name="Grace Hopper")


@pytest.fixture
def trail(organisation, owner, other):
    """Sixty-two records: two pages."""
    staff = StaffSessionFactory(organisation=organisation, reason="Ticket 17: the report stays empty")
    recording = RecordingFactory(project__organisation=organisation, title="Interview 12, second round")
    client_address.current.set("203.0.113.9")
    with tenant(organisation.pk):
        for _ in range(57):
            record_as(owner.user, AuditAction.LIST_READ, recording.project, list="recordings", rows=1)
        record_as(owner.user, AuditAction.RECORDING_VIEWED, recording)
        record_as(owner.user, AuditAction.RESULT_EXPORTED, recording, kind="parquet")
        record_as(owner.user, AuditAction.ROLE_CHANGED, other, role=Role.ADMIN, previous=Role.ANALYST)
        doer = Doer(staff.user, staff_session=staff.pk)
        write(AuditAction.STAFF_REQUEST, None, {"method": "GET", "page": "analysis:recordings"}, doer)
        client_address.current.set("")
        write(AuditAction.AUDIT_CUT, None, {"up_to": 0, "records": 0})
    return organisation


def test_a_record_is_found_and_the_trail_checked(signed_in, owner, other, trail):
    page = signed_in(owner.user)
    page.goto("/o/harbour/settings/")
    page.get_by_role("link", name="Audit trail").click()

    page.get_by_label("Action").select_option("Role changed")
    page.get_by_role("button", name="Show", exact=True).click()
    row = page.get_by_role("row").nth(1)
    expect(page.get_by_role("row")).to_have_count(2)
    expect(row).to_contain_text("Ada Lovelace")
    expect(row).to_contain_text("203.0.113.9")
    row.get_by_role("link", name="Grace Hopper").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(other.user.email)

    page.goto(URL)
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("row").last).to_contain_text("no. 1")
    page.get_by_role("button", name="Check the trail now").click()
    expect(page.get_by_text("The audit trail holds")).to_be_visible()


def test_the_filtered_records_are_taken_away(signed_in, owner, trail):
    page = signed_in(owner.user)
    page.goto(f"{URL}?text=Interview+12")

    with page.expect_download() as begun:
        page.get_by_role("link", name="Export these as JSON lines").click()

    rows = [json.loads(line) for line in begun.value.path().read_text(encoding="utf-8").splitlines()]
    assert [row["action"] for row in rows] == ["recording.viewed", "result.exported"]
    assert begun.value.suggested_filename.startswith("audit-harbour-")


def test_the_trail_is_accessible_and_fits(signed_in, owner, trail, monkeypatch):
    monkeypatch.setattr("accounts.domain.audit_search.PAGE", 8)  # axe looks at every line
    page = signed_in(owner.user)
    addresses = (URL, f"{URL}?text=nobody+of+that+name", f"{URL}?since=x")

    wrong = {address: look(page, address) for address in addresses}
    assert {address: what for address, what in wrong.items() if what} == {}


def test_a_trail_that_does_not_hold_says_where_on_an_accessible_page(signed_in, owner, trail):
    with tenant(trail.pk):
        line = AuditRecord.objects.get(number=62)
        AuditRecord(organisation=trail, number=90, at=line.at, action="x", hash="0" * 64).save()
    page = signed_in(owner.user)
    page.goto(URL)

    page.get_by_role("button", name="Check the trail now").click()

    expect(page.get_by_role("alert")).to_contain_text("Record 90 stands behind record")
