from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.domain.retention import sweeps
from accounts.enums import DataClass, ErasureReason, Role
from accounts.models import Erasure
from tests.factories import (
    DocumentFactory,
    LegalHoldFactory,
    MembershipFactory,
    OrganisationFactory,
    ProjectFactory,
    RecordingFactory,
    RetentionFactory,
)
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quiet_queue(monkeypatch):
    monkeypatch.setattr("accounts.domain.erasure.erasures.async_task", lambda *_args, **_more: None)


def due(recording, **facts):
    now = timezone.now()
    kept = {"due_at": now - DAY, "noticed_at": now - 14 * DAY} | facts
    return RetentionFactory(
        organisation=recording.organisation, project=recording.project, object_id=recording.pk, **kept
    )


def test_what_is_due_and_was_announced_is_asked_to_be_erased_once():
    row = due(recording := RecordingFactory())

    assert [sweeps.sweep(), sweeps.sweep()] == [1, 0]

    (erasure,) = every(Erasure)
    assert (erasure.reason, erasure.kind, erasure.object_id, erasure.data_class) == (
        ErasureReason.POLICY,
        "recording",
        recording.pk,
        DataClass.MEDIA,
    )
    assert erasure.policy == {
        "class": "media",
        "days": 365,
        "counted_from": "upload",
        "due": row.due_at.isoformat(),
    }
    assert erasure.asked_by is None
    assert fresh(row).asked_at is not None


@pytest.mark.parametrize(("days_late", "asked"), [(6, 0), (8, 1)])
def test_what_nobody_could_be_told_of_goes_a_week_late(days_late, asked, monkeypatch):
    def no_server(_message):
        raise OSError("the mail server is away")

    monkeypatch.setattr("accounts.domain.retention.notices.EmailMessage.send", no_server)
    row = due(RecordingFactory(), noticed_at=None, due_at=timezone.now() - days_late * DAY)
    MembershipFactory(organisation=row.organisation, role=Role.OWNER)

    assert sweeps.sweep() == asked
    assert len(every(Erasure)) == asked
    assert fresh(row).noticed_at is None


@pytest.mark.parametrize(
    "facts",
    [
        {"due_at": timezone.now() + 2 * DAY},
        {"noticed_at": None},
        {"noticed_at": timezone.now() - timedelta(hours=1)},
        {"extended_until": timezone.now() + DAY},
        {"asked_at": timezone.now()},
    ],
    ids=["not due", "nobody was told", "told just now", "extended", "asked already"],
)
def test_nothing_else_is(facts):
    row = due(RecordingFactory(), **facts)

    assert sweeps.sweep() == 0
    assert every(Erasure) == []
    assert fresh(row).due_at == row.due_at


@pytest.mark.parametrize("above", ["recording", "project", "organisation"])
def test_what_is_held_stays_and_goes_once_it_is_released(above):
    row = due(recording := RecordingFactory())
    key = {
        "recording": recording.pk,
        "project": recording.project_id,
        "organisation": recording.organisation_id,
    }
    hold = LegalHoldFactory(organisation=recording.organisation, kind=above, object_id=key[above])
    other = due(RecordingFactory(project=recording.project)) if above == "recording" else None

    assert sweeps.sweep() == (1 if other else 0)
    assert fresh(row).asked_at is None

    hold.released_at = timezone.now()
    save(hold)
    assert sweeps.sweep() == 1


def test_copies_for_people_go_without_a_notice():
    organisation = OrganisationFactory()
    row = RetentionFactory(
        organisation=organisation,
        data_class=DataClass.MEDIA,
        due_at=timezone.now() - DAY,
        noticed_at=None,
        object_id=RecordingFactory(project=ProjectFactory(organisation=organisation)).pk,
    )
    geometry = RetentionFactory(
        organisation=organisation,
        data_class=DataClass.GEOMETRY,
        kind="run",
        due_at=timezone.now() - DAY,
    )

    assert sweeps.sweep() == 1
    assert fresh(geometry).asked_at is not None
    assert fresh(row).asked_at is None


def test_what_nobody_can_erase_holds_up_nothing_else(caplog):
    recording = RecordingFactory()
    unknown = RetentionFactory(
        organisation=recording.organisation,
        kind="nonsense",
        due_at=timezone.now() - 2 * DAY,
        noticed_at=timezone.now() - 14 * DAY,
    )
    row = due(recording)

    assert sweeps.sweep() == 1

    assert fresh(unknown).asked_at is None
    assert fresh(row).asked_at is not None
    assert "due dates could not be dealt with" in caplog.text


def test_more_than_a_page_is_gone_through(monkeypatch):
    monkeypatch.setattr(sweeps, "CHUNK", 2)
    project = ProjectFactory()
    documents = [DocumentFactory(project=project) for _number in range(5)]
    LegalHoldFactory(organisation=project.organisation, kind="document", object_id=documents[0].pk)
    for document in documents:
        due(document, kind="document", data_class=DataClass.DOCUMENTS)

    assert sweeps.sweep() == 4
    assert {one.object_id for one in every(Erasure)} == {one.pk for one in documents[1:]}


def test_what_was_not_reckoned_yet_is_and_then_announced(mailoutbox):
    project = ProjectFactory()
    MembershipFactory(organisation=project.organisation, role=Role.ADMIN)
    old = RetentionFactory(
        organisation=project.organisation,
        project=project,
        object_id=uuid4(),
        starts_at=timezone.now() - 1000 * DAY,
    )

    sweeps.sweep()
    sweeps.sweep()

    reckoned = fresh(old)
    assert abs(reckoned.due_at - (timezone.now() + 14 * DAY)) < timedelta(minutes=1)
    assert reckoned.noticed_at is not None
    assert len(mailoutbox) == 1
