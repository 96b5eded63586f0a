"""The delivered report: opened at the prospect's link, with a code that is sent by mail.

All in the scope of the desk's organisation.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.audit_actions import AuditAction
from analysis.domain.sight import in_sight
from analysis.models import Run
from echodepth.errors import UserError
from reports.domain.samples import mails, trail
from reports.enums import ReportState, ReviewOutcome, SampleState
from reports.models import Review, SampleRequest

CODE_LIFE = timedelta(minutes=15)
ATTEMPTS = 5
"""Wrong codes after which another one has to be sent."""
OPENED = (SampleState.DELIVERED, SampleState.CONVERTED)
"""States in which a delivered report can be opened."""


def signed_run(sample: SampleRequest) -> Run | None:
    """The latest analysis of the sample's recording whose report is signed and can be read.

    None as soon as it is to be erased, with its person or its project too.
    """
    if sample.recording_id is None:
        return None
    signed = Review.objects.filter(
        outcome=ReviewOutcome.SIGNED,
        report__state=ReportState.READY,
        report__run__recording=sample.recording_id,
    )
    newest = signed.order_by("-report__run__requested_at", "-report__run__pk").values_list("report__run")
    rows = in_sight(Run.objects.select_related("recording__project", "recording__subject"), "recording__")
    found: Run | None = rows.filter(pk__in=newest[:1]).first()
    return found if found and not found.retracted else None


def is_over(sample: SampleRequest) -> bool:
    """Whether the delivered report can be opened no more; who became a customer keeps it until its day."""
    until = sample.report_until
    if sample.state not in OPENED or sample.erasure or sample.erased_at:
        return True
    return until is None or until <= timezone.now()


def send_code(sample: SampleRequest) -> None:
    """Mail a new code; the one before it is worth nothing any more, unless the mail is not taken.

    Raises UserError `sample_report_over`, `too_many_requests`; OSError when the mail server does not take it.
    """
    refuse_over(sample)
    limits.SAMPLE_CODE.take(str(sample.pk))
    code = f"{secrets.randbelow(10**6):06d}"
    sample.code_hash, sample.code_until = make_password(code), timezone.now() + CODE_LIFE
    sample.code_attempts = 0
    with transaction.atomic():
        sample.save(update_fields=["code_hash", "code_until", "code_attempts"])
        mails.send(sample, "code", code=code, minutes=int(CODE_LIFE.total_seconds()) // 60)


def open(sample: SampleRequest, code: str) -> None:  # noqa: A001 - as the prospect says it
    """Try a code, which serves once. Raises UserError `sample_report_over` or `sample_code_invalid`."""
    refuse_over(sample)
    same = SampleRequest.objects.filter(pk=sample.pk, code_hash=sample.code_hash).exclude(code_hash="")
    live = same.filter(code_until__gt=timezone.now(), code_attempts__lt=ATTEMPTS)
    # Counted before it is looked at: of many tried at once, no more than these are.
    if not live.update(code_attempts=F("code_attempts") + 1):
        raise _invalid()
    if not check_password("".join(code.split()), sample.code_hash):
        raise _invalid()
    if not same.update(code_hash="", code_until=None):
        raise _invalid()
    sample.code_hash, sample.code_until = "", None
    trail.record(AuditAction.SAMPLE_OPENED, sample)


def refuse_over(sample: SampleRequest) -> None:
    """Raises UserError `sample_report_over`, in the same words whatever the reason."""
    if is_over(sample):
        sentence = _(
            "The report cannot be opened at this link any more, or not yet. Ask us for a new link if you "
            "still need it."
        )
        raise UserError("sample_report_over", sentence, status=410)


def _invalid() -> UserError:
    sentence = _(
        "This code is not the one that was sent last, or its time is over. Look at the newest mail, or have "
        "another code sent."
    )
    return UserError("sample_code_invalid", sentence)
