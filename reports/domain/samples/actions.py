"""What the desk and the prospect do with a request: each guarded by its state, audited, and mailed.

All in the scope of the desk's organisation. Where the mail server takes no mail (OSError) nothing was done.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.enums import ErasureReason
from accounts.models import User
from accounts.permissions import DESK_ROLES
from echodepth.errors import UserError
from reports.domain.samples import ending, links, mails, states, trail, working_days
from reports.domain.samples.delivering import deliver
from reports.enums import SampleState
from reports.models import SampleRequest

__all__ = ["answer", "ask", "assign", "decline", "deliver", "note", "tag", "withdraw"]

MOST_TAGS = 10
LONGEST_TAG = 30
LONGEST_TEXT = 5_000
"""Most characters of a question, an answer, a reason or a note."""


@transaction.atomic
def assign(sample: SampleRequest, user: User | None) -> None:
    """Give it to somebody at the desk, or to nobody. Raises UserError `not_at_desk`."""
    if user and (user.platform_role not in DESK_ROLES or not user.is_active):
        raise UserError("not_at_desk", _("Choose somebody who works at the sales desk."))
    states.change(sample, _KEPT, owner=user)
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="owner", owned=user is not None)


@transaction.atomic
def tag(sample: SampleRequest, tags: Iterable[str]) -> None:
    """Set its tags: in lower case, each once, in order. Raises UserError `tags_invalid`."""
    words = sorted({" ".join(one.lower().split()) for one in tags} - {""})
    if len(words) > MOST_TAGS or any(len(word) > LONGEST_TAG for word in words):
        sentence = _("Give at most %(most)d tags of at most %(long)d characters each.")
        raise UserError("tags_invalid", sentence % {"most": MOST_TAGS, "long": LONGEST_TAG})
    states.change(sample, _KEPT, tags=words)
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="tags", count=len(words))


@transaction.atomic
def note(sample: SampleRequest, words: str) -> None:
    """Write the covering note, which the prospect reads above the report; not once that is delivered."""
    states.change(sample, states.CURRENT, note=_text(words, needed=False))
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="note")


@transaction.atomic
def ask(sample: SampleRequest, question: str) -> None:
    """Ask the prospect for something by mail; the clock stands until there is an answer, not for ever."""
    now = timezone.now()
    before = [SampleState.RECEIVED]
    states.change(sample, before, state=SampleState.ASKED, question=_text(question), answer="", paused_at=now)
    link = links.address(links.renew(sample))
    mails.send(sample, "question", link=link, days=ending.FILE_DAYS)
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="asked")


@transaction.atomic
def answer(sample: SampleRequest, words: str) -> None:
    """What the prospect says to the question; the clock goes on, and the due date is put off."""
    told = _text(words)
    locked: SampleRequest = SampleRequest.objects.select_for_update().get(pk=sample.pk)
    if locked.state != SampleState.ASKED or locked.paused_at is None:
        raise states.differs()
    locked.pauses = [*locked.pauses, _span(locked.paused_at, timezone.now())]
    states.change(
        sample,
        [SampleState.ASKED],
        state=SampleState.RECEIVED,
        answer=told,
        paused_at=None,
        pauses=locked.pauses,
        due_on=working_days.due_on(locked),
    )
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="answered")


@transaction.atomic
def decline(sample: SampleRequest, reason: str) -> None:
    """End it without a report, and tell the prospect why; everything is erased after a while.

    Not before the address is confirmed: that mail might go to a stranger.
    """
    told = _text(reason)
    states.change(sample, states.PROVED, state=SampleState.DECLINED, reason=told, **ending.terms(sample))
    mails.send(sample, "declined", link=links.address(links.renew(sample)))
    trail.record(AuditAction.SAMPLE_ENDED, sample, state=str(SampleState.DECLINED))


@transaction.atomic
def withdraw(sample: SampleRequest) -> None:
    """End it as the prospect wishes: everything is erased at once, and the certificate follows by mail.

    Also after delivery. One that is being erased already stays as it is; of a customer's, the desk's copy
    goes.
    """
    locked: SampleRequest = SampleRequest.objects.select_for_update().get(pk=sample.pk)
    if locked.erasure or locked.erased_at:
        return
    if locked.state == SampleState.CONVERTED:
        ending.erase(locked, ErasureReason.REQUEST)
        return
    # Who holds the link reads the address's mail.
    proved = {"confirmed_at": locked.confirmed_at or timezone.now()}
    states.change(sample, _KEPT, state=SampleState.WITHDRAWN, **proved, **ending.terms(sample, days=0))
    trail.record(AuditAction.SAMPLE_ENDED, sample, state=str(SampleState.WITHDRAWN))
    ending.erase(sample, ErasureReason.REQUEST)


_KEPT = (*states.CURRENT, *states.ENDED)


def _span(start: datetime, end: datetime) -> list[str]:
    return [start.isoformat(), max(start, end).isoformat()]


def _text(words: str, *, needed: bool = True) -> str:
    # A browser sends each line's end as two characters, and counts one.
    told = words.replace("\0", "").replace("\r\n", "\n").strip()
    if needed and not told:
        raise UserError("text_missing", _("Write at least a few words."))
    if len(told) > LONGEST_TEXT:
        sentence = _("That is too long. Write at most %(most)d characters.") % {"most": LONGEST_TEXT}
        raise UserError("text_too_long", sentence)
    return told
