import os

import pytest
from django.test import override_settings

from echodepth import settings as product
from echodepth.static_files import collect_when_changed


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "site.css").write_text("a { color: red }", encoding="utf-8")
    with override_settings(
        STORAGES=product.STORAGES, STATICFILES_DIRS=[folder], STATIC_ROOT=tmp_path / "static"
    ):
        yield folder


def test_collects_once_and_again_only_after_a_change(source):
    assert collect_when_changed()
    assert not collect_when_changed()

    (source / "site.css").write_text("a { color: blue }", encoding="utf-8")
    assert collect_when_changed()
    assert not collect_when_changed()


def test_a_touched_file_counts_as_changed(source):
    collect_when_changed()
    os.utime(source / "site.css", (1, 1))

    assert collect_when_changed()


def test_what_is_gone_from_the_source_goes_from_the_collection(source, tmp_path):
    (source / "old.css").write_text("b { color: red }", encoding="utf-8")
    collect_when_changed()
    (source / "old.css").unlink()
    collect_when_changed()

    assert not list((tmp_path / "static").glob("old*"))


def test_a_failed_collection_is_not_trusted(source):
    (source / "site.css").write_text('a { background: url("missing.png") }', encoding="utf-8")
    with pytest.raises(ValueError, match="could not be found"):
        collect_when_changed()
    (source / "missing.png").write_bytes(b"")

    assert collect_when_changed()
