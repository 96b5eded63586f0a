import errno
import os
import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from echodepth.storage.durable import FileSystemStorage


@pytest.fixture
def storage(tmp_path):
    return FileSystemStorage(location=str(tmp_path), base_url=None)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_an_object_has_its_name_once_it_is_whole(storage, tmp_path):
    seen = []

    class Coming(ContentFile):
        def chunks(self):
            for piece in (b"one ", b"two"):
                seen.append(storage.exists("a/b/c"))
                yield piece

    assert storage.save("a/b/c", Coming(b"")) == "a/b/c"
    assert seen == [False, False]
    assert (tmp_path / "a/b/c").read_bytes() == b"one two"
    assert files(tmp_path) == ["a/b/c"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_nothing(storage, tmp_path, error):
    class Broken(ContentFile):
        def chunks(self):
            yield b"half"
            raise error

    with pytest.raises(type(error)):
        storage.save("a/b", Broken(b""))
    assert files(tmp_path) == []
    assert storage.save("a/b", ContentFile("whole, as text")) == "a/b"
    assert (tmp_path / "a/b").read_text() == "whole, as text"


def test_it_is_on_disk_before_it_has_its_name_and_the_name_is_kept(storage, tmp_path, monkeypatch):
    done = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle):
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def noted_replace(path, target):
        done.append(target.name)
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    storage.save("a/b/c", ContentFile(b"x"))

    assert done[0].startswith(".")
    assert done[1:] == ["c", "b", "a", tmp_path.name]


def test_of_many_who_take_one_name_each_gets_its_own(storage, tmp_path):
    names, start = [], threading.Barrier(6)

    def save(number):
        start.wait()
        names.append(storage.save("a/b", ContentFile(str(number))))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(names)) == 6
    assert files(tmp_path) == sorted(names)
    assert sorted((tmp_path / name).read_text() for name in names) == [str(number) for number in range(6)]
