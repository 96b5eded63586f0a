"""The trail in the portal: read, searched, exported, checked."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.audit import record, record_as
from accounts.domain.audit_erasure import erase_person
from accounts.domain.audit_verify import verify
from accounts.models import AuditParty, AuditRecord
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, RecordingFactory, StaffSessionFactory

pytestmark = pytest.mark.django_db

URL = "/o/harbour/audit/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


def body_of(answer):
    return b"".join(answer.streaming_content).decode()


def numbers(answer):
    return [line.record.number for line in answer.context["lines"]]


@pytest.fixture
def recording(organisation):
    return RecordingFactory(project__organisation=organisation, title="Interview with Ada")


@pytest.fixture
def trail(organisation, owner, analyst, recording, monkeypatch):
    """Three records on three days: the recording opened, its result exported, a role changed."""
    told = [
        (owner, AuditAction.RECORDING_VIEWED, recording, {}),
        (analyst, AuditAction.RESULT_EXPORTED, recording, {"kind": "csv"}),
        (owner, AuditAction.ROLE_CHANGED, analyst, {"role": "admin"}),
    ]
    with tenant(organisation.pk), monkeypatch.context() as patch:
        for day, (who, action, target, facts) in enumerate(told, 1):
            now = datetime(2026, 5, day, 22, 30, tzinfo=UTC)  # half past midnight of the next day in Berlin
            patch.setattr(audit.timezone, "now", lambda now=now: now)
            record_as(who.user, action, target, **facts)
    return organisation


def test_each_line_says_when_who_what_on_what_and_from_where(trail, owner, owner_client, recording):
    owner_client.get("/o/harbour/projects/", REMOTE_ADDR="203.0.113.9")
    with tenant(trail.pk):
        record(AuditAction.PROJECT_CREATED, ProjectFactory(organisation=trail, name="Second round"))

    page = text_of(owner_client.get(URL))

    assert "Audit trail" in page
    assert "2 May 2026<br>00:30:00 CEST" in page
    assert f"{owner.user.full_name} &lt;owner@harbour.example&gt;" in page
    assert "Role changed" in page
    assert "role: admin" in page
    assert f'<a href="/o/harbour/recordings/{recording.pk}/">Interview with Ada</a>' in page
    assert "EchoDepth itself" in page
    assert "Second round" in page


def test_reading_the_trail_is_recorded_with_the_address(trail, owner, owner_client):
    owner_client.get(URL, REMOTE_ADDR="203.0.113.9")

    page = text_of(owner_client.get(URL))

    assert "List read" in page
    assert "203.0.113.9" in page
    with tenant(trail.pk):
        assert AuditRecord.objects.filter(action="list.read", facts={"list": "audit", "rows": 3}).exists()


def test_what_is_gone_is_named_without_a_link(trail, owner_client, recording):
    with tenant(trail.pk):
        recording.delete()

    page = text_of(owner_client.get(URL))

    assert "Interview with Ada" in page
    assert f'href="/o/harbour/recordings/{recording.pk}/"' not in page


def test_an_erased_person_is_shown_as_erased_and_the_trail_holds(trail, analyst, owner_client):
    with tenant(trail.pk):
        erase_person(analyst.user_id, analyst.user.email)

    page = text_of(owner_client.get(URL))

    assert "analyst@harbour.example" not in page
    assert ">(erased)</a>" in page
    with tenant(trail.pk):
        erased = AuditRecord.objects.get(number=2).actor
    assert numbers(owner_client.get(URL, {"person": erased})) == [3, 2]
    with tenant(trail.pk):
        assert verify().holds


def test_staff_is_shown_with_the_reason(organisation, owner_client):
    session = StaffSessionFactory(organisation=organisation, reason="Ticket 17: no report")
    with tenant(organisation.pk):
        audit.write(AuditAction.STAFF_REQUEST, None, {}, audit.Doer(session.user, staff_session=session.pk))

    page = text_of(owner_client.get(URL))

    assert "Platform staff" in page
    assert "Ticket 17: no report" in page
    assert numbers(owner_client.get(URL, {"staff_session": session.pk})) == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [3, 2, 1]),
        ({"action": "role.changed"}, None),
        ({"action": "member.role_changed"}, [3]),
        ({"text": "interview WITH"}, [2, 1]),
        ({"text": "analyst@"}, [3, 2]),
        ({"text": "nobody of that name"}, []),
        ({"since": "2026-05-03"}, [3, 2]),
        ({"until": "2026-05-02"}, [1]),
        ({"since": "2026-05-03", "until": "2026-05-03"}, [2]),
        ({"action": "result.exported", "text": "Ada", "until": "2026-05-02"}, []),
    ],
)
def test_filters_find_what_they_say(trail, owner_client, query, found):
    answer = owner_client.get(URL, query)

    if found is None:
        assert answer.status_code == 400
        assert "Please correct this" in text_of(answer)
    else:
        assert numbers(answer) == found


def test_a_person_is_found_as_who_acts_and_as_whom_it_was_done_to(trail, analyst, owner_client):
    with tenant(trail.pk):
        party = AuditParty.objects.get(key=str(analyst.user_id))

    assert numbers(owner_client.get(URL, {"person": party.pk})) == [3, 2]


def test_one_object_and_one_request_are_found(trail, owner_client, recording):
    assert numbers(owner_client.get(URL, {"target": recording.pk})) == [2, 1]
    answer = owner_client.get("/o/harbour/members/")

    (number,) = numbers(owner_client.get(URL, {"text": answer["X-Request-ID"]}))
    assert number == 5


def test_nothing_found_says_so(trail, owner_client):
    assert "No record matches" in text_of(owner_client.get(URL, {"text": "nobody of that name"}))


def test_pages_go_older_and_newer_and_keep_the_filters(organisation, owner_client, monkeypatch):
    monkeypatch.setattr("accounts.domain.audit_search.PAGE", 2)
    with tenant(organisation.pk):
        for page in range(5):
            record(AuditAction.RESULT_VIEWED, page=page)
    query = {"action": "result.viewed"}

    first = owner_client.get(URL, query)
    second = owner_client.get(URL, query | {"before": 4})
    third = owner_client.get(URL, query | {"before": 2})
    back = owner_client.get(URL, query | {"after": 1})

    assert [numbers(one) for one in (first, second, third, back)] == [[5, 4], [3, 2], [1], [3, 2]]
    assert "action=result.viewed&amp;before=4" in text_of(first)
    assert 'rel="prev"' not in text_of(first)
    assert 'rel="next"' not in text_of(third)
    assert "after=1" in text_of(third)
    assert "before=2" in text_of(back)
    assert "after=3" in text_of(back)


@pytest.mark.parametrize("text", ["x", "-1", "²", "9" * 40])
def test_a_place_that_is_none_shows_the_newest(trail, owner_client, text):
    assert numbers(owner_client.get(URL, {"before": text})) == [3, 2, 1]


def test_the_page_takes_few_queries_however_long_it_is(
    trail, owner_client, recording, django_assert_max_num_queries
):
    with tenant(trail.pk):
        for _ in range(45):
            record(AuditAction.RECORDING_VIEWED, RecordingFactory(project=recording.project))

    with django_assert_max_num_queries(32):
        assert len(numbers(owner_client.get(URL))) == 48


def test_nothing_of_another_organisation_is_found(trail, outsider, outsider_client, recording):
    slug = outsider.organisation.slug

    answer = outsider_client.get(f"/o/{slug}/audit/", {"target": recording.pk})
    assert numbers(answer) == []
    page = text_of(outsider_client.get(f"/o/{slug}/audit/", {"text": "Interview"}))
    assert "Interview with Ada" not in page
    assert "harbour.example" not in page
    assert outsider_client.get(URL).status_code == 404


def test_who_may_not_read_the_trail_is_refused(trail, analyst_client):
    for answer in (
        analyst_client.get(URL),
        analyst_client.get(f"{URL}export/csv/"),
        analyst_client.post(f"{URL}check/"),
    ):
        assert answer.status_code == 403
        assert "Ada" not in text_of(answer)


def test_export_as_json_lines_proves_itself_with_the_program_of_the_document(trail, owner_client):
    answer = owner_client.get(f"{URL}export/jsonl/")

    rows = [json.loads(line) for line in body_of(answer).splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert rows[0]["target_name"] == "Interview with Ada"
    assert rows[2]["actor_name"].endswith("<owner@harbour.example>")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-harbour-')
    assert program()(body_of(owner_client.get(f"{URL}export/jsonl/")).splitlines()) == []


def test_the_program_of_the_document_finds_what_was_changed(trail, owner_client):
    lines = body_of(owner_client.get(f"{URL}export/jsonl/")).splitlines()

    assert program()([*lines[:1], lines[1].replace('"csv"', '"pdf"'), lines[2]]) == [2]
    assert program()([lines[0], lines[2]]) == [3]


def test_export_as_csv_holds_what_the_filters_find(trail, owner_client):
    answer = owner_client.get(f"{URL}export/csv/", {"action": "result.exported"})

    (row,) = csv.DictReader(StringIO(body_of(answer)))
    assert (row["number"], row["action"], row["at"]) == (
        "2",
        "result.exported",
        "2026-05-02T22:30:00.000000Z",
    )
    assert json.loads(row["facts"]) == {"kind": "csv"}
    assert row["target_name"] == "Interview with Ada"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_what_begins_as_a_formula_is_text_in_the_csv(organisation, owner_client):
    with tenant(organisation.pk):
        record(AuditAction.PROJECT_CREATED, ProjectFactory(organisation=organisation, name="=1+1"))

    (row,) = csv.DictReader(StringIO(body_of(owner_client.get(f"{URL}export/csv/"))))
    assert row["target_name"] == "'=1+1"


def test_an_export_is_recorded(trail, owner, owner_client):
    body_of(owner_client.get(f"{URL}export/csv/", {"text": "Ada"}))

    with tenant(trail.pk):
        line = AuditRecord.objects.get(action="audit.exported")
        assert line.facts == {"format": "csv", "records": 2, "filtered": True}
        assert AuditParty.objects.get(pk=line.actor).key == str(owner.user_id)


def test_an_unknown_format_is_404_and_a_trail_too_long_is_told(trail, owner_client, monkeypatch):
    assert owner_client.get(f"{URL}export/pdf/").status_code == 404
    monkeypatch.setattr("accounts.domain.audit_export.MOST", 2)
    answer = owner_client.get(f"{URL}export/csv/")
    assert answer.status_code == 413
    assert "Choose a shorter time" in text_of(answer)


def test_checking_the_trail_says_that_it_holds_and_when(trail, owner_client):
    before = text_of(owner_client.get(URL))
    page = text_of(owner_client.post(f"{URL}check/", follow=True))

    assert "Not checked from here yet" in before
    assert "The audit trail holds" in page
    assert "the trail held." in page


def test_a_trail_too_long_for_a_page_is_left_to_the_command(trail, owner_client, monkeypatch):
    monkeypatch.setattr("accounts.domain.audit_check.MOST_CHECKED", 2)

    assert "manage.py verify_audit" in text_of(owner_client.get(URL))
    answer = owner_client.post(f"{URL}check/")
    assert answer.status_code == 409
    with tenant(trail.pk):
        assert not AuditRecord.objects.filter(action="audit.verified").exists()


def test_a_trail_that_does_not_hold_says_where(trail, owner_client):
    with tenant(trail.pk):
        forged = AuditRecord(
            organisation=trail, number=9, at=datetime.now(UTC) + timedelta(days=1), action="x", hash="0" * 64
        )
        forged.save()

    page = text_of(owner_client.post(f"{URL}check/"))

    assert "The audit trail does not hold" in page
    assert "Record 9 stands behind record 3" in page


def program():
    """The function that docs/audit-trail.md gives to whoever checks an export."""
    from echodepth.env import BASE_DIR

    page = (BASE_DIR / "docs/audit-trail.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    names = {}
    exec(code.partition("if __name__")[0], names)  # noqa: S102 - our own document
    return lambda lines: [json.loads(lines[index])["number"] for index in names["broken"](lines)]


def test_ids_that_are_no_ids_break_nothing(trail, owner_client):
    answer = owner_client.get(URL, {"person": "x", "staff_session": "y", "target": uuid4()})

    assert answer.status_code == 400
    assert "Please correct this" in text_of(answer)
