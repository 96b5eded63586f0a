import json
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from accounts.domain.erasure import certificates, erasures
from accounts.enums import ErasureReason
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory
from tests.support.erasing import erase_all


@pytest.fixture
def told(db):
    project = ProjectFactory()
    with tenant(project.organisation_id):
        erasure = erasures.request(ErasureReason.MEMBER, "project", project.pk, project.organisation_id)
        erase_all()
        erasure.refresh_from_db()
        return certificates.document(erasure.certificate)


def run(path, told):
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    said = StringIO()
    call_command("verify_certificate", str(path), stdout=said)
    return said.getvalue()


def test_a_valid_one_is_told_with_what_it_says(tmp_path, told):
    said = run(tmp_path / "certificate.json", told)
    assert "Valid" in said
    assert told["body"]["certificate"] in said
    assert "Project: 1" in said


def test_a_changed_one_ends_with_an_error(tmp_path, told):
    told["body"]["counts"]["project"] = 2
    with pytest.raises(CommandError, match="changed"):
        run(tmp_path / "certificate.json", told)


def test_one_of_another_installation_is_told_as_such_whatever_it_says(tmp_path):
    key = Ed25519PrivateKey.generate()
    body = {"format": certificates.FORMAT, "counts": {"recording": "<many>"}, "finished_at": 7}
    told = {
        "body": body,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(certificates.canonical(body)).hex(),
    }
    with pytest.raises(CommandError, match="another installation"):
        run(tmp_path / "certificate.json", told)


def test_neither_is_any_other_file_nor_none(tmp_path):
    with pytest.raises(CommandError, match="no certificate"):
        run(tmp_path / "certificate.json", "hello")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_certificate", str(tmp_path / "nothing.json"))
