from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.consent import notices
from accounts.enums import TextKind
from accounts.models import AuditRecord, Notice
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.support.consents import published
from tests.support.tenants import every


@pytest.fixture
def text(organisation):
    return published(organisation, TextKind.NOTICE)


@pytest.fixture
def scope(organisation):
    with tenant(organisation.pk):
        yield


@pytest.fixture
def told():
    heard = []

    def changed(sender, subject_id, **_more):
        heard.append(subject_id)

    standing_changed.connect(changed)
    yield heard
    standing_changed.disconnect(changed)


def test_opening_is_recorded_once_a_version(scope, organisation, subject, text, told):
    made = notices.opened(subject, text)

    assert notices.opened(subject, text) is None
    assert every(Notice) == [made]
    assert (made.way, made.recorded_by, made.subject) == ("link", None, subject)
    assert timezone.now() - made.shown_at < timedelta(minutes=1)
    assert told == [subject.pk]
    line = AuditRecord.objects.get(action=str(AuditAction.NOTICE_SHOWN))
    assert (line.target, line.facts) == (str(made.pk), {"way": "link", "version": text.version})

    later = published(organisation, TextKind.NOTICE)
    assert notices.opened(subject, later).text == later


def test_a_member_says_how_and_when_the_person_was_told(scope, subject, text, owner, told):
    when = timezone.now() - timedelta(days=3)

    made = notices.put_down(subject, text, "spoken", when, owner.user)

    assert (made.way, made.shown_at, made.recorded_by, made.text) == ("spoken", when, owner.user, text)
    assert told == [subject.pk]


@pytest.mark.parametrize(
    ("way", "ahead", "code"),
    [
        ("link", -1, "way_invalid"),  # that is the person's own
        ("telepathy", -1, "way_invalid"),
        ("spoken", 1, "date_invalid"),
    ],
)
def test_what_cannot_be_is_not_recorded(scope, subject, text, owner, way, ahead, code):
    when = timezone.now() + timedelta(hours=ahead)

    with pytest.raises(UserError, match=code):
        notices.put_down(subject, text, way, when, owner.user)
    assert every(Notice) == []


def test_a_consent_s_text_is_no_notice(scope, organisation, subject, owner):
    with pytest.raises(UserError, match="text_not_published"):
        notices.put_down(subject, published(organisation), "spoken", timezone.now(), owner.user)
    assert every(Notice) == []
