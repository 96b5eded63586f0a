import csv
import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_q.models import OrmQ

from accounts.domain.offboarding import exports
from accounts.enums import OffboardingState
from accounts.models import Offboarding, OffboardingPart
from echodepth.errors import UserError
from echodepth.storage import registry
from echodepth.storage.verify import listed
from echodepth.tenancy import tenant
from tests.factories import (
    ApiTokenFactory,
    DocumentFactory,
    MembershipFactory,
    RecordingFactory,
    ReportFactory,
    SubjectFactory,
    UserFactory,
)
from tests.support.tenants import save

VIDEO = b"the moving pictures of Jo"


@pytest.fixture
def leaver(db):
    """Owner of an organisation with a recording, and beside it another organisation with one."""
    owner = MembershipFactory(role="owner", user=UserFactory(email="owner@harbour.example"))
    for name, tied in (("jo.mp4", {"project__organisation": owner.organisation}), ("other.mp4", {})):
        recording = RecordingFactory(original_name=name, **tied)
        default_storage.save(recording.storage_key, ContentFile(VIDEO + name.encode()))
    return owner


def begun(owner):
    with tenant(owner.organisation.pk):
        return exports.begin(owner.organisation, owner.user)


def worked(row, times=20):
    """The parts, once nothing is left to do."""
    with tenant(row.organisation_id):
        for _turn in range(times):
            exports.work(row.pk)
        row.refresh_from_db()
        return list(row.parts.all())


def opened(part):
    with default_storage.open(part.storage_key) as handle:
        return zipfile.ZipFile(io.BytesIO(handle.read()))


def lines(archive, table):
    return [json.loads(line) for line in archive.read(f"tables/{table}.jsonl").splitlines()]


def test_everything_is_taken_along_and_nothing_of_anybody_else(leaver):
    SubjectFactory(project__organisation=leaver.organisation, label="Jo Doe")
    SubjectFactory(label="Somebody else's")
    row = begun(leaver)

    parts = worked(row)

    assert row.state == OffboardingState.READY
    assert row.ready_at
    tables, files = (opened(part) for part in parts)
    assert [one["label"] for one in lines(tables, "subject")] == ["Jo Doe"]
    assert [one["email"] for one in lines(tables, "people")] == ["owner@harbour.example"]
    assert lines(tables, "auditrecord")
    (path,) = [name for name in files.namelist() if name != "index.csv"]
    assert path.endswith("/jo.mp4")
    assert files.read(path) == VIDEO + b"jo.mp4"
    assert not files.testzip()


def test_parts_are_as_they_are_listed(leaver):
    parts = worked(begun(leaver))

    for part in parts:
        with default_storage.open(part.storage_key) as handle:
            content = handle.read()
        assert (part.size, part.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert part.entries == len(opened(part).namelist())
    with tenant(leaver.organisation.pk):
        stored = {one.key for kind, one in registry.expected() if kind == "offboarding"}
    assert stored == {part.storage_key for part in parts}
    assert all(key.startswith(f"{leaver.organisation.pk}/") for key in stored)


def test_no_secret_is_taken_along(leaver):
    token = ApiTokenFactory(membership=leaver, token_hash="f" * 64)

    tables = opened(worked(begun(leaver))[0])

    (told,) = lines(tables, "apitoken")
    assert told["name"] == token.name
    assert "token_hash" not in told
    assert not any(b"f" * 64 in tables.read(name) for name in tables.namelist())


def test_an_index_says_what_is_what(leaver):
    files = opened(worked(begun(leaver))[1])

    (row,) = csv.DictReader(io.StringIO(files.read("index.csv").decode()))

    assert row["kind"] == "recording"
    assert row["path"] in files.namelist()
    assert row["sha256"] == hashlib.sha256(files.read(row["path"])).hexdigest()


def test_a_file_that_is_gone_is_told_and_holds_nothing_up(leaver):
    document = DocumentFactory(project__organisation=leaver.organisation)

    files = opened(worked(begun(leaver))[1])

    told = {row["id"]: row["sha256"] for row in csv.DictReader(io.StringIO(files.read("index.csv").decode()))}
    assert told[str(document.pk)] == ""
    assert len(told) == 2


def test_files_are_parted_by_size(leaver, monkeypatch):
    monkeypatch.setattr(exports, "PART_BYTES", 10)
    for name in ("a.mp4", "b.mp4"):
        recording = RecordingFactory(project__organisation=leaver.organisation, original_name=name)
        default_storage.save(recording.storage_key, ContentFile(VIDEO))
    report = ReportFactory(run__recording__project__organisation=leaver.organisation, storage_key="")
    save(report, storage_key=f"{leaver.organisation.pk}/reports/{report.pk}/1/report.pdf")
    default_storage.save(report.storage_key, ContentFile(b"%PDF a report of Jo"))

    parts = worked(begun(leaver))

    assert [part.number for part in parts] == [1, 2, 3, 4, 5]
    names = [name for part in parts[1:] for name in opened(part).namelist() if name != "index.csv"]
    assert sorted(name.rsplit("/")[-1] for name in names if "/" in name)[:3] == ["a.mp4", "b.mp4", "jo.mp4"]
    assert len(names) == 4


def test_a_worker_that_dies_costs_one_part(leaver, monkeypatch):
    row = begun(leaver)
    with tenant(leaver.organisation.pk):
        exports.work(row.pk)
        monkeypatch.setattr(exports, "_store", lambda *_: (_ for _ in ()).throw(OSError("storage is away")))
        exports.work(row.pk)
        monkeypatch.undo()
        row.refresh_from_db()
        assert (row.error_code, row.parts.count()) == ("storage_unavailable", 1)
        Offboarding.objects.update(lease_until="2020-01-01T00:00:00Z")

    assert [part.number for part in worked(row)] == [1, 2]
    assert (row.state, row.error_code) == (OffboardingState.READY, "")


def test_a_late_worker_writes_nothing_and_leaves_nothing(leaver, monkeypatch):
    row = begun(leaver)
    kept = exports._store

    def late(held, *rest):
        Offboarding.objects.update(lease=None)
        kept(held, *rest)

    monkeypatch.setattr(exports, "_store", late)
    with tenant(leaver.organisation.pk):
        exports.work(row.pk)
        assert not OffboardingPart.objects.exists()
    assert not list(listed(f"{leaver.organisation.pk}/offboarding/"))


def test_what_fails_again_and_again_is_given_up(leaver, monkeypatch):
    monkeypatch.setattr(exports, "_next_part", lambda _held: (_ for _ in ()).throw(OSError))
    row = begun(leaver)
    with tenant(leaver.organisation.pk):
        for _attempt in range(exports.ATTEMPTS + 1):
            exports.work(row.pk)
            Offboarding.objects.update(lease_until=None)
        row.refresh_from_db()
    assert row.state == OffboardingState.FAILED


def test_one_is_under_way_at_a_time_and_a_new_one_takes_the_earlier_ones_place(
    leaver, django_capture_on_commit_callbacks
):
    row = begun(leaver)
    with pytest.raises(UserError) as refused:
        begun(leaver)
    assert refused.value.code == "export_under_way"
    before = worked(row)

    with django_capture_on_commit_callbacks(execute=True):
        again = begun(leaver)

    assert again.pk != row.pk
    assert not any(default_storage.exists(part.storage_key) for part in before)


def test_a_sweep_wakes_what_nobody_works_on(leaver):
    row = begun(leaver)
    OrmQ.objects.all().delete()
    assert exports.sweep() == 0  # it was woken just now
    with tenant(leaver.organisation.pk):
        Offboarding.objects.update(asked_at="2020-01-01T00:00:00Z")

    assert exports.sweep() == 1

    (task,) = OrmQ.objects.all()
    assert task.task["args"] == (str(leaver.organisation.pk), str(row.pk))
    worked(row)
    assert exports.sweep() == 0
