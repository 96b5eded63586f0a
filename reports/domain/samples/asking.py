"""Asking for a free sample analysis: by a prospect at the public form, or by staff for one.

Each request gets a project of its own in the desk's organisation, with all that the rules require there, so
that its analysis begins by itself. What the prospect said counts once the address is confirmed: before that
nobody was told, so nothing is analysed.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.consent import consents, notices, texts
from accounts.domain.consent.consents import Terms, Told
from accounts.domain.consent.standing import today
from accounts.domain.consent.texts import Paragraph
from accounts.domain.lawful import declarations, rules
from accounts.domain.lawful.rules import Outcome
from accounts.domain.projects import add_subject, create_project
from accounts.enums import ConsentState, ConsentWay, PlatformRole, SubjectRole, TextKind, UseState
from accounts.models import Consent, Organisation, PrivacyText, Subject, User
from analysis.domain import gate
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import links, receiving, states, trail
from reports.enums import SampleState
from reports.models import SampleRequest

CONSENT_DAYS = 90
"""Term of the consent to a sample: longer than the longest sample is kept."""
ROLES = {
    "sales_meeting": SubjectRole.CUSTOMER,
    "customer_interview": SubjectRole.CUSTOMER,
    "own_pitch": SubjectRole.SPEAKER,
    "research": SubjectRole.SPEAKER,
}
"""Purposes that a sample is made for, and what the person is who is analysed."""
OWN = "own_pitch"
"""In which the prospect is the person."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that nobody takes for another one; 32 of them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a prospect tells; that everybody agreed, and who is responsible, was said before it is one."""

    name: str
    email: str
    company: str
    wish: str
    country: str
    region: str
    purpose: str
    """Key of `ROLES`."""
    setting: str
    people: tuple[str, ...] = ()
    """Who else may be seen: values of `SubjectRole` and groups of the table of rules."""


class Issued(NamedTuple):
    """A request, and the secret of its link: known now, kept nowhere."""

    sample: SampleRequest
    secret: str


def judge(wanted: Wanted) -> Outcome:
    """What the rules say of it. Raises UnknownChoiceError."""
    return rules.judge(wanted.purpose, wanted.setting, wanted.region, _people(wanted))


def ask(wanted: Wanted) -> Issued:
    """Asked by a prospect, whose address is still to be confirmed; `links.send_confirmation` mails the link.

    Enters the desk's scope. Raises UserError `no_desk`, `too_many_requests`, or `use_refused`, and keeps
    nothing.
    """
    with tenant(links.desk()), transaction.atomic():
        links.count_mail(wanted.email)
        with translation.override(settings.LANGUAGE_CODE):  # who reads it here reads English
            sample, secret, _subject = _make(wanted, SampleState.UNCONFIRMED, None)
        trail.record(AuditAction.SAMPLE_ASKED, sample, purpose=wanted.purpose, region=wanted.region)
    return Issued(sample, secret)


def enter(user: User, wanted: Wanted) -> Issued:
    """Entered by staff for a prospect, who told them of everybody's consent; open at once.

    Enters the desk's scope. Raises as `ask` does.
    """
    with tenant(links.desk()), transaction.atomic():
        sample, secret, subject = _make(wanted, SampleState.OPEN, user)
        notices.put_down(subject, _text(TextKind.NOTICE), "written", timezone.now(), user)
        use, where = wanted.purpose, wanted.region
        trail.record(AuditAction.SAMPLE_ASKED, sample, purpose=use, region=where, by_staff=True)
    return Issued(sample, secret)


@transaction.atomic
def confirm(sample: SampleRequest) -> None:
    """The prospect confirms the address, and with it what they said: an analysis that waits for it begins.

    In the desk's scope; once more changes nothing. Raises UserError `sample_state_differs` where the request
    is over.
    """
    # The project first, then the trail: as everybody does who requests an analysis.
    if sample.project_id:
        gate.lock(sample.project_id)
    sample.refresh_from_db()
    if sample.confirmed_at:
        return
    states.change(sample, [SampleState.UNCONFIRMED], state=SampleState.OPEN, confirmed_at=timezone.now())
    _tell(Subject.objects.get(project=sample.project_id))
    trail.record(AuditAction.SAMPLE_CHANGED, sample, confirmed=True)
    receiving.settle(sample)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the prospect reads before confirming."""

    notice: PrivacyText
    consent: PrivacyText | None
    """What they sign by it, where they are the person."""

    @property
    def notice_paragraphs(self) -> list[Paragraph]:
        return texts.paragraphs(self.notice.body)

    @property
    def consent_paragraphs(self) -> list[Paragraph]:
        return texts.paragraphs(self.consent.body) if self.consent else []


def agreement(sample: SampleRequest) -> Agreement:
    """Of a request that is to be confirmed; in the desk's scope."""
    asked = _own(Subject.objects.get(project=sample.project_id))
    return Agreement(_text(TextKind.NOTICE), asked.text if asked else None)


def _own(subject: Subject) -> Consent | None:
    """The consent that waits for the prospect's own word."""
    asked = Consent.objects.filter(subject=subject, state=ConsentState.ASKED, way=ConsentWay.LINK)
    found: Consent | None = asked.select_related("text").first()
    return found


def _tell(subject: Subject) -> None:
    """Record that the person was told, and of who speaks for themselves that they agree."""
    notice = _text(TextKind.NOTICE)
    own = _own(subject)
    if own is None:
        notices.put_down(subject, notice, "written", timezone.now(), None)
        return
    notices.opened(subject, notice)
    sample = SampleRequest.objects.get(project=subject.project_id)
    consents.give(own, sample.name, own.purposes, culture=False, calibration=False)


def _make(wanted: Wanted, state: SampleState, user: User | None) -> tuple[SampleRequest, str, Subject]:
    if wanted.purpose not in ROLES or judge(wanted).state == UseState.REFUSED:
        raise UserError("use_refused", _("This product refuses this use. Nothing was kept."))
    organisation = Organisation.objects.get(is_desk=True)
    reference = _reference()
    project = create_project(organisation, reference)
    declaration = declarations.declare(
        project,
        user,
        purpose=wanted.purpose,
        setting=wanted.setting,
        region=wanted.region,
        people=_people(wanted),
    )
    # Of staff, only an administrator may confirm a use by name; else it waits for one.
    may_confirm = user is None or user.platform_role == PlatformRole.ADMIN
    if declaration.state == UseState.UNCONFIRMED and may_confirm:
        declarations.confirm(declaration, user, wanted.name)
    subject = add_subject(project, reference, ROLES[wanted.purpose])
    _agree(subject, wanted, user)
    secret, digest = links.new_secret()
    sample = SampleRequest.objects.create(
        organisation=organisation,
        reference=reference,
        project=project,
        name=wanted.name,
        email=wanted.email.strip().lower(),
        company=wanted.company,
        wish=wanted.wish,
        country=wanted.country,
        region=wanted.region,
        state=state,
        entered_by=user,
        token_hash=digest,
    )
    return sample, secret, subject


def _agree(subject: Subject, wanted: Wanted, user: User | None) -> None:
    """The consent, as it was told; of a prospect who is the person, asked for until they confirm."""
    text = _text(TextKind.CONSENT)
    day = today(subject.organisation)
    terms = Terms((wanted.purpose,), day + timedelta(days=CONSENT_DAYS))
    if wanted.purpose == OWN and user is None:
        consents.ask(subject, text, terms)
        return
    signer = (
        wanted.name if wanted.purpose == OWN else gettext("Everybody, says %(name)s") % {"name": wanted.name}
    )
    consents.put_down(subject, text, terms, Told(signer, day, user))


def _people(wanted: Wanted) -> list[str]:
    return sorted({ROLES[wanted.purpose].value, *wanted.people} if wanted.purpose in ROLES else wanted.people)


def _text(kind: TextKind) -> PrivacyText:
    """The published one that everybody is shown. Raises UserError `no_desk` where the desk has none."""
    found: PrivacyText | None = texts.current(kind).order_by("published_at").last()
    if found is None:
        raise links.no_desk()
    return found


def _reference() -> str:
    """Such as `S-7KQ2-M4`; one that is not taken."""
    while True:
        drawn = "".join(secrets.choice(_LETTERS) for _number in range(6))
        reference = f"S-{drawn[:4]}-{drawn[4:]}"
        if not SampleRequest.objects.filter(reference=reference).exists():
            return reference
