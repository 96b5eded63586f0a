from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from accounts.enums import ErasureReason, OrganisationState
from accounts.models import Certificate, Consent, Declaration, Erasure, Project, Subject
from analysis.models import Recording
from analysis.signals import swept
from echodepth.tenancy import tenant
from reports.domain.samples import actions, ending, stages
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.factories import DocumentFactory, ProjectFactory, RecordingFactory, SampleRequestFactory
from tests.support.erasing import erase_all
from tests.support.sample_work import received
from tests.support.samples import asked, desk
from tests.support.tenants import every, fresh, save

GRACE = {
    "name": "Grace Example",
    "email": "grace@prospect.example",
    "company": "Prospect Works",
    "wish": "How Grace comes across.",
    "question": "Who is Grace?",
    "answer": "Grace is left.",
    "note": "Dear Grace.",
    "reason": "Sorry, Grace.",
    "tags": ["grace"],
}


def later(monkeypatch, **more):
    moment = timezone.now() + timedelta(**more)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def erased(organisation):
    """What the sweep began is worked off, and the sweep comes again."""
    ending.sweep()
    with tenant(organisation.pk):
        erase_all()
    ending.sweep()


def test_a_delivered_one_is_erased_on_its_day_and_not_before(db):
    sample = received(**GRACE)
    save(
        sample,
        state=SampleState.DELIVERED,
        ended_at=timezone.now(),
        erase_on=timezone.localdate() + timedelta(1),
    )
    erased(sample.organisation)
    assert fresh(sample).erasure is None
    assert len(every(Recording)) == 1

    with tenant(sample.organisation_id):
        SampleRequest.objects.update(erase_on=stages.today(sample.organisation))
    erased(sample.organisation)

    gone = fresh(sample)
    assert gone.erased_at
    assert (gone.state, gone.reference) == (SampleState.DELIVERED, sample.reference)
    assert (every(Recording), every(Project)) == ([], [])
    (erasure,) = every(Erasure)
    assert (gone.erasure, erasure.reason) == (erasure.pk, ErasureReason.POLICY)
    with tenant(sample.organisation_id):
        assert Certificate.objects.get().erasure_id == gone.erasure
        left = str(list(SampleRequest.objects.values()))
    assert "grace" not in left.lower()
    assert "Prospect Works" not in left


def test_the_certificate_is_mailed_once_before_the_address_goes(db):
    sample = received(**GRACE)
    with tenant(sample.organisation_id):
        actions.withdraw(SampleRequest.objects.get())
    assert mail.outbox == []
    erased(sample.organisation)
    ending.sweep()

    (letter,) = mail.outbox
    assert letter.to == ["grace@prospect.example"]
    assert "/sample/" in letter.body
    assert fresh(sample).email == ""
    assert fresh(sample).token_hash != sample.token_hash


def test_who_withdraws_before_confirming_gets_the_certificate_too(db):
    at = desk()
    sample = asked().sample
    with tenant(at.pk):
        actions.withdraw(sample)
        erase_all()
    swept.send(None)

    assert fresh(sample).erased_at
    assert [letter.to for letter in mail.outbox] == [["grace@prospect.example"]]


def test_where_no_mail_is_taken_the_address_is_kept_for_a_day(db, monkeypatch):
    sample = received(**GRACE)
    with tenant(sample.organisation_id):
        actions.withdraw(SampleRequest.objects.get())

    def refuse(*_args, **_more):
        raise OSError

    monkeypatch.setattr("reports.domain.samples.mails.send_mail", refuse)
    erased(sample.organisation)
    kept = fresh(sample)
    assert (kept.email, kept.erased_at) == ("grace@prospect.example", None)
    assert every(Project) == []

    later(monkeypatch, days=1, minutes=1)
    ending.sweep()
    gone = fresh(sample)
    assert gone.erased_at
    assert (gone.email, gone.token_hash) == ("", kept.token_hash)


def test_what_was_never_confirmed_leaves_nothing(db, monkeypatch):
    at = desk()
    asked()
    erased(at)
    assert len(every(SampleRequest)) == 1

    later(monkeypatch, hours=24, minutes=1)
    erased(at)

    for model in (SampleRequest, Project, Subject, Declaration, Consent):
        assert every(model) == []
    assert mail.outbox == []


def test_a_confirmed_one_without_a_file_ends_after_a_month(db, monkeypatch):
    project = ProjectFactory(organisation=desk())
    facts = GRACE | {"project": project, "state": SampleState.OPEN, "confirmed_at": timezone.now()}
    sample = SampleRequestFactory(**facts)
    later(monkeypatch, days=29)
    erased(sample.organisation)
    assert fresh(sample).state == SampleState.OPEN

    later(monkeypatch, days=2)
    erased(sample.organisation)
    gone = fresh(sample)
    assert (gone.state, gone.email) == (SampleState.WITHDRAWN, "")
    assert len(mail.outbox) == 1
    assert [erasure.reason for erasure in every(Erasure)] == [ErasureReason.POLICY]


def test_a_question_that_nobody_answers_ends_after_a_month(db, monkeypatch):
    asked_at = timezone.now()
    sample = received(**GRACE, state=SampleState.ASKED, paused_at=asked_at, confirmed_at=asked_at)
    later(monkeypatch, days=29)
    erased(sample.organisation)
    assert fresh(sample).state == SampleState.ASKED

    later(monkeypatch, days=2)
    erased(sample.organisation)
    gone = fresh(sample)
    assert (gone.state, gone.email, gone.paused_at) == (SampleState.WITHDRAWN, "", None)
    assert (every(Recording), len(mail.outbox)) == ([], 1)
    assert [erasure.reason for erasure in every(Erasure)] == [ErasureReason.POLICY]


@pytest.mark.parametrize("kind", ["recording", "document"])
def test_a_file_that_nothing_was_said_of_is_taken_up_and_not_erased(db, monkeypatch, kind):
    """Staff put it into the project, and the prospect never opened the link."""
    now = timezone.now()
    project = ProjectFactory(organisation=desk())
    made = (RecordingFactory if kind == "recording" else DocumentFactory)(project=project)
    sample = SampleRequestFactory(project=project, state=SampleState.OPEN, confirmed_at=now, **GRACE)
    later(monkeypatch, days=31)
    erased(sample.organisation)

    kept = fresh(sample)
    assert (kept.state, getattr(kept, f"{kind}_id"), kept.erasure) == (SampleState.RECEIVED, made.pk, None)
    assert kept.due_on
    assert every(Erasure) == []


def test_what_is_under_way_stays_however_old(db, monkeypatch):
    sample = received(**GRACE)
    later(monkeypatch, days=400)
    erased(sample.organisation)

    assert fresh(sample).email == "grace@prospect.example"
    assert len(every(Recording)) == 1


def test_what_is_wrong_with_one_keeps_no_other(db, monkeypatch):
    at = desk()
    first, second = (
        received(at, state=SampleState.WITHDRAWN, erase_on=timezone.localdate()) for _time in "12"
    )
    broken = min(first.pk, second.pk)
    request = ending.erasures.request

    def ask(reason, kind, object_id, organisation_id):
        if object_id == fresh(SampleRequest(pk=broken, organisation=at)).project_id:
            raise RuntimeError
        return request(reason, kind, object_id, organisation_id)

    monkeypatch.setattr(ending.erasures, "request", ask)
    assert ending.sweep() == 1
    monkeypatch.undo()
    assert ending.sweep() == 1
    assert len(every(Erasure)) == 2


def test_without_a_desk_there_is_nothing_to_end(db):
    assert ending.sweep() == 0


def test_a_suspended_desk_still_erases(db):
    sample = received(**GRACE)
    save(sample.organisation, state=OrganisationState.SUSPENDED)
    with tenant(sample.organisation_id):
        actions.withdraw(SampleRequest.objects.get())
    erased(sample.organisation)

    assert fresh(sample).erased_at
    assert every(Recording) == []


def test_what_another_sweep_began_is_not_begun_again(db):
    at = desk()
    first, second = (
        received(at, state=SampleState.WITHDRAWN, erase_on=timezone.localdate()) for _time in "12"
    )
    save(first, erasure=uuid4())
    save(second, state=SampleState.OPEN)
    with tenant(at.pk):
        for stale in (first, second):
            stale.erasure, stale.state = None, SampleState.WITHDRAWN
            assert ending._begin(stale) is False

    assert every(Erasure) == []
