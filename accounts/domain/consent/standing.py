"""Whether a person may be analysed under a declaration, so far as it is up to the person."""

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.lawful.declarations import requires
from accounts.domain.lawful.missing import Missing
from accounts.enums import ConsentState
from accounts.models import Consent, Declaration, Notice, Organisation, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def today(organisation: Organisation) -> date:
    """The day it is where the organisation is: terms end with a day there."""
    return timezone.localdate(timezone=ZoneInfo(organisation.time_zone))


def in_force(subject: Subject) -> "QuerySet[Consent]":
    """What the person agreed to, did not withdraw, and whose term is not over."""
    given: QuerySet[Consent] = Consent.objects.filter(subject=subject, state=ConsentState.GIVEN)
    return given.filter(until__gte=today(subject.organisation))


def covering(subject: Subject, purpose: str) -> list[Consent]:
    """Those in force that name this purpose."""
    # JSON lists are not searched by both databases in the same way; a person has a handful.
    return [consent for consent in in_force(subject) if purpose in consent.purposes]


def noes(subject: Subject) -> "QuerySet[Consent]":
    """What the person withdrew or declined; not what a member stopped asking for."""
    over: QuerySet[Consent] = Consent.objects.filter(subject=subject, state=ConsentState.WITHDRAWN)
    return over.exclude(given_at=None, withdrawn_by_subject=False)


def missing(subject: Subject, declaration: Declaration) -> list[Missing]:
    """What is not there of what this person is owed, in the order in which to see to it.

    `objected`; `consent_withdrawn`, `consent_declined`, `consent_expired` or `consent_missing`;
    `notice_missing`. A person who withdrew, declined or was asked and has not answered is not analysed,
    whether the declaration requires consent or not: the link tells them so.
    """
    page = reverse("subject-consent", args=[subject.organisation.slug, subject.project_id, subject.pk])
    found = []
    if subject.objected_at is not None:
        found.append(Missing("objected", _("The person objected to being analysed."), page))
    consent = _consent_missing(subject, declaration, page)
    if consent:
        found.append(consent)
    if requires(declaration, "notice") and not Notice.objects.filter(subject=subject).exists():
        found.append(
            Missing(
                "notice_missing",
                _("The person was not told of the emotion analysis yet. Send the notice, or record it."),
                page,
            )
        )
    return found


def culture_allowed(subject: Subject, declaration: Declaration) -> bool:
    """Whether the declared cohort may be used: where the person agreed to something, only if it says so."""
    newest = _newest(covering(subject, declaration.purpose))
    if newest is not None:
        return newest.culture
    return not (requires(declaration, "consent") or requires(declaration, "culture") or _answered(subject))


def calibration_allowed(subject: Subject) -> bool:
    """Whether their recordings may calibrate a cohort, so far as consents say: the newest in force decides.

    Of a person who was never asked, or never answered, nothing is said here: True.
    """
    if subject.objected_at is not None or _withdrew(subject):
        return False
    newest = _newest(in_force(subject))
    return newest.calibration if newest is not None else not _answered(subject)


def _consent_missing(subject: Subject, declaration: Declaration, page: str) -> Missing | None:
    if covering(subject, declaration.purpose):
        return None
    if _withdrew(subject):
        return Missing("consent_withdrawn", _("The person withdrew their consent."), page)
    unanswered = _unanswered(subject, declaration.purpose)
    if unanswered and unanswered.state == ConsentState.WITHDRAWN:
        return Missing("consent_declined", _("The person was asked for consent and did not agree."), page)
    # Who agreed to something said no to the rest of what they were asked, and beyond the term to all of it.
    if unanswered is None and not requires(declaration, "consent") and not _answered(subject):
        return None
    if any(declaration.purpose in consent.purposes for consent in _given(subject)):
        sentence = _("The term of the person's consent is over. Ask for it again.")
        return Missing("consent_expired", sentence, page)
    sentence = _("The person has not agreed to this purpose. Ask for consent.")
    return Missing("consent_missing", sentence, page)


def _newest(consents: "Iterable[Consent]") -> Consent | None:
    """What the person said last; one of the same day that was entered later says more."""
    return max(consents, key=lambda consent: (consent.given_at, consent.asked_at), default=None)


def _answered(subject: Subject) -> bool:
    """Whether the person ever agreed to anything, or declined."""
    given = Consent.objects.filter(subject=subject, given_at__isnull=False)
    return given.exists() or noes(subject).exists()


def _given(subject: Subject) -> "QuerySet[Consent]":
    found: QuerySet[Consent] = Consent.objects.filter(subject=subject, state=ConsentState.GIVEN)
    return found


def _unanswered(subject: Subject, purpose: str) -> Consent | None:
    """The newest one that the person was asked for and did not give; not what a member took back."""
    asked = Consent.objects.filter(subject=subject, given_at=None).order_by("-asked_at", "-pk")
    told = asked.exclude(state=ConsentState.WITHDRAWN, withdrawn_by_subject=False)
    return next((consent for consent in told if purpose in consent.purposes), None)


def _withdrew(subject: Subject) -> bool:
    """And agreed to nothing since: of what was given, the latest was withdrawn."""
    given = Consent.objects.filter(subject=subject, given_at__isnull=False)
    latest: Consent | None = given.order_by("-given_at", "-pk").first()
    return latest is not None and latest.state == ConsentState.WITHDRAWN
