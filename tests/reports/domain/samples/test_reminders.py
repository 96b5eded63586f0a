from datetime import UTC, date, datetime

import pytest
from django.core import mail

from accounts.enums import PlatformRole
from reports.domain.samples import reminders
from reports.enums import SampleState
from tests.factories import UserFactory
from tests.support.sample_work import received
from tests.support.samples import desk
from tests.support.tenants import fresh, save

MONDAY = date(2026, 11, 23)


@pytest.fixture
def clock(monkeypatch):
    """Set it to a moment of November 2026, in UTC."""

    def to(day, hour):
        moment = datetime(2026, 11, day, hour, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return to


@pytest.fixture
def at(db):
    return desk(time_zone="UTC")


@pytest.fixture
def owner(db):
    return UserFactory(email="owner@desk.example", platform_role=PlatformRole.SALES)


@pytest.fixture
def admin(db):
    return UserFactory(email="admin@desk.example", platform_role=PlatformRole.ADMIN)


def test_who_owns_it_is_reminded_once_a_day_of_what_is_due(at, owner, admin, clock):
    late = received(at, owner=owner, due_on=date(2026, 11, 20), company="Prospect Works", name="Grace")
    received(at, owner=owner, due_on=MONDAY)
    later = received(at, owner=owner, due_on=date(2026, 11, 24))
    clock(23, 8)
    assert reminders.sweep() == 2
    assert reminders.sweep() == 0

    (letter,) = mail.outbox
    assert letter.recipients() == ["owner@desk.example"]
    assert letter.subject == "Sample desk: 1 due today, 1 overdue"
    assert f"{late.reference}: overdue since 20 November 2026" in letter.body
    assert f"/desk/{late.pk}/" in letter.body
    assert later.reference not in letter.body
    assert "Grace" not in letter.body
    assert "Prospect" not in letter.body

    clock(24, 8)
    assert reminders.sweep() == 3
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("left", [False, True])
def test_what_nobody_owns_any_more_everybody_at_the_desk_is_told(at, owner, admin, clock, left):
    UserFactory(platform_role=PlatformRole.SUPPORT)
    UserFactory(platform_role=PlatformRole.SALES, is_active=False)
    received(at, due_on=MONDAY, owner=owner if left else None)
    if left:
        owner.platform_role = PlatformRole.NONE
        owner.save()
    clock(23, 9)
    reminders.sweep()

    (letter,) = mail.outbox
    everybody = ["admin@desk.example"] if left else ["admin@desk.example", "owner@desk.example"]
    assert letter.recipients() == everybody


@pytest.mark.parametrize(("day", "hour"), [(22, 12), (21, 12), (23, 7)])
def test_weekends_and_nights_are_quiet(at, owner, clock, day, hour):
    received(at, owner=owner, due_on=date(2026, 11, 20))
    clock(day, hour)

    assert reminders.sweep() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("state", [SampleState.ASKED, SampleState.DELIVERED, SampleState.OPEN])
def test_nobody_is_reminded_of_what_does_not_run(at, owner, clock, state):
    save(received(at, owner=owner, due_on=date(2026, 11, 20)), state=state)
    clock(23, 9)

    assert reminders.sweep() == 0


def test_what_the_mail_server_does_not_take_is_told_the_next_time(at, owner, clock, monkeypatch):
    sample = received(at, owner=owner, due_on=MONDAY)
    clock(23, 9)
    with monkeypatch.context() as patch:

        def refuse(_message):
            raise OSError

        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert reminders.sweep() == 0
    assert fresh(sample).reminded_on is None

    assert reminders.sweep() == 1
    assert fresh(sample).reminded_on == MONDAY


def test_without_a_desk_nobody_is_reminded(db):
    assert reminders.sweep() == 0
