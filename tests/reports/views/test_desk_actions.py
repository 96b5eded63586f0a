"""What the desk does with a request, form by form."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.enums import PlatformRole
from accounts.models import AuditRecord
from analysis.enums import RunState
from reports.domain.samples import links
from reports.enums import ReportState, SampleState
from reports.views import desk_actions
from tests.factories import (
    ProjectFactory,
    RecordingFactory,
    ReportFactory,
    ReviewFactory,
    RunFactory,
    SampleRequestFactory,
)
from tests.support.pages import text_of
from tests.support.samples import desk
from tests.support.sign_in import prove_second_factor, second_factor, signed_in
from tests.support.staff import at_work, platform_person
from tests.support.tenants import every, fresh, save


@pytest.fixture
def organisation(db):
    return desk()


@pytest.fixture
def sales(organisation):
    return platform_person(PlatformRole.SALES, full_name="Sal Seller")


@pytest.fixture
def client(sales):
    return at_work(sales)


@pytest.fixture
def sample(organisation):
    now = timezone.now()
    facts = {"state": SampleState.RECEIVED, "received_at": now, "due_on": now.date()}
    return SampleRequestFactory(project=ProjectFactory(organisation=organisation), **facts)


def sent(client, name, sample, **fields):
    return text_of(client.post(reverse(name, args=[sample.pk]), fields, follow=True))


def trail():
    return [row.action for row in every(AuditRecord) if row.action.startswith("sample.")]


def test_the_owner_is_somebody_at_the_desk_or_nobody(client, sample, sales):
    stranger = platform_person(PlatformRole.SUPPORT)

    assert "The owner was changed." in sent(client, "desk-assign", sample, owner=sales.pk)
    assert fresh(sample).owner_id == sales.pk
    assert "Please correct this" in sent(client, "desk-assign", sample, owner=stranger.pk)
    assert fresh(sample).owner_id == sales.pk
    sent(client, "desk-assign", sample, owner="")
    assert fresh(sample).owner_id is None
    assert trail() == ["sample.changed", "sample.changed"]


def test_tags_are_kept_once_each_in_lower_case(client, sample):
    sent(client, "desk-tag", sample, tags="Big,  retail ,big")
    assert fresh(sample).tags == ["big", "retail"]

    assert "tags of at most" in sent(client, "desk-tag", sample, tags="x" * 60)
    assert fresh(sample).tags == ["big", "retail"]


def test_a_question_is_mailed_and_stops_the_clock(client, sample):
    text = sent(client, "desk-ask", sample, question="Who is on the left?")

    assert "The question was mailed." in text
    assert "The prospect has to answer your question." in text
    assert fresh(sample).state == SampleState.ASKED
    assert (mail.outbox[0].to, "Who is on the left?" in mail.outbox[0].body) == ([sample.email], True)


def test_without_a_mail_server_nothing_is_done(client, sample, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("reports.domain.samples.mails.send_mail", broken)

    text = sent(client, "desk-decline", sample, reason="Too dark.")

    assert "The mail server took no mail, so nothing was done." in text
    assert fresh(sample).state == SampleState.RECEIVED
    assert trail() == []


def test_declining_wants_a_reason_and_ends_the_request(client, sample):
    assert "Please correct this" in sent(client, "desk-decline", sample, reason=" ")
    assert fresh(sample).state == SampleState.RECEIVED

    assert "The request was declined" in sent(client, "desk-decline", sample, reason="Nobody can be seen.")
    assert (fresh(sample).state, fresh(sample).reason) == (SampleState.DECLINED, "Nobody can be seen.")
    assert "Nobody can be seen." in mail.outbox[0].body


def test_what_somebody_else_did_meanwhile_is_said(client, sample):
    sent(client, "desk-decline", sample, reason="No.")

    assert "This request is not as it was" in sent(client, "desk-ask", sample, question="Yes?")
    assert fresh(sample).state == SampleState.DECLINED


def test_the_covering_note_is_kept(client, sample):
    sent(client, "desk-note", sample, note="With kind regards.")

    assert fresh(sample).note == "With kind regards."


def test_a_report_is_delivered_once_it_is_signed(client, sample, organisation):
    recording = RecordingFactory(project=sample.project)
    save(sample, recording=recording)
    report = ReportFactory(run=RunFactory(recording=recording, state=RunState.DONE), state=ReportState.READY)
    assert "There is no signed report yet." in sent(client, "desk-deliver", sample)
    assert (fresh(sample).state, mail.outbox) == (SampleState.RECEIVED, [])

    ReviewFactory(report=report, outcome="signed")

    assert "The report was delivered" in sent(client, "desk-deliver", sample)
    assert fresh(sample).state == SampleState.DELIVERED
    assert fresh(sample).report_until > timezone.now()
    assert not mail.outbox[0].attachments


def test_a_prospect_becomes_an_organisation_with_its_owner_invited(client, sample, monkeypatch):
    asked = []
    monkeypatch.setattr(desk_actions.converting, "convert", lambda *given: asked.append(given[2]))
    save(sample, state=SampleState.DELIVERED)

    assert "Please correct this" in sent(client, "desk-convert", sample, owner_email="nobody")
    assert "The organisation was made" in sent(client, "desk-convert", sample, owner_email="boss@new.example")
    assert asked == ["boss@new.example"]


def test_only_who_proved_it_lately_makes_an_organisation(sales, sample, monkeypatch):
    asked = []
    monkeypatch.setattr(desk_actions.converting, "convert", lambda *given: asked.append(given))
    second_factor(sales)
    client = signed_in(sales)
    prove_second_factor(client)

    answer = client.post(reverse("desk-convert", args=[sample.pk]), {"owner_email": "boss@new.example"})

    assert (answer.status_code, asked) == (302, [])
    assert "reauthenticate" in answer["Location"]


def test_where_storage_fails_nobody_blames_the_mail_server(client, sample, monkeypatch):
    def broken(*_given):
        raise OSError("no storage")

    recording = RecordingFactory(project=sample.project)
    save(sample, recording=recording, confirmed_at=timezone.now())
    report = ReportFactory(run=RunFactory(recording=recording, state=RunState.DONE), state=ReportState.READY)
    ReviewFactory(report=report, outcome="signed")
    monkeypatch.setattr("reports.domain.samples.copying.write", broken)

    text = sent(client, "desk-convert", sample, owner_email=sample.email)

    assert "The sample could not be copied, so nothing was done." in text
    assert "mail server" not in text
    assert (fresh(sample).state, mail.outbox) == (SampleState.RECEIVED, [])


def test_a_draft_makes_nobody_a_customer(client, sample):
    text = sent(client, "desk-convert", sample, owner_email="boss@new.example")

    assert "There is no signed report yet." in text
    assert (fresh(sample).state, mail.outbox) == (SampleState.RECEIVED, [])


def test_a_new_link_is_shown_once_and_voids_the_old_one(client, sample):
    before = fresh(sample).token_hash

    text = sent(client, "desk-link", sample)

    secret = text.split("/sample/")[1].split("/")[0]
    assert links.find(secret).pk == sample.pk
    assert fresh(sample).token_hash != before
    assert secret not in text_of(client.get(reverse("desk-sample", args=[sample.pk])))


def test_no_link_proves_an_address_that_nobody_confirmed(client, sample):
    save(sample, state=SampleState.UNCONFIRMED)
    before = fresh(sample).token_hash

    answer = client.post(reverse("desk-link", args=[sample.pk]))

    assert answer.status_code == 409
    assert "/sample/" not in answer.content.decode()
    assert fresh(sample).token_hash == before


def test_nobody_else_acts(organisation, sample):
    other = at_work(platform_person(PlatformRole.SUPPORT))

    answer = other.post(reverse("desk-decline", args=[sample.pk]), {"reason": "No."})

    assert answer.status_code == 404
    assert fresh(sample).state == SampleState.RECEIVED
