import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.domain.consent import papers
from accounts.models import Consent
from echodepth.errors import UserError
from tests.support.consents import PDF

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"


def look(content, name="form"):
    return papers.look(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(("content", "kind"), [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpg")])
def test_a_form_is_told_by_its_content(content, kind):
    paper = look(content, "whatever.exe")

    assert (paper.kind, paper.content) == (kind, content)
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    assert kind in papers.CONTENT_TYPES


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>go()</script></svg>",
        b"PK\x03\x04" + PDF,
        PDF[:-7],
        PNG[:-1],
        JPEG[:-1],
        b"%PDF-1.7\n%%EOF\n" + b"\0" * 2000,
    ],
)
def test_what_is_no_whole_form_is_refused_whatever_its_name(content):
    with pytest.raises(UserError, match="form_not_readable"):
        look(content, "form.pdf")


def test_what_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(papers, "LARGEST", len(PDF) - 1)

    with pytest.raises(UserError, match="form_too_large"):
        look(PDF)


def test_a_form_lies_with_its_organisation_and_goes_again(organisation):
    consent = Consent(organisation_id=organisation.pk)

    consent.form_key = papers.keep(consent, look(PDF))
    assert consent.form_key.startswith(f"{organisation.pk}/consents/{consent.pk}/")
    assert default_storage.exists(consent.form_key)
    papers.discard(consent)

    assert not default_storage.exists(consent.form_key)
