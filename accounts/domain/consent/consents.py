"""Consent: asked for at a link, given there, on a form or attested, and withdrawn; in the tenant's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.announcements import consent_withdrawn, standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.consent import evidence, links, papers, standing, texts
from accounts.domain.consent.purposes import OFFERED
from accounts.domain.consent.standing import today
from accounts.domain.erasure import erasures
from accounts.domain.retention import retentions
from accounts.enums import ConsentState, ConsentWay, DataClass, ErasureReason
from accounts.models import Consent, PrivacyText, Subject, User
from echodepth.errors import UserError

LONGEST_DAYS = 3 * 365
"""Most days that a consent is asked for: after that it is asked for again."""
SIGNER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed to."""

    purposes: tuple[str, ...]
    """Keys of the table of rules."""
    until: date
    """The last day."""
    culture: bool = False
    calibration: bool = False


class Issued(NamedTuple):
    """A consent that is asked for, and the secret of its link: known now, kept nowhere."""

    consent: Consent
    secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """A consent that was given elsewhere, as a member records it."""

    signer: str
    on: date
    by: User | None
    """Who records it; None for a prospect, who has no account."""
    paper: papers.Paper | None = None
    """The form that was signed; without one, the member vouches for it."""


@transaction.atomic
def ask(subject: Subject, text: PrivacyText, terms: Terms, *, email: str = "") -> Issued:
    """Ask for consent at a link; what is not asked for cannot be given there. `links.send` mails it.

    Raises UserError `text_not_published`, `notice_text_missing`, `purpose_missing`, `term_invalid` or
    `too_many_requests`.
    """
    _check(subject, text, terms)
    texts.notice_for(text.language)  # the page shows it too
    _count_mail(subject, email)
    secret, held = links.new_secret()
    made: Consent = Consent.objects.create(
        organisation_id=subject.organisation_id,
        subject=subject,
        text=text,
        way=ConsentWay.LINK,
        purposes=list(terms.purposes),
        culture=terms.culture,
        calibration=terms.calibration,
        until=terms.until,
        email=email.strip().lower(),
        **held,
    )
    _keep_unanswered(made)
    changed(subject)
    record(AuditAction.CONSENT_ASKED, in_trail(made), mailed=bool(email))
    return Issued(made, secret)


@transaction.atomic
def new_link(consent: Consent) -> Issued:
    """Another link to the same consent, signed or not; the old one is void at once.

    Raises UserError `consent_over` where it was withdrawn, or `too_many_requests`.
    """
    _count_mail(consent.subject, consent.email)
    secret, held = links.new_secret()
    usable = Consent.objects.filter(pk=consent.pk).exclude(state=ConsentState.WITHDRAWN)
    if consent.way != ConsentWay.LINK or not usable.update(**held):
        raise over()
    consent.refresh_from_db()
    if consent.state == ConsentState.ASKED:
        _keep_unanswered(consent)
    record(AuditAction.CONSENT_ASKED, in_trail(consent), mailed=bool(consent.email), again=True)
    return Issued(consent, secret)


@transaction.atomic
def give(consent: Consent, signer: str, purposes: Iterable[str], *, culture: bool, calibration: bool) -> None:
    """The person signs at the link, for all or some of what was asked.

    Raises UserError `name_missing`, `purpose_missing`, or `consent_over` where the link can no longer be
    signed; of two who sign at once, one does.
    """
    asked = locked(consent)
    now = timezone.now()
    if asked.state != ConsentState.ASKED or links.is_over(asked, now) or _is_past(asked):
        raise over()
    asked.signer = _name(signer)
    asked.purposes = _chosen(asked.purposes, purposes)
    asked.culture = asked.culture and culture
    asked.calibration = asked.calibration and calibration
    asked.given_at = now
    _given(asked)


@transaction.atomic
def put_down(subject: Subject, text: PrivacyText, terms: Terms, told: Told) -> Consent:
    """Record what was agreed to on paper or by word of mouth; the form goes into storage first.

    Raises UserError `text_not_published`, `purpose_missing`, `term_invalid`, `name_missing` or
    `date_invalid`: what is entered with a day before the person's last no does not take that no back.
    """
    _check(subject, text, terms)
    _lock(subject)
    _check_day(subject, told.on)
    made = Consent(
        organisation_id=subject.organisation_id,
        subject=subject,
        text=text,
        way=ConsentWay.FORM if told.paper else ConsentWay.ATTESTED,
        purposes=list(terms.purposes),
        culture=terms.culture,
        calibration=terms.calibration,
        until=terms.until,
        signer=_name(told.signer),
        attested_by=told.by,
        given_at=_moment(told.on),
    )
    if told.paper:
        made.form_sha256 = told.paper.sha256
        made.form_key = papers.keep(made, told.paper)
    try:
        with transaction.atomic():
            _given(made)
    except BaseException:
        papers.discard(made)
        raise
    return made


@transaction.atomic
def withdraw(consent: Consent, *, by_subject: bool) -> None:
    """The person takes back all that they agreed to: work on their recordings stops, erasure begins.

    Whichever of their consents it is done at: one who withdraws need not find the others. What is only
    asked for is void too. The records themselves stay, as the proof of what was done until now. Raises
    UserError `consent_over` where this one is not in force.
    """
    subject = consent.subject
    _lock(subject)
    rows = Consent.objects.select_for_update().filter(subject=subject).exclude(state=ConsentState.WITHDRAWN)
    found = {row.pk: row for row in rows}
    if consent.pk not in found or found[consent.pk].state != ConsentState.GIVEN:
        raise over()
    now = timezone.now()
    ended = {"state": ConsentState.WITHDRAWN, "withdrawn_at": now, "withdrawn_by_subject": by_subject}
    Consent.objects.filter(pk__in=found).update(**ended)
    consent.refresh_from_db()
    given = [row for row in found.values() if row.state == ConsentState.GIVEN]
    for row in given:
        _keep(row, now)
    retentions.touch("subject", subject.pk, now)
    consent_withdrawn.send(Consent, subject=subject)
    changed(subject)
    for row in given:
        record(AuditAction.CONSENT_WITHDRAWN, in_trail(row), by_subject=by_subject)
    erasures.request(ErasureReason.WITHDRAWAL, "subject", subject.pk, subject.organisation_id)


@transaction.atomic
def take_back(consent: Consent, *, by_subject: bool = False) -> None:
    """What was asked for is asked no more: a member thought better of it, or the person declined.

    Raises UserError `consent_over` where it was answered already.
    """
    asked = Consent.objects.filter(pk=consent.pk, state=ConsentState.ASKED)
    now = timezone.now()
    ended = {"state": ConsentState.WITHDRAWN, "withdrawn_at": now}
    if not asked.update(**ended, withdrawn_by_subject=by_subject):
        raise over()
    _keep(consent, now)
    changed(consent.subject)
    record(AuditAction.CONSENT_WITHDRAWN, in_trail(consent), by_subject=by_subject, given=False)


def changed(subject: Subject) -> None:
    """Tell who waits that something about this person is different now.

    Before the trail is written: whoever requests an analysis locks the project and then the trail.
    """
    standing_changed.send(Consent, project_id=subject.project_id, subject_id=subject.pk)


def in_trail(consent: Consent) -> Target:
    """A consent as the trail names it: by its id alone, so that no name has to be erased from there."""
    return Target("consent", str(consent.pk), None)


def locked(consent: Consent) -> Consent:
    """The consent as it is now, with its text and subject; nobody else changes it in this transaction."""
    Consent.objects.select_for_update().get(pk=consent.pk)
    found: Consent = Consent.objects.select_related("text", "subject__organisation").get(pk=consent.pk)
    return found


def over() -> UserError:
    return UserError(
        "consent_over", _("This can no longer be done here: the consent was answered or ended."), status=409
    )


def _given(consent: Consent) -> None:
    consent.state = ConsentState.GIVEN
    consent.evidence_sha256 = evidence.sha256(consent)
    consent.save()
    _keep(consent, _moment(consent.until or today(consent.subject.organisation)))
    retentions.touch("subject", consent.subject_id, consent.given_at)
    changed(consent.subject)
    record(
        AuditAction.CONSENT_GIVEN,
        in_trail(consent),
        way=str(consent.way),
        purposes=len(consent.purposes),
        seal=evidence.seal(consent),
    )


def _keep(consent: Consent, starts_at: datetime) -> None:
    """How long the record itself is kept runs from the end of its term."""
    retentions.keep(DataClass.CONSENTS, "consent", consent.pk, consent.subject.project_id, starts_at)


def _keep_unanswered(consent: Consent) -> None:
    """What nobody answers is kept as long as what ended when its link did."""
    _keep(consent, consent.link_expires_at or timezone.now())


def _check(subject: Subject, text: PrivacyText, terms: Terms) -> None:
    texts.need_consent_text(text)
    if not terms.purposes or not OFFERED.keys() >= set(terms.purposes):
        raise _no_purpose()
    day = today(subject.organisation)
    if not day <= terms.until <= day + timedelta(days=LONGEST_DAYS):
        sentence = _("Consent can be asked for until a day within the next %(days)d days.")
        raise UserError("term_invalid", sentence % {"days": LONGEST_DAYS})


def _lock(subject: Subject) -> None:
    """Of one who withdraws and one who enters what was agreed to before, the second sees the first."""
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)


def _check_day(subject: Subject, on: date) -> None:
    """To a day only: what was agreed to later on the day of a no is given at a link."""
    organisation = subject.organisation
    if on > today(organisation):
        raise UserError("date_invalid", _("The day on which it was given is still to come."))
    said_no = standing.noes(subject).aggregate(last=Max("withdrawn_at"))["last"]
    if said_no and on <= timezone.localdate(said_no, ZoneInfo(organisation.time_zone)):
        sentence = _(
            "The person withdrew or declined on that day or after it. What was agreed to before is over: "
            "ask for consent at a link, or enter what was given on a later day."
        )
        raise UserError("date_invalid", sentence)


def _chosen(asked: list[str], chosen: Iterable[str]) -> list[str]:
    wanted = set(chosen)
    found = [purpose for purpose in asked if purpose in wanted]
    if not found:
        raise _no_purpose()
    return found


def _no_purpose() -> UserError:
    return UserError("purpose_missing", _("Choose at least one purpose."))


def _name(signer: str) -> str:
    name = " ".join(signer.split())[:SIGNER_LENGTH]
    if not name:
        raise UserError("name_missing", _("Write the name of the person who agrees."))
    return name


def _is_past(consent: Consent) -> bool:
    return consent.until is None or consent.until < today(consent.subject.organisation)


def _moment(day: date) -> datetime:
    """A day's midnight in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def _count_mail(subject: Subject, email: str) -> None:
    if email:
        limits.CONSENT_MAIL.take(str(subject.organisation_id), email.strip().lower())
        limits.CONSENT_MAILS.take(str(subject.organisation_id))
