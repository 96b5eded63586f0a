import hashlib
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from echodepth.storage import registry, verify
from echodepth.storage.chosen import object_storage, part_store
from echodepth.storage.registry import Stored
from echodepth.storage.verify import DIFFERS, LOST, OPEN, ORPHAN, UNFINISHED, Finding, Seen
from tests.support.object_stores import FOLDER, MOTO

AT_ONCE = timedelta(0)
A_DAY = timedelta(days=1)


@pytest.fixture
def here(kind):
    return uuid4()


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """What rows tell, and which parts they wait for; lists that a test fills."""
    told, waited = [], []
    monkeypatch.setattr(registry, "_kinds", {"note": lambda: list(told)})
    monkeypatch.setattr(registry, "_unfinished", [lambda: waited])
    return told, waited


@pytest.fixture
def note(here, rows):
    """Stored, and told of as it is."""

    def stored(name, content=b"content", **told):
        key = default_storage.save(f"{here}/notes/{name}", ContentFile(content))
        facts = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | told
        row = Stored(key, uuid4(), **facts)
        rows[0].append(row)
        return row

    return stored


def found(here, older_than=AT_ONCE, *, fast=False):
    return {
        (one.what, one.key, one.detail) for one in verify.verify(here, older_than, fast=fast, seen=Seen())
    }


def test_what_is_as_it_should_be_is_counted_and_nothing_found(here, note):
    note("1"), note("2", b"more content")
    default_storage.save(f"{uuid4()}/notes/1", ContentFile(b"another organisation's"))
    seen = Seen()

    assert list(verify.verify(here, AT_ONCE, fast=False, seen=seen)) == []
    assert (seen.rows, seen.objects, seen.size) == (2, 2, 7 + 12)


def test_a_loss_is_found(here, note):
    whole, lost = note("1"), note("2")
    default_storage.delete(lost.key)
    (finding,) = verify.verify(here, AT_ONCE, fast=True, seen=Seen())

    assert (finding.what, finding.key, finding.kind, finding.row_id) == (LOST, lost.key, "note", lost.row_id)
    assert whole.key != finding.key


def test_other_content_is_found_by_size_and_by_checksum(here, note):
    longer = note("1", b"longer", size=5)
    other = note("2", b"others", sha256=hashlib.sha256(b"origin").hexdigest())
    empty = note("3", b"", size=None, sha256="")

    assert found(here, fast=True) == {
        (DIFFERS, longer.key, "6 bytes, not 5"),
        (DIFFERS, empty.key, "empty"),
    }
    assert found(here) == found(here, fast=True) | {(DIFFERS, other.key, "another checksum")}


def test_what_has_no_checksum_is_looked_at(here, note):
    def begins_well(content):
        return content.read(4) == b"good"

    note("1", b"good one", size=None, sha256="", is_whole=begins_well)
    bad = note("2", b"bad one", size=None, sha256="", is_whole=begins_well)

    assert found(here) == {(DIFFERS, bad.key, "not whole")}


def test_what_is_on_its_way_need_not_be_there_and_is_no_orphan_when_it_is(here, note, rows):
    note("1", required=False)
    rows[0].append(Stored(f"{here}/notes/coming", uuid4(), required=False))

    assert found(here) == set()


def test_what_may_go_any_moment_is_no_loss_when_it_goes_meanwhile(here, note, monkeypatch):
    may_go, must_stay = note("1", required=False), note("2")
    real = verify.listed

    def listed(prefix):
        yield from list(real(prefix))
        for row in (may_go, must_stay):
            default_storage.delete(row.key)

    monkeypatch.setattr(verify, "listed", listed)

    assert found(here) == {(LOST, must_stay.key, "")}


def test_an_orphan_is_found_when_it_is_old_enough(here, note, kind):
    note("1")
    key = default_storage.save(f"{here}/runs/x/spool", ContentFile(b"left behind"))

    assert found(here, A_DAY) == set()
    (finding,) = verify.verify(here, AT_ONCE, fast=True, seen=Seen())
    assert (finding.what, finding.key, finding.size) == (ORPHAN, key, 11)
    assert timedelta(0) <= finding.age < timedelta(minutes=2)


@pytest.mark.parametrize("kind", [FOLDER], indirect=True)
def test_the_age_of_an_orphan_is_that_of_its_file(here, tmp_path, kind):
    key = default_storage.save(f"{here}/runs/x/spool", ContentFile(b"left behind"))
    days_ago = (tmp_path / key).stat().st_mtime - 25 * 3600
    os.utime(tmp_path / key, (days_ago, days_ago))

    assert found(here, A_DAY) == {(ORPHAN, key, "")}


@pytest.mark.parametrize("kind", [FOLDER], indirect=True)
def test_what_a_killed_process_was_writing_is_an_orphan_in_time(here, tmp_path, kind):
    left = tmp_path / str(here) / "notes/.0123456789abcdef"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")

    assert found(here, A_DAY) == set()
    assert found(here) == {(ORPHAN, f"{here}/notes/.0123456789abcdef", "")}


def test_unfinished_parts_that_nobody_waits_for_are_found(here, rows):
    key = f"{here}/recordings/1/media"
    awaited, forgotten = part_store().begin(key, 5_000_000), part_store().begin(key, 5_000_000)
    rows[1].append(awaited)
    (finding,) = verify.verify(here, AT_ONCE, fast=True, seen=Seen())

    assert (finding.what, finding.key, finding.kind) == (UNFINISHED, key, forgotten)
    verify.delete(finding)
    assert [one.parts_id for one in part_store().unfinished(f"{here}/")] == [awaited]


def test_what_changes_meanwhile_is_no_finding(here, note, rows, monkeypatch):
    """Erased after its row was read; its row committed after the listing."""
    gone = note("gone")
    listing = verify.listed

    def meanwhile(prefix):
        listed = list(listing(prefix))
        default_storage.delete(gone.key)
        return [one for one in listed if one.key != gone.key]

    monkeypatch.setattr(verify, "listed", meanwhile)
    told = iter([[gone], []])
    monkeypatch.setattr(registry, "_kinds", {"note": lambda: next(told)})
    assert found(here) == set()

    late = note("late")
    told = iter([[], [late]])
    monkeypatch.setattr(registry, "_kinds", {"note": lambda: next(told)})
    assert found(here) == set()


def test_what_belongs_to_no_organisation_is_found(here, note):
    note("1")
    nobody = uuid4()
    key = default_storage.save(f"{nobody}/notes/1", ContentFile(b"x"))
    parts_id = part_store().begin(f"{nobody}/recordings/1/media", 5_000_000)
    default_storage.save("health/1", ContentFile(b"x"))
    part_store().begin(f"{here}/recordings/1/media", 5_000_000)
    stray = [one for one in verify.strays([here], AT_ONCE, Seen()) if one.key.startswith(str(nobody))]

    assert {(one.what, one.key, one.kind) for one in stray} == {
        (ORPHAN, key, ""),
        (UNFINISHED, f"{nobody}/recordings/1/media", parts_id),
    }
    named = {one.key.partition("/")[0] for one in verify.strays([here], AT_ONCE, Seen())}
    assert not named & {str(here), "health", ".incoming"}
    young = [one.key for one in verify.strays([here], A_DAY, Seen()) if one.what == ORPHAN]
    assert key not in young


def test_only_the_needless_is_deleted(here, note):
    kept = note("1")
    verify.delete(Finding(DIFFERS, kept.key))
    assert default_storage.exists(kept.key)

    verify.delete(Finding(ORPHAN, kept.key))
    assert not default_storage.exists(kept.key)


@pytest.mark.parametrize("kind", [MOTO], indirect=True)
def test_an_object_that_is_not_encrypted_is_found(here, note, kind):
    encrypted, plain = note("1"), note("2")
    server = object_storage()
    server.client.put_object(Bucket=server.bucket_name, Key=plain.key, Body=b"content")

    assert found(here, fast=True) == set()
    assert found(here) == {(OPEN, plain.key, "")}
    assert encrypted.key != plain.key


def test_a_folder_without_anything_is_empty(settings, tmp_path):
    place = {"location": str(tmp_path / "none"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}

    assert list(verify.listed("")) == []
    assert not Path(tmp_path / "none").exists()
