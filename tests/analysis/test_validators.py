from io import BytesIO
from zipfile import ZipFile

import pytest

from analysis.validators import ODT_MIME, document_kind
from echodepth.errors import UserError


def zipped(**members):
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


GOOD = {
    "report.pdf": b"%PDF-1.7\n...",
    "letter.docx": zipped(**{"word/document.xml": b"<w/>"}),
    "letter.odt": zipped(mimetype=ODT_MIME),
    "talk.PPTX": zipped(**{"ppt/presentation.xml": b"<p/>"}),
    "notes.txt": "Größe: 5 µm".encode(),
    "wide.txt": "Größe".encode("utf-16"),
    "read me.md": b"# Title\n",
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_documents_are_known_by_name_and_content(name, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(GOOD[name])
    assert document_kind(name, path) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b"MZ\x90 not a PDF"),
        ("letter.docx", b"not an archive"),
        ("letter.docx", GOOD["talk.PPTX"]),
        ("talk.pptx", GOOD["letter.docx"]),
        ("letter.odt", zipped(mimetype=ODT_MIME + b"-template")),
        ("letter.odt", GOOD["letter.docx"]),
        ("notes.txt", b"\x00\x01binary"),
        ("notes.md", b"\xff\xd8\xff\xe0 a picture" * 20),
    ],
)
def test_content_that_belies_the_name_is_refused(name, content, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        document_kind(name, path)
    assert refused.value.code == "content_differs"


@pytest.mark.parametrize("name", ["setup.exe", "page.html", "archive.zip", "noending", ".pdf", "x.pdf.js"])
def test_other_kinds_are_refused(name, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(UserError) as refused:
        document_kind(name, path)
    assert refused.value.code == "type_not_allowed"


def test_a_character_cut_at_the_end_of_what_is_read_is_no_fault(tmp_path):
    path = tmp_path / "file"
    path.write_bytes("ab€".encode() * 40_000)
    assert document_kind("long.txt", path) == "txt"
