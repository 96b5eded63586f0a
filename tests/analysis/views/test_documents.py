import re

from django.core.files.uploadedfile import SimpleUploadedFile

from analysis.domain import objects
from analysis.models import Document
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support.erasing import erase_all
from tests.support.tenants import every

JSON = {"HTTP_ACCEPT": "application/json"}


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(tenant, *files, headers=None, **kwargs):
    address = tenant.address(f"projects/{tenant.project.pk}/documents/")
    return tenant.client().post(address, {"uploads": list(files)}, **(headers or {}), **kwargs)


def names():
    return sorted(document.original_name for document in every(Document))


def test_documents_are_uploaded_to_a_project(acme):
    answer = post(acme, SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.md", b"# b"), follow=True)
    assert names() == ["a.txt", "b.md"]
    assert "“a” was uploaded." in text_of(answer)
    assert {document.project_id for document in every(Document)} == {acme.project.pk}


def test_a_refused_document_is_named_and_the_good_one_kept(acme):
    answer = post(acme, SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.txt", b"b"))
    assert answer.status_code == 400
    assert "a.exe: Documents can be PDF" in text_of(answer)
    assert names() == ["b.txt"]


def test_nothing_chosen_is_told(acme):
    answer = post(acme)
    assert answer.status_code == 400
    assert "This field is required." in text_of(answer)


def test_a_script_is_answered_with_json(acme):
    taken = post(acme, SimpleUploadedFile("a.txt", b"a"), headers=JSON)
    assert taken.status_code == 201
    assert taken.json() == {"title": "a", "url": acme.address(f"projects/{acme.project.pk}/#documents")}
    refused = post(acme, SimpleUploadedFile("a.pdf", b"MZ\0"), headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "content_differs")
    empty = post(acme, headers=JSON)
    assert (empty.status_code, empty.json()["code"]) == (400, "invalid")


def test_a_document_comes_back_as_it_was_and_as_a_download(acme):
    document = acme.document("Größe <1>.txt", b"<script>alert(1)</script>")
    answer = acme.client("viewer").get(acme.address(f"documents/{document.pk}/"), follow=True)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    answer.close()
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_whose_file_is_gone_is_not_there(acme):
    document = acme.document()
    objects.erase(document.storage_key)
    assert acme.client().get(acme.address(f"documents/{document.pk}/")).status_code == 404


def test_delete_erases_row_and_file(acme, storage):
    document, kept = acme.document("a.txt"), acme.document("b.txt")
    answer = acme.client().post(acme.address(f"documents/{document.pk}/delete/"), follow=True)
    assert "“a.txt” is being erased." in text_of(answer)
    assert text_of(answer).count("a.txt") == 1
    with tenant(acme.organisation.pk):
        erase_all()
    assert names() == ["b.txt"]
    assert stored_files(storage) == [kept.storage_key]
