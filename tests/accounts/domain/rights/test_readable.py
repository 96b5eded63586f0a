"""The readable copy: a tagged PDF that says everything in words and fetches nothing."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.domain.rights import readable
from accounts.domain.rights.copies import Section
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory, SubjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    organisation = OrganisationFactory(name="Harbour Institute", privacy_contact="dpo@harbour.example")
    return SubjectFactory(project__organisation=organisation, label="<b>Quirina</b>")


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_it_says_who_holds_what_of_whom(subject):
    sections = [
        Section("a", "Consents", [{"signer": "Quirina Z.", "purposes": ["sales", "talks"], "culture": True}]),
        Section("b", "Notices", []),
    ]
    files = [{"file": "data/a.json", "bytes": 2048}, {"file": "results/x.json", "bytes": None}]
    with tenant(subject.organisation_id):
        text = text_of(readable.pdf(subject, sections, files))
    for told in ("Harbour Institute", "<b>Quirina</b>", "dpo@harbour.example", "sales, talks", "Quirina Z."):
        assert told in text
    assert "Nothing is held of this kind." in text
    assert "It was erased before." in text
    assert "no decision may rest on it alone" in text.replace("\n", " ")


def test_rows_in_words_without_what_is_empty():
    row = {
        "given_at": "2026-05-04",
        "email": "",
        "until": None,
        "culture": False,
        "summary": {"value": [1, 2]},
    }
    assert list(readable.lines(row)) == [
        ("Given at", "2026-05-04"),
        ("Culture", "no"),
        ("Summary", "value: 1, 2"),
    ]


def test_a_long_value_is_cut_and_says_so():
    [(_name, told)] = readable.lines({"words": "x" * 5000})
    assert told == "x" * readable.LONGEST + "…"


def test_the_note_names_the_parts(subject):
    with tenant(subject.organisation_id):
        note = readable.readme(subject)
    assert "Harbour Institute" in note
    assert "<b>Quirina</b>" in note
    assert "overview.pdf" in note
