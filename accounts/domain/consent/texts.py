"""The texts that people are shown: an organisation's own, by kind and language, in numbered versions.

A version is a draft until it is published, and never changed after that; another one follows it. All of it
inside an organisation's scope.
"""

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.consent import evidence
from accounts.domain.consent.templates import BLANK, LANGUAGE, TEMPLATES
from accounts.enums import TextKind
from accounts.models import Organisation, PrivacyText, User
from echodepth.errors import UserError

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")
"""What is taken of BCP 47: `en`, `de-AT`, `zh-Hant`."""
LONGEST = 50_000
"""Most characters of a body."""
LONGEST_HEADING = 80


@transaction.atomic
def begin(organisation: Organisation, kind: TextKind, language: str, by: User | None) -> PrivacyText:
    """The draft that follows the newest version; one that is there already is answered with itself.

    It begins as that version, else as the one in another language, else as the template. Raises UserError
    `language_invalid`, or `draft_taken` where another began one at the same moment.
    """
    if not LANGUAGE_TAG.fullmatch(language):
        sentence = _("Write the language as a tag of two or three letters, such as en, de or pt-BR.")
        raise UserError("language_invalid", sentence)
    mine = PrivacyText.objects.filter(kind=kind, language=language)
    draft: PrivacyText | None = mine.filter(published_at=None).first()
    if draft:
        return draft
    title, body = _beginning(kind, language)
    number = (mine.aggregate(newest=Max("version"))["newest"] or 0) + 1
    try:
        with transaction.atomic():
            made: PrivacyText = PrivacyText.objects.create(
                organisation=organisation,
                kind=kind,
                language=language,
                version=number,
                title=title,
                body=body,
                written_by=by,
            )
    except IntegrityError as error:
        sentence = _("Somebody else began this version a moment ago. Open the list again.")
        raise UserError("draft_taken", sentence, status=409) from error
    return made


@transaction.atomic
def change(text: PrivacyText, title: str, body: str) -> None:
    """Raises UserError `text_published`."""
    draft = _draft(text)
    draft.title, draft.body = title.strip(), _plain(body)
    draft.save(update_fields=["title", "body"])
    text.title, text.body = draft.title, draft.body


@transaction.atomic
def publish(text: PrivacyText) -> None:
    """From now on people are shown it, and nobody changes it.

    Raises UserError `text_published`, or `text_unfinished` while something is still to be filled in.
    """
    draft = _draft(text)
    if BLANK in draft.title + draft.body:
        sentence = _("Some parts in double square brackets are still to be filled in.")
        raise UserError("text_unfinished", sentence)
    draft.published_at = timezone.now()
    draft.sha256 = evidence.text_sha256(draft)
    draft.save(update_fields=["published_at", "sha256"])
    record(
        AuditAction.TEXT_PUBLISHED,
        Target("privacytext", str(draft.pk), None),
        kind=draft.kind,
        language=draft.language,
        version=draft.version,
    )
    text.refresh_from_db()


@transaction.atomic
def drop(text: PrivacyText) -> None:
    """Throw a draft away. Raises UserError `text_published`."""
    _draft(text).delete()


def current(kind: TextKind) -> "QuerySet[PrivacyText]":
    """The newest published version of each language."""
    published: QuerySet[PrivacyText] = PrivacyText.objects.filter(kind=kind, published_at__isnull=False)
    newest = published.order_by("language").values("language").annotate(newest=Max("version"))
    wanted = [row["language"] + "/" + str(row["newest"]) for row in newest]
    chosen = [text.pk for text in published if f"{text.language}/{text.version}" in wanted]
    return published.filter(pk__in=chosen)


def notice_for(language: str) -> PrivacyText:
    """The notice that stands beside a text of this language; in another where there is none.

    Raises UserError `notice_text_missing`.
    """
    found = {text.language: text for text in current(TextKind.NOTICE)}
    wanted = [language, language.partition("-")[0], LANGUAGE, *sorted(found)]
    chosen = next((found[tag] for tag in wanted if tag in found), None)
    if chosen is None:
        sentence = _("There is no published notice of emotion analysis yet. Publish one under Texts first.")
        raise UserError("notice_text_missing", sentence, status=409)
    return chosen


def need_consent_text(text: PrivacyText) -> None:
    """Raises UserError `text_not_published`."""
    _need(text, TextKind.CONSENT)


def need_notice_text(text: PrivacyText) -> None:
    """Raises UserError `text_not_published`."""
    _need(text, TextKind.NOTICE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is shown."""

    heading: str
    """Its first line, where that reads as one; else empty."""
    lines: tuple[str, ...]


def paragraphs(body: str) -> list[Paragraph]:
    """A body as it is shown; nothing of it is left out."""
    blocks = [block.strip().splitlines() for block in re.split(r"\n\s*\n", body) if block.strip()]
    return [_paragraph(lines) for lines in blocks]


def _paragraph(lines: list[str]) -> Paragraph:
    first, *rest = lines
    if rest and len(first) <= LONGEST_HEADING and not first.rstrip().endswith((".", ":", ",", ";")):
        return Paragraph(first, tuple(rest))
    return Paragraph("", tuple(lines))


def _need(text: PrivacyText, kind: TextKind) -> None:
    if text.kind != kind or text.published_at is None:
        raise UserError("text_not_published", _("Choose a text that is published."), status=409)


def _draft(text: PrivacyText) -> PrivacyText:
    """Locked, so that nobody publishes while another still writes."""
    found: PrivacyText = PrivacyText.objects.select_for_update().get(pk=text.pk)
    if found.published_at is not None:
        sentence = _("This version is published and can no longer be changed. Begin a new one.")
        raise UserError("text_published", sentence, status=409)
    return found


def _beginning(kind: TextKind, language: str) -> tuple[str, str]:
    versions = PrivacyText.objects.filter(kind=kind, published_at__isnull=False)
    mine = versions.filter(language=language).order_by("-version").first()
    newest = mine or versions.order_by("-published_at").first()
    if newest:
        return newest.title, newest.body
    return TEMPLATES[kind].title, TEMPLATES[kind].body


def _plain(body: str) -> str:
    """With line feeds alone, as it is put under the digest."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
