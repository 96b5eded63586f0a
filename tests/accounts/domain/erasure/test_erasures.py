from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounts import tasks
from accounts.announcements import erasure_done
from accounts.audit_actions import AuditAction
from accounts.domain.erasure import erasures, registry
from accounts.domain.erasure.registry import NotYetError
from accounts.domain.retention import holds
from accounts.enums import DataClass, ErasureReason, ErasureState
from accounts.models import AuditRecord, Certificate, Erasure, Project, Subject
from echodepth.tenancy import tenant
from tests.factories import ErasureFactory, ProjectFactory, SubjectFactory
from tests.support.erasing import erase_all, is_done


@pytest.fixture
def project(db):
    project = ProjectFactory(name="Ada's interviews")
    with tenant(project.organisation_id):
        yield project


def ask(project, reason=ErasureReason.MEMBER, **more):
    return erasures.request(reason, "project", project.pk, project.organisation_id, **more)


def queued():
    return [row.task["args"][1] for row in OrmQ.objects.all() if row.task["func"] == erasures.ERASE_TASK]


def recorded(erasure):
    lines = AuditRecord.objects.filter(target=str(erasure.object_id)).order_by("number")
    return [line.action for line in lines if line.action.startswith("erasure")]


def older(erasure):
    """As if it had been asked for long ago, and its wake-up were lost."""
    OrmQ.objects.all().delete()
    Erasure.objects.filter(pk=erasure.pk).update(requested_at=timezone.now() - timedelta(days=1))


def test_what_is_asked_for_twice_is_one_erasure_until_it_is_done(project):
    first = ask(project)
    assert ask(project).pk == first.pk
    assert queued() == [str(first.pk)]
    assert erasures.work(first.pk)
    assert not Project.objects.exists()
    assert is_done(first)
    assert first.certificate.body["counts"]["project"] == 1
    assert ask(project).pk != first.pk
    assert Erasure.objects.count() == 2


def test_its_life_stands_in_the_audit_trail_without_names(project):
    erasure = ask(project)
    erase_all()
    assert recorded(erasure) == [AuditAction.ERASURE_REQUESTED, AuditAction.ERASURE_DONE]
    facts = AuditRecord.objects.get(action=AuditAction.ERASURE_DONE).facts
    assert facts == {"certificate": str(Certificate.objects.get().pk)}
    assert "Ada" not in str(list(AuditRecord.objects.values()))


def test_the_task_answers_its_wake_up_and_twice_is_once(project):
    erasure = ask(project)
    for _time in range(2):
        tasks.erase(str(project.organisation_id), str(erasure.pk))
    assert is_done(erasure)
    assert Certificate.objects.count() == 1


def test_who_waits_for_its_end_is_told_in_its_transaction(project):
    told = []

    def note(sender, erasure, certificate, **_more):
        told.append((erasure.state, certificate.erasure_id))

    erasure_done.connect(note)
    try:
        erasure = ask(project)
        erase_all()
    finally:
        erasure_done.disconnect(note)
    assert told == [(ErasureState.DONE, erasure.pk)]


@pytest.mark.parametrize(("kind", "data_class"), [("planet", ""), ("project", DataClass.MEDIA)])
def test_what_nobody_knows_how_to_erase_is_refused(project, kind, data_class):
    with pytest.raises(ValueError, match="nobody erases"):
        erasures.request(ErasureReason.MEMBER, kind, uuid4(), project.organisation_id, data_class=data_class)
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("kind", ["project", "subject", "organisation"])
def test_a_hold_on_it_above_it_or_within_it_blocks_and_its_end_lets_go_on(project, kind):
    subject = SubjectFactory(project=project)
    held = {"project": project.pk, "subject": subject.pk, "organisation": project.organisation_id}
    hold = holds.place(kind, held[kind], "Case 12", None, None)
    erasure = ask(project)
    assert erasure.state == ErasureState.HELD
    assert not erasures.work(erasure.pk)
    assert erasures.sweep() == 0
    assert Project.objects.filter(pk=project.pk).exists()
    assert Subject.objects.filter(pk=subject.pk).exists()
    assert queued() == []
    holds.release(hold, None)
    assert queued() == [str(erasure.pk)]
    erase_all()
    assert is_done(erasure)
    assert not Project.objects.exists()


def test_a_hold_that_is_placed_meanwhile_stops_it(project, monkeypatch):
    SubjectFactory(project=project)
    erasure = ask(project)
    real = registry.advance

    def one_chunk(job):
        done = real(job)
        if not holds.in_force().exists():
            holds.place("project", project.pk, "Case 12", None, None)
        return done

    monkeypatch.setattr(registry, "advance", one_chunk)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.HELD
    assert Project.objects.filter(pk=project.pk).exists()
    assert AuditAction.ERASURE_HELD in recorded(erasure)


def test_a_hold_that_is_placed_between_look_and_deed_stops_the_deed(project, monkeypatch):
    erasure = ask(project)
    Erasure.objects.update(state=ErasureState.WORKING)
    placed = []

    def late(_kind, _id):
        placed.append(placed or holds.place("project", project.pk, "Case 12", None, None))
        return False

    monkeypatch.setattr(erasures, "is_held", late)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.HELD
    assert Project.objects.filter(pk=project.pk).exists()
    assert AuditRecord.objects.get(action=AuditAction.HOLD_PLACED).facts["begun"] == 1


def test_a_hold_whose_last_day_is_over_is_found_by_the_sweep(project):
    hold = holds.place("project", project.pk, "Case 12", timezone.localdate(), None)
    erasure = ask(project)
    type(hold).objects.filter(pk=hold.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert erasures.sweep() == 1
    erase_all()
    assert is_done(erasure)


def test_a_lost_wake_up_is_made_again_once(project):
    erasure = ask(project)
    assert erasures.sweep() == 0  # it was only just asked for
    older(erasure)
    assert erasures.sweep() == 1
    assert erasures.sweep() == 0  # one waits in the queue already
    assert queued() == [str(erasure.pk)]


def test_a_wake_up_that_died_with_its_worker_does_not_keep_the_next_one_away(project):
    """Who was killed leaves its task locked in the queue for hours."""
    erasure = ask(project)
    Erasure.objects.update(
        requested_at=timezone.now() - timedelta(days=1),
        state=ErasureState.WORKING,
        lease=uuid4(),
        lease_until=timezone.now() - timedelta(seconds=1),
    )
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=20))
    assert erasures.sweep() == 1
    assert erasures.sweep() == 0
    assert queued() == [str(erasure.pk)] * 2
    erase_all()
    assert is_done(erasure)


def test_a_sweep_reads_the_queue_once_and_wakes_only_so_many(project, monkeypatch):
    for _number in range(3):
        other = ProjectFactory(organisation=project.organisation)
        older(ask(other))
    reads = []
    real = erasures._queued
    monkeypatch.setattr(erasures, "_queued", lambda: reads.append(1) or real())
    monkeypatch.setattr(erasures, "MOST_WOKEN", 2)
    assert erasures.sweep() == 2
    assert len(reads) == 1
    assert erasures.sweep() == 1
    assert len(set(queued())) == len(queued()) == 3


def test_the_sweep_wakes_every_organisation_and_nothing_that_is_worked_on_or_rests(project):
    erasure = ask(project)
    other = ProjectFactory()
    with tenant(other.organisation_id):
        others = ask(other)
        older(others)
    older(erasure)
    soon = timezone.now() + timedelta(seconds=30)
    rows = Erasure.objects.filter(pk=erasure.pk)
    rows.update(state=ErasureState.WORKING, lease=uuid4(), lease_until=soon)
    assert erasures.sweep() == 1
    assert queued() == [str(others.pk)]
    rows.update(lease=None, lease_until=None, rest_until=soon)
    assert erasures.sweep() == 0


def test_a_worker_that_died_is_followed_when_its_lease_is_over(project):
    erasure = ask(project)
    rows = Erasure.objects.filter(pk=erasure.pk)
    rows.update(state=ErasureState.WORKING, lease=uuid4(), lease_until=timezone.now() + erasures.LEASE)
    assert not erasures.work(erasure.pk)
    assert Project.objects.filter(pk=project.pk).exists()
    rows.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert erasures.work(erasure.pk)
    assert is_done(erasure)


def test_a_long_one_gives_way_to_others_and_goes_on(project, monkeypatch):
    SubjectFactory(project=project)
    erasure = ask(project)
    OrmQ.objects.all().delete()
    monkeypatch.setattr(erasures, "TURN_SECONDS", 0)
    assert not erasures.work(erasure.pk)
    assert queued() == [str(erasure.pk)]
    erase_all()
    assert is_done(erasure)


@pytest.mark.parametrize(
    ("fault", "code"), [(OSError(), "storage_unavailable"), (RuntimeError(), "internal_error")]
)
def test_what_breaks_off_rests_longer_each_time_and_says_why(project, monkeypatch, fault, code):
    erasure = ask(project)

    def broken(_job):
        raise fault

    rests = []
    with monkeypatch.context() as patch:
        patch.setattr(registry, "advance", broken)
        for _time in range(3):
            assert not erasures.work(erasure.pk)
            erasure.refresh_from_db()
            rests.append(erasure.rest_until - timezone.now())
            Erasure.objects.update(rest_until=None)
    assert erasure.error_code == code
    assert rests == sorted(rests)
    erase_all()
    assert is_done(erasure)
    assert erasure.error_code == ""


def test_what_must_wait_is_no_fault(project, monkeypatch):
    erasure = ask(project)

    def early(_job):
        raise NotYetError(timedelta(minutes=1))

    monkeypatch.setattr(registry, "advance", early)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.error_code, erasure.lease) == ("", None)
    assert erasure.rest_until > timezone.now()
    assert not erasures.work(erasure.pk)  # it rests


def test_what_is_gone_already_has_a_certificate_that_says_so(project):
    erasure = ErasureFactory(organisation=project.organisation, kind="project")
    erase_all()
    assert is_done(erasure)
    assert erasure.certificate.body["counts"] == {}
    assert Project.objects.filter(pk=project.pk).exists()
