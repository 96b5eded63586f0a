import json

import pytest

from echodepth.backups.installation import (
    BackupError,
    Entry,
    Manifest,
    copy,
    described,
    embedded,
    objects_in,
    read_manifest,
)

ENTRY = Entry(5, "a" * 64)


def manifest(**files):
    return Manifest("2026-05-04T12:00:00+00:00", "signed", files or {"secret-key": ENTRY})


def test_what_is_written_is_read(tmp_path):
    manifest().write(tmp_path)

    assert read_manifest(tmp_path) == manifest()
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "storage/../../outside", "other", "manifest.json"]
)
def test_a_manifest_that_leads_elsewhere_is_refused(tmp_path, name):
    manifest(**{name: ENTRY}).write(tmp_path)

    with pytest.raises(BackupError, match="no whole backup"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "files": {"storage/x": {}}}']
)
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(BackupError, match="no whole backup"):
        read_manifest(tmp_path)


def test_a_later_kind_of_backup_is_refused(tmp_path):
    manifest().write(tmp_path)
    facts = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(facts | {"format": 2}))

    with pytest.raises(BackupError, match="newer version"):
        read_manifest(tmp_path)


def test_another_database_is_not_ours_to_back_up(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "echodepth.postgresql")

    with pytest.raises(BackupError, match="pg_dump"):
        embedded()


@pytest.fixture
def on_sqlite(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/srv/a.sqlite3")


def test_a_bucket_is_not_ours_to_back_up(settings, on_sqlite):
    settings.STORAGES = {"default": {"BACKEND": "echodepth.storage.s3.ObjectStorage", "OPTIONS": {}}}

    with pytest.raises(BackupError, match="bucket"):
        embedded()


def test_the_embedded_default_lies_where_the_settings_say(settings, on_sqlite, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {"default": {"BACKEND": backend, "OPTIONS": {"location": "/srv/objects"}}}
    settings.DATA_FOLDER = tmp_path

    found = embedded()

    assert (str(found.database), str(found.objects)) == ("/srv/a.sqlite3", "/srv/objects")
    assert found.secret_key == tmp_path / "secret-key"


def test_what_is_on_its_way_is_no_object(tmp_path):
    for key in ("a/b/media", ".incoming/a/part-1", "health/1", "a/.hidden"):
        (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / key).touch()

    assert list(objects_in(tmp_path)) == ["a/b/media"]
    assert list(objects_in(tmp_path / "nowhere")) == []


def test_a_copy_says_what_was_copied(tmp_path):
    (tmp_path / "a").write_bytes(b"12345" * 500_000)

    found = copy(tmp_path / "a", tmp_path / "deep" / "b")

    assert found == described(tmp_path / "a") == described(tmp_path / "deep" / "b")
    assert found.size == 2_500_000
