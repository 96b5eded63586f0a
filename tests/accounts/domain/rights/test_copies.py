"""The copy: one zip of everything of one person, made by a worker, and nothing of anybody else."""

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from django_q.models import OrmQ

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.rights import copies, readable, requests
from accounts.enums import RightsKind
from accounts.models import AuditRecord, Retention
from echodepth.tenancy import tenant
from tests.factories import (
    AuditPartyFactory,
    ConsentFactory,
    NoticeFactory,
    RecordingFactory,
    SubjectFactory,
    TrackAssignmentFactory,
)
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(readable, "pdf", lambda *_facts: b"%PDF-readable")
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}


@pytest.fixture
def subject():
    return SubjectFactory(label="Quirina")


@pytest.fixture
def asked(subject):
    with tenant(subject.organisation_id):
        return requests.receive(subject, RightsKind.ACCESS, "All of it, please")


def made(request, *, with_media=False):
    with tenant(request.organisation_id):
        copies.ask(request, with_media=with_media)
        assert copies.make(request.pk)
    return fresh(request)


def opened(request):
    with default_storage.open(request.export_key) as content:
        return ZipFile(BytesIO(content.read()))


def rows(archive, name):
    return json.loads(archive.read(f"data/{name}.json"))


def test_it_holds_what_is_the_persons_and_nobody_elses(subject, asked):
    other = SubjectFactory(project=subject.project, label="Perpetua")
    ConsentFactory(subject=subject, signer="Quirina Z.", token_hash="ab" * 32)
    ConsentFactory(subject=other, signer="Perpetua H.")
    NoticeFactory(subject=subject, way="spoken")
    with tenant(subject.organisation_id):
        record(AuditAction.SUBJECT_VIEWED, subject)
        record(AuditAction.SUBJECT_VIEWED, other)
    archive = opened(made(asked))
    assert [row["label"] for row in rows(archive, "accounts-subject")] == ["Quirina"]
    assert [row["signer"] for row in rows(archive, "accounts-consent")] == ["Quirina Z."]
    assert [row["way"] for row in rows(archive, "accounts-notice")] == ["spoken"]
    assert [row["words"] for row in rows(archive, "accounts-rightsrequest")] == ["All of it, please"]
    assert "Subject opened" in {row["done"] for row in rows(archive, "who-saw-it")}
    assert {row["id"] for row in rows(archive, "who-saw-it")} == {str(subject.pk), str(asked.pk)}
    assert [row["project_name"] for row in rows(archive, "what-for")] == [subject.project.name]
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Perpetua" not in whole
    assert "ab" * 32 not in whole


def test_a_name_that_the_row_does_not_tell_is_not_told_beside_the_trail_either(subject, asked):
    about = RecordingFactory(
        project=subject.project, subject=SubjectFactory(project=subject.project), title="Perpetua speaks"
    )
    own = RecordingFactory(project=subject.project, subject=subject, title="Quirina speaks")
    TrackAssignmentFactory(recording=about, subject=subject)
    for recording in (about, own):
        AuditPartyFactory(
            organisation=about.organisation,
            kind="subject",
            key=f"recording:{recording.pk}",
            name=recording.title,
        )
    archive = opened(made(asked))
    assert "Quirina speaks" in {row["name"] for row in rows(archive, "names-in-the-trail")}
    assert b"Perpetua" not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_index_names_every_file_with_its_checksum(asked):
    archive = opened(made(asked))
    index = {entry["file"]: entry for entry in json.loads(archive.read("index.json"))}
    assert set(index) == set(archive.namelist()) - {"index.json", "README.txt"}
    for name, entry in index.items():
        assert entry["sha256"] == hashlib.sha256(archive.read(name)).hexdigest()
    assert archive.read("overview.pdf") == b"%PDF-readable"


def test_the_row_knows_the_file_and_until_when_it_is_kept(asked):
    kept = made(asked)
    with default_storage.open(kept.export_key) as content:
        assert kept.export_sha256 == hashlib.sha256(content.read()).hexdigest()
    assert kept.copy_asked_at is None
    with tenant(asked.organisation_id):
        assert Retention.objects.get(data_class="exports").object_id == asked.pk
        assert [stored.key for stored in copies.stored()] == [kept.export_key]
        assert AuditRecord.objects.filter(action="rights.exported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_made_anew_the_one_before_goes(asked):
    first = made(asked)
    second = made(fresh(asked))
    assert first.export_key != second.export_key
    assert not default_storage.exists(first.export_key)
    assert default_storage.exists(second.export_key)


def test_a_second_wake_up_makes_nothing(asked):
    kept = made(asked)
    with tenant(asked.organisation_id):
        assert not copies.make(asked.pk)
    assert fresh(asked).export_key == kept.export_key


def test_a_copy_that_is_no_longer_wanted_is_not_kept(asked, monkeypatch):
    """The person was erased while a worker was at it."""
    with tenant(asked.organisation_id):
        copies.ask(asked, with_media=False)

        def erased_meanwhile(*_facts, **_more):
            save(fresh(asked), copy_asked_at=None, subject=None)

        monkeypatch.setattr(copies, "write", erased_meanwhile)
        monkeypatch.setattr(copies, "_store", lambda *_: pytest.fail("it was stored"))
        assert not copies.make(asked.pk)
    assert fresh(asked).export_key == ""


def test_a_copy_that_comes_too_late_goes_with_every_version(asked, monkeypatch):
    """The person was erased while the zip went to storage."""
    gone, stored = [], copies._store
    monkeypatch.setattr(copies.erasing, "erase", gone.append)

    def late(request, path):
        kept = stored(request, path)
        save(fresh(asked), copy_asked_at=None, subject=None)
        return kept

    monkeypatch.setattr(copies, "_store", late)
    with tenant(asked.organisation_id):
        copies.ask(asked, with_media=False)
        assert not copies.make(asked.pk)
        left = default_storage.listdir(copies.folder(asked.organisation_id, asked.pk))[1]
    assert [key.rpartition("/")[2] for key in gone] == left


def test_a_wake_up_names_ids_alone(asked):
    with tenant(asked.organisation_id):
        copies.ask(asked, with_media=True)
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == (copies.TASK, (str(asked.organisation_id), str(asked.pk)))


def test_another_organisation_has_no_such_copy(asked):
    kept = made(asked)
    with tenant(asked.organisation_id):
        assert copies.file(kept.pk).key == kept.export_key
    with tenant(SubjectFactory().organisation_id), pytest.raises(Http404):
        copies.file(kept.pk)
