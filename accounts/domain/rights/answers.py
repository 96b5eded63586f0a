"""Answering what a person asked for by right: done, declined with a reason, or later with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import erasures
from accounts.domain.rights import objections, requests
from accounts.domain.rights.requests import in_trail
from accounts.enums import ErasureReason, RightsKind, RightsState
from accounts.models import Erasure, RightsRequest, User
from echodepth.errors import UserError


def settle(request: RightsRequest, user: User, answer: str) -> None:
    """Close a request as done.

    Raises UserError `closed_already`, `copy_missing` where the copy that was asked for is not made, and
    `not_erased` where erasure was asked for and has not begun: that one closes by itself when all is gone.
    """
    _need_open(request)
    if request.kind == RightsKind.ACCESS and not request.export_key:
        raise UserError("copy_missing", _("Make the copy first, and give it to the person."), status=409)
    if request.kind == RightsKind.ERASURE:
        sentence = _("Erase the person's data: the request closes by itself when all is gone. Or decline it.")
        raise UserError("not_erased", sentence, status=409)
    _close(request, RightsState.DONE, user, answer)


def decline(request: RightsRequest, user: User, answer: str) -> None:
    """Close a request without doing what it asks for; an objection is lifted, and analyses may go on.

    Raises UserError `closed_already`, and `reason_missing` without a reason.
    """
    _need_open(request)
    _need_reason(answer)
    _close(request, RightsState.DECLINED, user, answer)


def prolong(request: RightsRequest, user: User, why: str) -> None:
    """Take more time, once, where the rule of the region knows of more.

    Raises UserError `closed_already`, `reason_missing`, `no_more_time`.
    """
    _need_open(request)
    _need_reason(why)
    later = requests.latest(request)
    if later is None:
        raise UserError("no_more_time", _("There is no more time for this request. Answer it."), status=409)
    with transaction.atomic():
        request.due_on, request.prolonged_for, request.handled_by = later, why.strip(), user
        request.save(update_fields=["due_on", "prolonged_for", "handled_by"])
        record(AuditAction.RIGHTS_ANSWERED, in_trail(request.pk), outcome="later")


@transaction.atomic
def erase(request: RightsRequest, user: User) -> Erasure:
    """Begin to erase all that is held of the person; the request closes when all is gone.

    Where a legal hold blocks it, the erasure waits for the hold's end. Raises UserError `closed_already`,
    `not_asked_for` for a request of another kind, or `person_gone` where the person was erased before.
    """
    _need_open(request)
    if request.kind != RightsKind.ERASURE:
        raise UserError("not_asked_for", _("The person did not ask for erasure."), status=409)
    if request.subject is None:
        raise UserError("person_gone", _("This person was erased before."), status=409)
    request.handled_by = user
    request.save(update_fields=["handled_by"])
    return erasures.request(
        ErasureReason.REQUEST,
        "subject",
        request.subject.pk,
        request.organisation_id,
        asked_by=user,
        rights_request=request.pk,
    )


def erasure_of(request: RightsRequest) -> Erasure | None:
    """What was begun for this request, the newest; with its certificate once it is done."""
    found = Erasure.objects.filter(rights_request=request.pk).select_related("certificate")
    newest: Erasure | None = found.order_by("-requested_at").first()
    return newest


@transaction.atomic
def _close(request: RightsRequest, state: RightsState, user: User, answer: str) -> None:
    request.state, request.answer = state, answer.strip()[: requests.WORDS_LENGTH]
    request.handled_by, request.closed_at = user, timezone.now()
    request.save(update_fields=["state", "answer", "handled_by", "closed_at"])
    if state == RightsState.DECLINED and request.subject and _no_other_stands(request):
        objections.lift(request.subject)
        subject = request.subject
        standing_changed.send(RightsRequest, project_id=subject.project_id, subject_id=subject.pk)
    record(AuditAction.RIGHTS_ANSWERED, in_trail(request.pk), outcome=str(state), kind=request.kind)


def _no_other_stands(request: RightsRequest) -> bool:
    """Whether it is an objection, and the person made no other that is open or was upheld."""
    others = RightsRequest.objects.filter(subject=request.subject_id, kind=RightsKind.OBJECTION)
    standing = others.exclude(pk=request.pk).exclude(state=RightsState.DECLINED)
    return request.kind == RightsKind.OBJECTION and not standing.exists()


def _need_open(request: RightsRequest) -> None:
    if not requests.is_open(request):
        raise UserError("closed_already", _("This request was answered already."), status=409)


def _need_reason(words: str) -> None:
    if not words.strip():
        raise UserError("reason_missing", _("Say why, in words for the person who asked."))
