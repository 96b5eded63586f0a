import hashlib
import json

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.consent import texts
from accounts.domain.consent.templates import BLANK, TEMPLATES
from accounts.enums import TextKind
from accounts.models import AuditRecord, PrivacyText
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.support.consents import published
from tests.support.tenants import every, fresh, save


def refused(attempt, *arguments):
    with pytest.raises(UserError) as caught:
        attempt(*arguments)
    return caught.value.code


@pytest.fixture
def scope(organisation):
    with tenant(organisation.pk):
        yield organisation


def begin(owner, kind=TextKind.CONSENT, language="en"):
    return texts.begin(owner.organisation, kind, language, owner.user)


@pytest.mark.parametrize("kind", TextKind)
def test_the_first_version_begins_as_the_template(scope, owner, kind):
    draft = begin(owner, kind)

    assert (draft.version, draft.title, draft.body) == (1, TEMPLATES[kind].title, TEMPLATES[kind].body)
    assert (draft.published_at, draft.sha256, draft.written_by) == (None, "", owner.user)


def test_the_templates_name_what_they_must_and_leave_blanks():
    notice, consent = TEMPLATES[TextKind.NOTICE], TEMPLATES[TextKind.CONSENT]

    assert "AI system for emotion recognition" in notice.body
    for said in ("withdraw", "[[Who receives", "copy of everything", "culture", "erased", "lied"):
        assert said in consent.body
    assert BLANK in notice.body


def test_a_draft_that_is_there_is_gone_on_with(scope, owner):
    draft = begin(owner)

    assert begin(owner) == draft
    assert every(PrivacyText) == [draft]


def test_what_is_to_be_filled_in_keeps_a_text_from_being_published(scope, owner):
    draft = begin(owner)

    assert refused(texts.publish, draft) == "text_unfinished"
    texts.change(draft, "Consent", "All is filled in.")
    texts.publish(draft)

    assert fresh(draft).published_at is not None
    assert list(texts.current(TextKind.CONSENT)) == [draft]


def test_publishing_is_recorded_with_the_digest_of_all_that_is_shown(scope, owner):
    draft = begin(owner)
    texts.change(draft, " Consent ", "One.\r\nTwo.\r\n\r\n")
    texts.publish(draft)

    said = json.dumps(["consent", "en", "Consent", "One.\nTwo.\n"], separators=(",", ":"))
    assert draft.sha256 == hashlib.sha256(said.encode()).hexdigest()
    line = AuditRecord.objects.get(action=str(AuditAction.TEXT_PUBLISHED))
    assert (line.target, line.facts) == (str(draft.pk), {"kind": "consent", "language": "en", "version": 1})


def test_what_is_published_is_never_changed_published_or_dropped(scope, owner):
    text = published(scope)
    before = fresh(text)

    assert refused(texts.change, text, "Another", "Text") == "text_published"
    assert refused(texts.publish, text) == "text_published"
    assert refused(texts.drop, text) == "text_published"
    assert vars(fresh(text)) | {"_state": None} == vars(before) | {"_state": None}


def test_the_next_version_begins_as_the_last_and_takes_its_place_once_published(scope, owner):
    first = published(scope, body="Mine.\n")

    draft = begin(owner)
    assert (draft.version, draft.body) == (first.version + 1, "Mine.\n")
    assert list(texts.current(TextKind.CONSENT)) == [first]
    texts.publish(draft)

    assert list(texts.current(TextKind.CONSENT)) == [draft]


def test_another_language_is_added_and_begins_as_what_is_there(scope, owner):
    english = published(scope, body="English.\n")

    draft = begin(owner, language="de-AT")
    assert (draft.version, draft.body) == (1, "English.\n")
    texts.publish(draft)

    assert list(texts.current(TextKind.CONSENT)) == [draft, english]


@pytest.mark.parametrize("language", ["", "EN", "english", "de_DE", "en en", "<b>"])
def test_a_language_is_a_tag(scope, owner, language):
    assert refused(begin, owner, TextKind.CONSENT, language) == "language_invalid"
    assert every(PrivacyText) == []


def test_a_draft_is_dropped(scope, owner):
    texts.drop(begin(owner))

    assert every(PrivacyText) == []


def test_the_notice_is_in_the_text_s_language_else_in_english_else_in_any(scope):
    assert refused(texts.notice_for, "de") == "notice_text_missing"
    french = published(scope, TextKind.NOTICE, "fr")
    assert texts.notice_for("de") == french
    english = published(scope, TextKind.NOTICE, "en")
    assert texts.notice_for("de-AT") == english
    german = published(scope, TextKind.NOTICE, "de")
    assert texts.notice_for("de-AT") == german


def test_a_draft_is_shown_to_nobody(scope, owner):
    begin(owner, TextKind.NOTICE)

    assert refused(texts.notice_for, "en") == "notice_text_missing"
    assert refused(texts.need_consent_text, begin(owner)) == "text_not_published"
    assert refused(texts.need_notice_text, published(scope)) == "text_not_published"


def test_another_organisation_s_texts_are_not_shown(scope, outsider):
    theirs = published(outsider.organisation, TextKind.NOTICE, body="Elsewhere.\n")
    save(theirs, title="Elsewhere")

    assert refused(texts.notice_for, "en") == "notice_text_missing"
    assert list(texts.current(TextKind.NOTICE)) == []


def test_a_body_is_shown_in_paragraphs_and_nothing_is_lost():
    body = "Intro line.\nMore.\n\nWhat is recorded\nVideo.\n \n- one\n- two\n\nA last word"

    shown = texts.paragraphs(body)

    assert [(part.heading, part.lines) for part in shown] == [
        ("", ("Intro line.", "More.")),
        ("What is recorded", ("Video.",)),
        ("- one", ("- two",)),
        ("", ("A last word",)),
    ]
