import io
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.domain.erasure import certificates, erasures
from accounts.enums import ErasureReason, Role
from echodepth.tenancy import tenant
from tests.factories import LegalHoldFactory, MembershipFactory, ProjectFactory
from tests.support.erasing import erase_all
from tests.support.pages import text_of


def ask(project):
    return erasures.request(ErasureReason.MEMBER, "project", project.pk, project.organisation_id)


@pytest.fixture
def project(db):
    return ProjectFactory(name="Secret project")


@pytest.fixture
def member(project):
    user = MembershipFactory(organisation=project.organisation, role=Role.ANALYST).user
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def erasure(project):
    with tenant(project.organisation_id):
        asked = ask(project)
        erase_all()
        asked.refresh_from_db()
        yield asked


def address(project, name, *rest):
    return reverse(name, args=[project.organisation.slug, *rest])


def test_the_list_shows_what_was_erased_and_of_nobody_else(project, member, erasure):
    other = ProjectFactory()
    with tenant(other.organisation_id):
        others = ask(other)
    page = text_of(member.get(address(project, "erasures")))
    assert str(erasure.object_id) in page
    assert "Erased" in page
    assert str(others.object_id) not in page
    assert member.get(address(project, "erasure", others.pk)).status_code == 404
    assert member.get(address(project, "certificate", others.pk)).status_code == 404


def test_the_page_of_one_says_what_went(project, member, erasure):
    page = text_of(member.get(address(project, "erasure", erasure.pk)))
    assert "Erasure: Project" in page
    assert "Declaration of use" in page
    assert "Secret project" not in page


def test_one_under_way_says_so_and_has_no_certificate(project, member):
    with tenant(project.organisation_id):
        asked = ask(project)
    page = text_of(member.get(address(project, "erasure", asked.pk)))
    assert "It is being erased." in page
    assert "Certificate, PDF" not in page
    assert member.get(address(project, "certificate", asked.pk)).status_code == 404


def test_one_that_is_held_says_which_hold(project, member):
    with tenant(project.organisation_id):
        LegalHoldFactory(
            organisation=project.organisation, kind="project", object_id=project.pk, reason="Case 77"
        )
        asked = ask(project)
    page = text_of(member.get(address(project, "erasure", asked.pk)))
    assert "A legal hold forbids this erasure." in page
    assert "Case 77" in page


def test_the_certificate_is_handed_out_as_it_verifies_and_to_be_read(project, member, erasure):
    answer = member.get(address(project, "certificate", erasure.pk))
    assert certificates.verify(json.loads(answer.content)) == "valid"
    assert str(erasure.certificate.pk) in answer["Content-Disposition"]
    paper = member.get(address(project, "certificate-pdf", erasure.pk))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Certificate of erasure" in text
    assert erasure.certificate.public_key[:20] in text
    assert "Secret project" not in text


def test_anybody_may_verify_one_by_file_or_text(erasure):
    text = json.dumps(certificates.document(erasure.certificate))
    by_text = Client().post("/certificates/", {"text": text})
    by_file = Client().post("/certificates/", {"certificate": SimpleUploadedFile("c.json", text.encode())})
    for answer in (by_text, by_file):
        assert "Valid: it says what this installation signed." in text_of(answer)
        assert str(erasure.object_id) in text_of(answer)


def test_one_that_was_changed_is_told_and_nothing_of_it_is_shown(erasure):
    told = certificates.document(erasure.certificate)
    told["body"] = dict(told["body"], reason="<b>policy</b>")
    file = SimpleUploadedFile("c.json", json.dumps(told).encode())
    answer = Client().post("/certificates/", {"certificate": file})
    assert "Something in it was changed." in text_of(answer)
    assert str(erasure.object_id) not in text_of(answer)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01"])
def test_of_one_that_anybody_signed_nothing_is_said_but_that(db, moment):
    key = Ed25519PrivateKey.generate()
    body = {"format": certificates.FORMAT, "certificate": "Call 0190", "finished_at": moment}
    told = {
        "body": body | {"backups_until": moment, "reason": "Call 0191", "asked_by": "Call 0192"},
        "public_key": key.public_key().public_bytes_raw().hex(),
    }
    told["signature"] = key.sign(certificates.canonical(told["body"])).hex()
    answer = Client().post(
        "/certificates/", {"certificate": SimpleUploadedFile("c", json.dumps(told).encode())}
    )
    assert "Not known: the signature fits" in text_of(answer)
    assert "Call 01" not in text_of(answer)


def test_what_is_no_certificate_is_refused_in_words(db):
    assert "This is no certificate" in text_of(Client().post("/certificates/", {"text": "hello"}))
    empty = Client().post("/certificates/", {})
    assert empty.status_code == 400
    assert "Choose the certificate" in text_of(empty)


def test_verifying_is_limited_by_address(db, monkeypatch):
    from accounts import limits
    from echodepth.limits import Limit

    monkeypatch.setattr(limits, "CERTIFICATE", Limit("certificate-test", 2, 60))
    answers = [Client().post("/certificates/", {"text": "{}"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
