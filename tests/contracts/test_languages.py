"""The pages that are there in German and Spanish are so as a whole, and claim no more there."""

import re

import pytest
from django.conf import settings

from accounts.enums import PlatformRole
from reports.domain.model_page import ModelPage
from reports.views import model
from tests.factories import UserFactory
from tests.support import translated
from tests.support.cards import example_card
from tests.support.catalogues import block, compiled, of_django, recorded, written
from tests.support.samples import desk

CODES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|</?\w[^>]*>|\{\w+\}")
BANNED = {
    "de": re.compile(
        r"""\b(?:
            ge?log(?:en)? | lüg\w* | lügner\w* | täusch\w* | betrüg\w*
          | ehrlich\w* | unehrlich\w* | aufrichtig\w* | wahrhaftig\w*
          | (?:echte|wahre|falsche|wirkliche)[nrms]?\s+(?:lächeln|gefühle?n?|emotion(?:en)?)
          | (?:wirklich|tatsächlich)\s+(?:fühl|gefühl|empf)\w*
          | \w*lügendetektor\w* | polygra(?:ph|f)\w*
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "es": re.compile(
        r"""\b(?:
            mentir\w* | miente\w* | mint(?:ió|ieron|iendo) | engañ\w*
          | sincer\w* | honest\w* | deshonest\w* | veraz | veraces | veracidad
          | (?:sonrisas?|emoci(?:ón|ones)|sentimientos?)\s+(?:genuin|real|verdader|fals|fingid)\w*
          | (?:realmente|verdaderamente|de\s+verdad)\s+(?:siente|sintió|sienten)
          | pol[ií]grafo\w*
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
ALLOWED = {
    "de": "sagt nicht, ob jemand gelogen, die Wahrheit gesagt oder etwas gefühlt hat",
    "es": "no dice si alguien mintió, dijo la verdad o sintió algo",
}
"""What says that the product does not claim it: allowed there alone."""


def banned(code, text):
    return BANNED[code].findall(text.replace(ALLOWED[code], ""))


def incomplete(asked, texts, known):
    """The entries that a catalogue lacks, as they are to be added."""
    lacking = [key for key in asked if key not in known and not all(texts.get(key, ("",)))]
    return [block(key, asked[key]) for key in sorted(lacking)]


def broken(asked, texts):
    """The messages whose texts have not the placeholders and the tags of the message."""
    wrong = []
    for key, plural in asked.items():
        wanted = {frozenset(PLACEHOLDER.findall(form)) for form in (key[1], plural or key[1])}
        if {frozenset(PLACEHOLDER.findall(text)) for text in texts[key]} != wanted:
            wrong.append(key)
    return wrong


@pytest.fixture
def site(settings, monkeypatch, tmp_path, db):
    """All that makes the pages speak: a desk, a demonstration, a card."""
    settings.DEMO = True
    files = {"BACKEND": settings.STORAGES["default"]["BACKEND"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    page = ModelPage.of(example_card())
    monkeypatch.setattr(model, "shipped", lambda: page)
    desk()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("code", CODES)
def test_every_message_of_the_pages_is_translated_and_no_other(code):
    staff = UserFactory(platform_role=PlatformRole.ADMIN)
    with recorded(code) as asked:
        shown = "".join([*translated.pages(code), translated.signed_in(code, staff)])

    texts, entries = written(code)
    assert incomplete(asked, texts, of_django(code)) == []
    assert sorted(set(entries) - set(asked)) == []
    assert {key: entries[key] for key in entries} == {key: asked[key] for key in entries}
    assert f'<html lang="{code}">' in shown
    assert banned(code, shown) == []


@pytest.mark.parametrize("code", CODES)
def test_what_is_read_is_what_was_written(code):
    texts, entries = written(code)

    assert compiled(code) == texts
    assert broken(entries, texts) == []
    assert len(texts) > 300


@pytest.mark.parametrize("code", CODES)
def test_no_translation_claims_more_than_a_display(code):
    texts, _entries = written(code)

    assert {text: words for told in texts.values() for text in told if (words := banned(code, text))} == {}
    assert any(ALLOWED[code] in text for told in texts.values() for text in told)


@pytest.mark.parametrize(
    ("code", "claim"),
    [
        ("de", "Die Sprecherin hat gelogen."),
        ("de", "Ein Lügendetektor"),
        ("de", "ein echtes Lächeln"),
        ("de", "was sie wirklich fühlt"),
        ("es", "La persona miente."),
        ("es", "detecta el engaño"),
        ("es", "una sonrisa genuina"),
        ("es", "lo que realmente siente"),
    ],
)
def test_a_claim_is_found(code, claim):
    assert banned(code, claim)


def test_what_lacks_a_translation_is_told_as_it_is_to_be_added():
    asked = {("", "Read"): "", ("", "one"): "many", ("", "Known"): ""}

    found = incomplete(asked, {("", "one"): ("eins", "")}, {("", "Known"): ("bekannt",)})

    assert found == [
        'msgid "Read"\nmsgstr ""',
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] ""\nmsgstr[1] ""',
    ]


def test_a_lost_placeholder_is_found():
    key = ("", "%(days)s day")

    assert broken({key: "%(days)s days"}, {key: ("%(days)s Tag", "Tage")}) == [key]
    assert broken({key: "%(days)s days"}, {key: ("%(days)s Tag", "%(days)s Tage")}) == []
