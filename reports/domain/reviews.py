"""Human review: a report is a draft until a person has signed it.

A signature is of one draft, which its hash names, and stands for good: what is found wrong later wants a new
analysis, whose report is a new draft. The PDF is then rendered anew with the signature in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.models import User
from analysis.models import Run
from echodepth.errors import UserError
from reports.domain import requests
from reports.domain.facts import draft_source
from reports.enums import ReportState, ReviewOutcome, ReviewState
from reports.models import Report, Review


class OutdatedError(UserError):
    """A draft that would not be made as it was read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reviewer says who read a draft."""

    name: str
    """As the reviewer signs."""
    remarks: str
    draft: str
    """SHA-256 of the draft that was read, in hexadecimal."""


def history(report: Report | None) -> list[Review]:
    """All reviews of a report, newest first."""
    return list(report.reviews.all()) if report else []


def state_among(reviews: Sequence[Review]) -> ReviewState:
    """What a report of this history is."""
    outcomes = {review.outcome for review in reviews}
    if ReviewOutcome.SIGNED in outcomes:
        return ReviewState.SIGNED
    return ReviewState.RETURNED if outcomes else ReviewState.DRAFT


def signature_among(reviews: Sequence[Review]) -> Review | None:
    """The review that signed the report; None while it is a draft."""
    return next((one for one in reviews if one.outcome == ReviewOutcome.SIGNED), None)


def is_signed(report: Report | None) -> bool:
    """A result without a report is a draft."""
    return signature_among(history(report)) is not None


def review_facts(report: Report | None) -> dict[str, str | None]:
    """What programs are told of a report's review, everywhere in the same words; null where there is none."""
    reviews = history(report)
    signed = signature_among(reviews)
    return {
        "state": str(state_among(reviews)),
        "name": signed.name if signed else None,
        "signed_at": signed.reviewed_at.isoformat() if signed else None,
        "remarks": signed.remarks if signed else None,
        "draft_sha256": signed.report_sha256 if signed else None,
    }


def signature_of(run: Run) -> Review | None:
    """The review that signed the run's report; None while that is a draft, or is not there."""
    found: Review | None = Review.objects.filter(report__run=run, outcome=ReviewOutcome.SIGNED).first()
    return found


def sign(report: Report, reviewer: User, reading: Reading) -> Review:
    """Sign the draft; its PDF is made anew with the signature, before which there is none.

    UserError `report_signed`, `report_not_ready`, `result_retracted`, `draft_changed`, or `draft_outdated`
    where the PDF would say something else now than the draft that was read: that is made anew first.
    """
    try:
        with transaction.atomic():
            locked = _locked(report, reading.draft)
            _refuse_outdated(locked)
            made = _review(locked, reviewer, reading, ReviewOutcome.SIGNED)
            requests.request_again(locked)
            audit.record(AuditAction.REPORT_SIGNED, locked.run, review=str(made.pk))
    except OutdatedError:
        with transaction.atomic():
            requests.request_again(report)
        raise
    return made


def send_back(report: Report, reviewer: User, reading: Reading) -> Review:
    """Say what keeps the draft from being signed; it stays a draft. Raises as `sign` does."""
    with transaction.atomic():
        locked = _locked(report, reading.draft)
        made = _review(locked, reviewer, reading, ReviewOutcome.RETURNED)
        audit.record(AuditAction.REPORT_RETURNED, locked.run, review=str(made.pk))
    return made


def refuse_retracted(run: Run) -> None:
    """UserError `result_retracted` where somebody was measured of whom nothing may be."""
    if run.retracted:
        sentence = _(
            "This result is shown no more: it was said since that somebody who was measured in it may not be "
            "analysed. The recording is analysed anew without that person."
        )
        raise UserError("result_retracted", sentence, status=409, heading=_("Result retracted"))


def reports(state: ReviewState | None = None) -> "QuerySet[Report]":
    """Reports of the organisation in scope with their runs and reviews, newest first.

    A draft counts until its recording has a newer report. Of drafts, only those whose PDF can be read.
    """
    of_this = Review.objects.filter(report=OuterRef("pk"))
    signed = Exists(of_this.filter(outcome=ReviewOutcome.SIGNED))
    returned = Exists(of_this.filter(outcome=ReviewOutcome.RETURNED))
    newer = Report.objects.filter(
        run__recording=OuterRef("run__recording"), run__requested_at__gt=OuterRef("run__requested_at")
    )
    found: QuerySet[Report] = (
        Report.objects.select_related("run__recording__project", "run__recording__subject")
        .prefetch_related("reviews")
        .order_by("-created_at", "-pk")
    )
    if state is None:
        return found
    if state == ReviewState.SIGNED:
        return found.filter(signed)
    drafts = found.filter(~signed, ~Exists(newer), state=ReportState.READY)
    return drafts.filter(returned if state == ReviewState.RETURNED else ~returned)


def _locked(report: Report, draft: str) -> Report:
    """The row, held until the transaction ends; refused where it is no draft, or not the one read."""
    locked: Report = Report.objects.select_for_update().get(pk=report.pk)
    refuse_retracted(locked.run)
    if locked.reviews.filter(outcome=ReviewOutcome.SIGNED).exists():
        sentence = _("This report has been signed already. What is wrong in it wants a new analysis.")
        raise UserError("report_signed", sentence, status=409)
    if not locked.is_ready:
        sentence = _("The report is not there to be read yet. Wait until its PDF can be downloaded.")
        raise UserError("report_not_ready", sentence, status=409)
    if locked.sha256 != draft:
        sentence = _("The draft has changed since you opened it. Read it again, then review it.")
        raise UserError("draft_changed", sentence, status=409)
    return locked


def _refuse_outdated(report: Report) -> None:
    """What is signed is what was read: the PDF is made anew for the signature, from what is there now."""
    run = Run.objects.select_related(
        "recording__project", "recording__subject", "recording__organisation", "kept_neutral__run__recording"
    ).get(pk=report.run_id)
    if report.source_sha256 == draft_source(run):
        return
    sentence = _(
        "A title, a name or the program has changed since this draft was made. It is being made anew. Wait "
        "until its PDF can be downloaded, read it, then sign it."
    )
    raise OutdatedError("draft_outdated", sentence, status=409)


def _review(report: Report, reviewer: User, reading: Reading, outcome: ReviewOutcome) -> Review:
    made: Review = Review.objects.create(
        organisation_id=report.organisation_id,
        report=report,
        outcome=outcome,
        reviewer=reviewer,
        name=reading.name,
        remarks=reading.remarks,
        report_sha256=report.sha256,
    )
    return made
