"""That a person was told of the analysis: EU AI Act, Art. 50(3)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.consent import texts
from accounts.models import Notice, PrivacyText, Subject, User
from echodepth.errors import UserError

LINK = "link"
WAYS = {"written": _("In writing"), "spoken": _("By word of mouth")}
"""How a member told the person; at a link it is `LINK`."""


@transaction.atomic
def opened(subject: Subject, text: PrivacyText) -> Notice | None:
    """The person has the text before them at their link; recorded once for each version, None after that."""
    # Of two windows, one records it. Not the whole lock: what refers to the person under the project's lock,
    # which is taken after this one here, would wait for it, and this for that.
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
    if Notice.objects.filter(subject=subject, text=text, way=LINK).exists():
        return None
    return _record(subject, text, LINK, timezone.now(), None)


@transaction.atomic
def put_down(subject: Subject, text: PrivacyText, way: str, shown_at: datetime, by: User | None) -> Notice:
    """A member says that the person was told, how and when; a prospect of a sample has no account.

    Raises UserError `text_not_published`, `way_invalid` or `date_invalid`.
    """
    texts.need_notice_text(text)
    if way not in WAYS:
        raise UserError("way_invalid", _("Say how the person was told."))
    if shown_at > timezone.now():
        raise UserError("date_invalid", _("The time at which the person was told is still to come."))
    return _record(subject, text, way, shown_at, by)


def _record(subject: Subject, text: PrivacyText, way: str, shown_at: datetime, by: User | None) -> Notice:
    made: Notice = Notice.objects.create(
        organisation_id=subject.organisation_id,
        subject=subject,
        text=text,
        way=way,
        shown_at=shown_at,
        recorded_by=by,
    )
    # Before the trail, whose lock comes after the project's.
    standing_changed.send(Notice, project_id=subject.project_id, subject_id=subject.pk)
    record(AuditAction.NOTICE_SHOWN, Target("notice", str(made.pk), None), way=way, version=text.version)
    return made
