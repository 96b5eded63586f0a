import hashlib
import json
import os
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from echodepth.storage.chosen import part_store
from tests.factories import DocumentFactory, OrganisationFactory, ProjectFactory

CONTENT = b"what was uploaded"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}


@pytest.fixture
def organisation(db):
    return OrganisationFactory(slug="harbour")


def stored(organisation, name, content=CONTENT):
    document = DocumentFactory(
        project=ProjectFactory(organisation=organisation),
        storage_key=f"{organisation.pk}/documents/{name}/file",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )
    if content is not None:
        default_storage.save(document.storage_key, ContentFile(content))
    return document


def left_behind(key, hours=48):
    """An object that no row tells of, so many hours old."""
    default_storage.save(key, ContentFile(b"old"))
    path = Path(default_storage.path(key))
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))
    return key


def said(*options):
    """What it says, and whether it ends well."""
    out = StringIO()
    try:
        call_command("verify_storage", *options, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def findings(*options):
    lines = [json.loads(line) for line in said("--json", *options)[0].splitlines()]
    return {(line["organisation"], line["finding"], line["key"]) for line in lines if "finding" in line}


def test_all_is_well(organisation):
    stored(organisation, "1"), stored(organisation, "2")

    assert said() == ("2 rows, 2 files of 34 bytes: 0 findings\n", "")


def test_losses_and_other_content_end_with_status_1(organisation):
    lost = stored(organisation, "1", content=None)
    other = stored(organisation, "2", content=b"what was uploadeD")
    told, why = said()

    assert f"harbour  lost  document  {lost.storage_key}" in told
    assert f"harbour  differs  document  {other.storage_key}  another checksum" in told
    assert why == "2 things are not as they must be."
    assert findings("--fast") == {("harbour", "lost", lost.storage_key)}


def test_each_line_can_be_read_by_a_program(organisation):
    lost = stored(organisation, "1", content=None)
    lines = [json.loads(line) for line in said("--json")[0].splitlines()]

    assert lines == [
        {
            "organisation": "harbour",
            "finding": "lost",
            "kind": "document",
            "row": str(lost.pk),
            "key": lost.storage_key,
            "detail": "",
            "size": len(CONTENT),
            "age_hours": None,
        },
        {"rows": 1, "objects": 0, "bytes": 0, "findings": 1},
    ]


def test_one_organisation_alone(organisation):
    mine = stored(organisation, "1", content=None)
    theirs = stored(OrganisationFactory(slug="elsewhere"), "1", content=None)
    stray = left_behind(f"{uuid4()}/documents/1/file")

    assert findings("--organisation", "harbour") == {("harbour", "lost", mine.storage_key)}
    assert findings() == {
        ("harbour", "lost", mine.storage_key),
        ("elsewhere", "lost", theirs.storage_key),
        ("", "orphan", stray),
    }


def test_nothing_is_deleted_unless_it_is_asked_for(organisation):
    whole = stored(organisation, "1")
    orphan = left_behind(f"{organisation.pk}/runs/1/spool")
    young = left_behind(f"{organisation.pk}/runs/2/spool", hours=1)
    parts_id = part_store().begin(f"{organisation.pk}/recordings/1/media", 5_000_000)
    told, why = said()

    assert f"orphan  {orphan}  48.0 hours old" in told
    assert young not in told
    assert why
    assert default_storage.exists(orphan)
    told, why = said("--delete-orphans")
    assert told.endswith("1 deleted\n")
    assert not why
    assert [default_storage.exists(key) for key in (whole.storage_key, orphan, young)] == [True, False, True]
    assert [one.parts_id for one in part_store().unfinished("")] == [parts_id]


def test_a_loss_stays_a_finding_when_orphans_are_deleted(organisation):
    stored(organisation, "1", content=None)
    orphan = left_behind(f"{organisation.pk}/runs/1/spool")
    _told, why = said("--delete-orphans")

    assert why == "1 things are not as they must be."
    assert not default_storage.exists(orphan)


def test_a_database_that_knows_hardly_anything_deletes_nothing(organisation):
    """As of another day, or another installation: its own files would all be orphans."""
    stored(organisation, "1")
    keys = [left_behind(f"{organisation.pk}/runs/{number}/spool") for number in range(2)]
    _told, why = said("--delete-orphans")

    assert "is this the right database? Nothing was deleted" in why
    assert all(default_storage.exists(key) for key in keys)
    assert not said("--delete-orphans", "--delete-most")[1]
    assert not any(default_storage.exists(key) for key in keys)


def test_storage_that_cannot_be_read_is_said(organisation, monkeypatch):
    def refuse(_prefix):
        raise OSError("the line is cut")

    monkeypatch.setattr("echodepth.storage.verify.listed", refuse)
    assert said() == ("", "The storage cannot be read: the line is cut")
