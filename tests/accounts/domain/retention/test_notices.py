import smtplib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.retention import notices, sweeps
from accounts.enums import DataClass, Role
from accounts.models import AuditRecord, Retention
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, RecordingFactory, RetentionFactory, UserFactory
from tests.support.tenants import fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PRIVATE = "Interview with Ms Weber"


def row(organisation, **facts):
    return RetentionFactory(organisation=organisation, **{"due_at": timezone.now() + 10 * DAY} | facts)


def test_one_mail_tells_those_who_manage_retention_what_goes_when(owner, mailoutbox):
    organisation = owner.organisation
    admin = MembershipFactory(organisation=organisation, role=Role.ADMIN)
    MembershipFactory(organisation=organisation, role=Role.ANALYST)
    MembershipFactory(organisation=organisation, role=Role.ADMIN, user=UserFactory(is_active=False))
    due_at = timezone.now() + 10 * DAY
    recording = RecordingFactory(project__organisation=organisation, title=PRIVATE)
    media = [
        row(organisation, due_at=due_at, object_id=recording.pk),
        row(organisation, due_at=due_at + DAY),
    ]
    report = row(organisation, kind="run", data_class=DataClass.REPORTS)
    later = row(organisation, due_at=timezone.now() + 60 * DAY)

    sweeps.sweep()

    (mail,) = mailoutbox
    day = due_at.astimezone(ZoneInfo(organisation.time_zone))
    assert sorted(mail.bcc) == sorted([owner.user.email, admin.user.email])
    assert not mail.to
    assert f"Recordings: 2, the first erased on {day.day} {day:%B %Y}" in mail.body
    assert "Reports: 1, erased on" in mail.body
    assert f"/o/{organisation.slug}/retention/" in mail.body
    assert PRIVATE not in mail.body + mail.subject
    assert all(fresh(one).noticed_at for one in [*media, report])
    assert fresh(later).noticed_at is None
    with tenant(organisation.pk):
        line = AuditRecord.objects.get(action=AuditAction.RETENTION_NOTICED)
    assert line.facts == {"count": 3}


def test_there_is_one_mail_a_day_and_nothing_is_told_twice(owner, mailoutbox):
    first = row(owner.organisation)
    sweeps.sweep()
    second = row(owner.organisation)
    sweeps.sweep()
    assert (len(mailoutbox), fresh(second).noticed_at) == (1, None)

    with tenant(owner.organisation_id):
        Retention.objects.filter(pk=first.pk).update(noticed_at=timezone.now() - DAY)
    sweeps.sweep()

    assert len(mailoutbox) == 2
    assert "Recordings: 1," in mailoutbox[1].body


def test_where_the_mail_server_refuses_it_is_told_later(owner, monkeypatch, caplog):
    waiting = row(owner.organisation)

    def refuse(*_args, **_more):
        raise smtplib.SMTPServerDisconnected("away")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    sweeps.sweep()

    assert fresh(waiting).noticed_at is None
    assert "could not be dealt with" in caplog.text


def test_the_summary_is_of_ones_own_and_of_what_goes_soon(owner, outsider):
    soonest = row(owner.organisation, due_at=timezone.now() + DAY)
    row(owner.organisation, due_at=timezone.now() + 5 * DAY)
    row(owner.organisation, due_at=timezone.now() + 40 * DAY)
    row(owner.organisation, asked_at=timezone.now())
    row(owner.organisation, extended_until=timezone.now() + 90 * DAY)
    row(outsider.organisation)

    with tenant(owner.organisation_id):
        (told,) = notices.summary(notices.soon())

    assert (told.data_class, told.count, told.first) == (DataClass.MEDIA, 2, soonest.due_at)
    assert isinstance(told.first, datetime)
    assert told.label == "Recordings"
