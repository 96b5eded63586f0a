from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.announcements import hold_released
from accounts.audit_actions import AuditAction
from accounts.domain.retention import holds
from accounts.models import AuditRecord, LegalHold
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import ConsentFactory, LegalHoldFactory, ProjectFactory, SubjectFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db


def hold_on(thing, **facts):
    kind = thing._meta.model_name
    organisation = thing if kind == "organisation" else thing.organisation
    return LegalHoldFactory(organisation=organisation, kind=kind, object_id=thing.pk, **facts)


@pytest.mark.parametrize("above", ["organisation", "project", "subject"])
def test_a_hold_holds_what_lies_below(above):
    consent = ConsentFactory()
    subject = consent.subject
    held = {"organisation": subject.organisation, "project": subject.project, "subject": subject}[above]
    hold = hold_on(held)
    stranger = ConsentFactory()

    with tenant(subject.organisation_id):
        assert holds.of("consent", consent.pk) == [hold]
    with tenant(stranger.organisation_id):
        assert holds.of("consent", stranger.pk) == []


def test_what_lies_above_is_not_held_but_cannot_be_erased_whole():
    subject = SubjectFactory()
    sibling = SubjectFactory(project=subject.project)
    hold = hold_on(subject)

    with tenant(subject.organisation_id):
        assert holds.of("project", subject.project_id) == []
        assert holds.blocking("project", subject.project_id) == [hold]
        assert holds.blocking("organisation", subject.organisation_id) == [hold]
        assert holds.blocking("subject", subject.pk) == [hold]
        assert holds.blocking("subject", sibling.pk) == []


def test_a_hold_ends_after_its_last_day_or_when_it_is_released():
    subject = SubjectFactory()
    today = timezone.localdate()
    over = hold_on(subject, until=today - timedelta(days=1))
    last = hold_on(subject, until=today)
    released = hold_on(subject, released_at=timezone.now())

    with tenant(subject.organisation_id):
        assert holds.of("subject", subject.pk) == [last]
        assert set(every(LegalHold)) == {over, last, released}


def test_placed_and_released_it_stands_in_the_audit_trail_without_its_reason(owner):
    project = ProjectFactory(organisation=owner.organisation)
    told = []
    hold_released.connect(receiver := lambda **facts: told.append((facts["kind"], facts["object_id"])))

    with tenant(owner.organisation_id):
        hold = holds.place("project", project.pk, " Case Meier ", None, owner.user)
        holds.release(hold, owner.user)
        with pytest.raises(UserError) as again:
            holds.release(hold, owner.user)
        trail = AuditRecord.objects.filter(action__startswith="hold.").order_by("number")
        lines = [(line.action, line.target_kind, line.target) for line in trail]
        assert not trail.filter(facts__icontains="Meier").exists()

    assert lines == [
        (AuditAction.HOLD_PLACED, "project", str(project.pk)),
        (AuditAction.HOLD_RELEASED, "project", str(project.pk)),
    ]
    assert told == [("project", project.pk)]
    assert receiver
    assert again.value.code == "hold_released"
    assert (fresh(hold).reason, fresh(hold).released_by_id) == ("Case Meier", owner.user_id)


def test_only_what_is_there_is_held_with_a_reason_and_not_in_the_past(owner, outsider):
    own = ProjectFactory(organisation=owner.organisation)
    foreign = ProjectFactory(organisation=outsider.organisation)
    yesterday = timezone.localdate() - timedelta(days=1)
    with tenant(owner.organisation_id):
        for kind, key, reason, until, code in (
            ("project", foreign.pk, "Case", None, "hold_kind"),
            ("organisation", foreign.organisation_id, "Case", None, "hold_kind"),
            ("project", uuid4(), "Case", None, "hold_kind"),
            ("user", own.pk, "Case", None, "hold_kind"),
            ("project", own.pk, "  ", None, "hold_without_reason"),
            ("project", own.pk, "Case", yesterday, "hold_in_the_past"),
        ):
            with pytest.raises(UserError) as caught:
                holds.place(kind, key, reason, until, owner.user)
            assert caught.value.code == code

    assert every(LegalHold) == []
