import json
import re
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain.erasure import certificates
from accounts.domain.retention import holds
from accounts.enums import PlatformRole
from accounts.models import AuditRecord, Erasure
from analysis.models import Recording
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.domain.samples import ending, links
from reports.enums import SampleState
from reports.models import Report, SampleRequest
from tests.factories import (
    DocumentFactory,
    ProjectFactory,
    RecordingFactory,
    SampleRequestFactory,
    UserFactory,
)
from tests.support.erasing import erase_all
from tests.support.pages import text_of
from tests.support.sample_work import analysed, received, signed
from tests.support.samples import asked, desk
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 of the prospect"


@pytest.fixture
def issued():
    desk(privacy_contact="privacy@desk.example")
    return asked()


@pytest.fixture
def delivered():
    """A sample whose signed report was delivered, and its secret."""
    sample = received(
        state=SampleState.DELIVERED,
        email="grace@prospect.example",
        name="Grace Example",
        note="A careful reading.\nOf you.",
        report_until=timezone.now() + timedelta(days=14),
        erase_on=timezone.localdate() + timedelta(days=30),
    )
    run = signed(sample)
    (report,) = [one for one in every(Report) if one.run_id == run.pk]
    with tenant(sample.organisation_id):
        key = report_key(sample.organisation_id, report.pk, 1)
        report.storage_key = default_storage.save(key, ContentFile(PDF))
        report.save()
        return sample, links.renew(sample)


def at(secret, part="") -> str:
    return f"/sample/{secret}/{part}"


def secret_of(sample) -> str:
    with tenant(sample.organisation_id):
        return links.renew(sample)


def page(sample, **changes) -> str:
    """The page of a request that stands like this."""
    save(sample, **changes)
    return text_of(Client().get(at(secret_of(sample))))


def test_opening_the_link_confirms_nothing_and_pressing_does(client, issued):
    opened = client.get(at(issued.secret))
    before = fresh(issued.sample).state

    told = client.post(at(issued.secret, "confirm/"), follow=True)

    assert "Confirm and go on" in text_of(opened)
    assert before == SampleState.UNCONFIRMED
    assert "Your e-mail address is confirmed." in text_of(told)
    assert "Confirm and go on" not in text_of(told)
    assert "Send the recording" in text_of(told)
    assert fresh(issued.sample).state == SampleState.OPEN


def test_the_page_is_private_and_names_nobody(client, issued):
    answer = client.get(at(issued.secret))

    text = text_of(answer)
    for own in ("Grace", "grace@prospect.example", "Prospect Works", str(issued.sample.pk)):
        assert own not in text
    assert issued.sample.reference in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "part", ["", "confirm/", "answer/", "withdraw/", "copy/", "certificate/", "code/", "open/", "report/"]
)
def test_a_link_that_leads_nowhere_reads_alike_and_is_counted(issued, part, monkeypatch):
    monkeypatch.setattr("accounts.limits.SAMPLE_LINK.__class__.take", counted := Counted())
    client = Client()
    method = client.post if part in {"confirm/", "answer/", "code/", "open/"} else client.get
    wrong = method(at("x" * 43, part))
    with tenant(issued.sample.organisation_id):
        links.renew(issued.sample)

    replaced = method(at(issued.secret, part))

    assert wrong.status_code == replaced.status_code == 404
    assert "This link cannot be used." in text_of(wrong)
    assert issued.sample.reference not in text_of(replaced)
    assert counted.taken == 2


class Counted:
    """Stands in the place of `Limit.take`."""

    def __init__(self):
        self.taken = 0

    def __get__(self, limit, _kind=None):
        def take(*_whom):
            self.taken += limit.name == "sample-link"
            return "place"

        return take


def test_guessing_links_ends(issued):
    client = Client()
    codes = [client.get(at("x" * 43)).status_code for _number in range(31)]
    assert codes == [404] * 30 + [429]


def test_after_the_file_came_the_page_tells_the_day_and_how_far_it_is():
    sample = received(due_on=date(2026, 12, 1))
    waiting = page(sample)
    run = analysed(sample)
    reviewing = page(sample)

    for text in (waiting, reviewing):
        assert "Tuesday, 1 December 2026" in text
        assert "Send the recording" not in text
    assert current(waiting) == "In analysis"
    assert current(reviewing) == "In review"
    assert str(run.pk) not in reviewing


def test_while_something_is_asked_the_step_is_the_same():
    sample = received(state=SampleState.ASKED, question="Who?", paused_at=timezone.now())
    before = page(sample)
    analysed(sample)

    assert current(before) == "In analysis"
    assert current(page(sample)) == "In review"


def test_an_answer_that_is_refused_is_not_lost(client):
    sample = received(state=SampleState.ASKED, question="Who?", paused_at=timezone.now())
    told = client.post(at(secret_of(sample), "answer/"), {"answer": "<b>" + "x" * 5000})

    assert told.status_code == 400
    assert "&lt;b&gt;" + "x" * 5000 + "</textarea>" in text_of(told)
    assert fresh(sample).answer == ""


def current(text) -> str:
    found = re.search(r'aria-current="step".*?</span>\s*<span>([^<]+)', text, re.DOTALL)
    assert found
    return found.group(1)


def test_a_question_is_answered_on_the_page(client):
    asked_at = timezone.now() - timedelta(days=1)
    sample = received(state=SampleState.ASKED, question="Who is <b>left</b>?", paused_at=asked_at)
    secret = secret_of(sample)
    shown = text_of(client.get(at(secret)))
    empty = client.post(at(secret, "answer/"), {"answer": "  "})

    told = client.post(at(secret, "answer/"), {"answer": "The founder."}, follow=True)

    assert "Who is &lt;b&gt;left&lt;/b&gt;?" in shown
    assert (empty.status_code, "Write at least a few words." in text_of(empty)) == (400, True)
    assert "Your answer has come in" in text_of(told)
    assert (fresh(sample).state, fresh(sample).answer) == (SampleState.RECEIVED, "The founder.")


def test_an_answer_that_nobody_asked_for_changes_nothing(client):
    sample = received()
    answer = client.post(at(secret_of(sample), "answer/"), {"answer": "The founder."})
    assert answer.status_code == 409
    assert fresh(sample).answer == ""


@pytest.mark.parametrize("role", [PlatformRole.SALES, PlatformRole.ADMIN])
def test_nobody_at_the_desk_confirms_or_answers_in_the_prospects_place(client, role):
    place = desk()
    issued = asked()
    client.force_login(UserFactory(platform_role=role))
    asked_at = timezone.now() - timedelta(days=1)
    at_a_loss = received(at=place, state=SampleState.ASKED, paused_at=asked_at)

    answers = [
        client.post(at(issued.secret, "confirm/")),
        client.post(at(secret_of(at_a_loss), "answer/"), {"answer": "The founder."}),
    ]

    for answer in answers:
        assert answer.status_code == 403
        assert "The prospect confirms and answers at this link themselves." in text_of(answer)
    assert (fresh(issued.sample).state, fresh(at_a_loss).answer) == (SampleState.UNCONFIRMED, "")


def test_the_reason_is_told_where_it_was_declined():
    text = page(received(), state=SampleState.DECLINED, reason="There is nobody in it.", tags=["cold lead"])
    assert "There is nobody in it." in text
    assert "cold lead" not in text
    assert "Withdraw and delete" in text


def test_withdrawing_takes_two_steps_and_erases(client, issued):
    save(issued.sample, state=SampleState.OPEN, confirmed_at=timezone.now())
    recording = RecordingFactory(project=issued.sample.project)
    asked_for = client.get(at(issued.secret, "withdraw/"))
    before = fresh(issued.sample).state, every(Erasure)

    told = client.post(at(issued.secret, "withdraw/"), follow=True)

    assert "It cannot be undone." in text_of(asked_for)
    assert before == (SampleState.OPEN, [])
    assert "is being erased" in text_of(told)
    (erasure,) = every(Erasure)
    assert (erasure.kind, erasure.object_id) == ("project", recording.project_id)
    stored = fresh(issued.sample)
    assert (stored.state, stored.erasure) == (SampleState.WITHDRAWN, erasure.pk)
    assert client.post(at(issued.secret, "withdraw/")).url == at(issued.secret)
    assert len(every(Erasure)) == 1


def test_who_was_made_a_customer_reads_of_an_invitation_and_withdraws_the_desks_copy(client, delivered):
    sample, secret = delivered
    save(sample, state=SampleState.CONVERTED)

    text = text_of(client.get(at(secret)))
    asked_for = text_of(client.get(at(secret, "withdraw/")))
    told = text_of(client.post(at(secret, "withdraw/"), follow=True))

    assert "An invitation to an organisation of your own was sent" in text
    assert "You are a customer" not in text
    assert "Your report is ready" in text
    assert "Our copy is erased on" in text
    assert "Everything is erased on" not in text
    assert at(secret, "withdraw/") in text
    assert "What is in your own organisation is deleted there" in asked_for
    assert "Our copy of this request is being erased" in told
    assert "Your report is ready" not in told
    assert [(one.kind, one.object_id) for one in every(Erasure)] == [("project", sample.project_id)]


def test_once_a_customers_report_is_over_it_is_not_offered(delivered):
    sample, _secret = delivered

    text = page(sample, state=SampleState.CONVERTED, report_until=timezone.now() - timedelta(days=1))

    assert "An invitation to an organisation" in text
    assert "Your report is ready" not in text


@pytest.mark.parametrize("converted", [True, False])
def test_the_last_mail_says_whose_copy_was_erased(delivered, mailoutbox, converted):
    sample, secret = delivered
    state = SampleState.CONVERTED if converted else SampleState.DELIVERED
    save(sample, state=state, confirmed_at=timezone.now())
    Client().post(at(secret, "withdraw/"))
    with tenant(sample.organisation_id):
        erase_all()
    ending.sweep()

    (letter,) = mailoutbox
    assert ("Our copy of your sample analysis" in letter.subject) == converted
    assert ("Everything of your sample analysis" in letter.subject) != converted
    assert ("your own organisation" in letter.body) == converted
    text = text_of(Client().get(re.search(r"/sample/\S+/", letter.body).group()))
    assert ("Our copy of this request was erased" in text) == converted
    assert ("Everything of this request was erased" in text) != converted


def test_the_certificate_comes_after_the_erasure_and_not_before(client):
    sample = received(email="grace@prospect.example", name="Grace Example", confirmed_at=timezone.now())
    secret = secret_of(sample)
    before = client.get(at(secret, "certificate/"))
    client.post(at(secret, "withdraw/"))
    between = client.get(at(secret, "certificate/"))
    with tenant(sample.organisation_id):
        erase_all()
    ending.sweep()
    secret = secret_of(fresh(sample))

    shown = text_of(client.get(at(secret)))
    file = client.get(at(secret, "certificate/"))
    pdf = client.get(at(secret, "certificate/"), {"form": "pdf"})

    assert (before.status_code, between.status_code) == (404, 404)
    assert "was erased on" in shown
    assert "Certificate (PDF)" in shown
    assert certificates.verify(json.loads(file.content)) == certificates.Verdict.VALID
    assert pdf.content.startswith(b"%PDF")
    assert "Grace" not in shown + file.content.decode()


def test_the_copy_is_a_file_of_what_was_told(client, issued):
    answer = client.get(at(issued.secret, "copy/"))
    assert answer["Content-Disposition"] == 'attachment; filename="sample-analysis.txt"'
    assert "Name: Grace Example" in answer.content.decode()


def test_the_report_opens_with_the_code_that_was_mailed(client, delivered, mailoutbox):
    _sample, secret = delivered
    locked = text_of(client.get(at(secret)))
    bolted = client.get(at(secret, "report/"))
    client.post(at(secret, "code/"))
    (code,) = re.findall(r"^\d{6}$", mailoutbox[0].body, re.MULTILINE)
    asks = text_of(client.get(at(secret)))
    wrong = client.post(at(secret, "open/"), {"code": "1" + code})

    told = text_of(client.post(at(secret, "open/"), {"code": code}, follow=True))
    file = client.get(at(secret, "report/"), follow=True)
    content = b"".join(file.streaming_content)

    for text in (locked, asks, text_of(wrong)):
        assert "A careful reading." not in text
    assert bolted.url == at(secret)
    assert "The six digits" in asks
    assert (wrong.status_code, "not the one that was sent last" in text_of(wrong)) == (400, True)
    assert "A careful reading.<br>Of you." in told
    assert content == PDF
    assert file["Content-Type"] == "application/pdf"
    trail = [line.action for line in every(AuditRecord)]
    assert (trail.count("sample.opened"), trail.count("result.exported")) == (1, 1)
    file.close()


def test_the_answer_to_a_document_is_read_with_the_code_and_there_is_no_report(client, mailoutbox):
    project = ProjectFactory(organisation=desk())
    sample = SampleRequestFactory(
        project=project,
        document=DocumentFactory(project=project),
        state=SampleState.DELIVERED,
        note="Your pitch is clear.",
        report_until=timezone.now() + timedelta(days=14),
    )
    secret = secret_of(sample)
    locked = text_of(client.get(at(secret)))
    client.post(at(secret, "code/"))
    (code,) = re.findall(r"^\d{6}$", mailoutbox[0].body, re.MULTILINE)

    told = text_of(client.post(at(secret, "open/"), {"code": code}, follow=True))

    assert "Your pitch is clear." not in locked
    assert "Our answer to your document is ready" in locked
    assert "Your pitch is clear." in told
    assert "Open the report (PDF)" not in told
    assert client.get(at(secret, "report/")).status_code == 404


def test_it_is_open_in_that_browser_alone_and_for_a_while(client, delivered, mailoutbox, monkeypatch):
    sample, secret = delivered
    client.post(at(secret, "code/"))
    (code,) = re.findall(r"^\d{6}$", mailoutbox[0].body, re.MULTILINE)
    client.post(at(secret, "open/"), {"code": code})
    there = client.get(at(secret, "report/"))
    elsewhere = Client().get(at(secret, "report/"))
    save(fresh(sample), report_until=timezone.now() - timedelta(seconds=1))
    late = client.get(at(secret, "report/"))
    shown = text_of(client.get(at(secret)))

    assert there.url.startswith("/files/")
    assert elsewhere.url == at(secret)
    assert late.status_code == 410
    assert "A careful reading." not in shown
    assert "can be opened here no more" in shown


def test_a_browser_that_opened_one_report_opens_no_other(client, delivered, mailoutbox):
    sample, secret = delivered
    other = received(
        at=sample.organisation,
        state=SampleState.DELIVERED,
        note="For somebody else.",
        report_until=timezone.now() + timedelta(days=1),
    )
    signed(other)
    client.post(at(secret, "code/"))
    (code,) = re.findall(r"^\d{6}$", mailoutbox[0].body, re.MULTILINE)
    client.post(at(secret, "open/"), {"code": code})
    theirs = secret_of(other)

    assert client.get(at(theirs, "report/")).url == at(theirs)
    assert "For somebody else." not in text_of(client.get(at(theirs)))
    assert client.post(at(theirs, "open/"), {"code": code}).status_code == 400


def test_a_mail_that_is_not_taken_is_told(client, delivered, monkeypatch):
    def away(*_args, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr("reports.domain.samples.mails.send", away)
    told = client.post(at(delivered[1], "code/"), follow=True)
    assert "The mail could not be sent." in text_of(told)


def test_without_a_desk_no_link_leads_anywhere(client, issued):
    save(fresh(issued.sample.organisation), is_desk=False)
    answer = client.get(at(issued.secret))
    assert answer.status_code == 404
    assert issued.sample.reference not in text_of(answer)


def test_what_has_a_name_is_no_link(client):
    assert reverse("sample-upload") == "/sample/upload/"
    assert client.get("/sample/upload/").status_code == 405
    assert every(SampleRequest) == []


def test_whose_file_was_deleted_is_told_so_and_may_send_it_again():
    sample = received(due_on=date(2026, 12, 1))
    with tenant(sample.organisation_id):
        Recording.objects.all().delete()

    text = page(fresh(sample))
    assert "The file that you sent was deleted." in text
    assert 'type="file"' in text
    for wrong in ("Your document is here", "Your recording is here", "1 December", "In analysis"):
        assert wrong not in text


def test_what_must_be_kept_for_legal_reasons_is_said(client):
    sample = received()
    with tenant(sample.organisation_id):
        holds.place("project", sample.project_id, "A lawsuit of somebody.", None, None)
    secret = secret_of(sample)
    client.post(at(secret, "withdraw/"))

    text = text_of(client.get(at(secret)))
    assert "for legal reasons this must be kept for now" in text
    assert "a few minutes" not in text
    assert "lawsuit" not in text
