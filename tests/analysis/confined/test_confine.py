"""What a child cannot do, tried inside a child that is bound as the real one is."""

import os
import shutil
import socket
from dataclasses import replace

import pytest

from analysis.confined import landlock, seccomp
from tests.analysis.confined.conftest import BOUNDS, MIB
from tests.support.hostile_child import by_numbers

REFUSED = {"EPERM", "EACCES"}
ELSE = {
    "a large file": "EFBIG",
    "memory": "ENOMEM",
    "shared memory": "ENOMEM",
    "many open files": "EMFILE",
    "terminal": "ENOTTY",
    "write the media by its descriptor": "EBADF",
}
"""What is refused in another way than for want of permission."""
CONTROLS = {
    "read the media", "write in the folder", "make a folder", "replace in the folder", "thread",
    "signal oneself", "some memory", "another descriptor", "how a file is open",
}  # fmt: skip
BY_THE_KERNEL_ANYWAY = {"terminal", "write the media by its descriptor", "the parent's memory"}
"""Refused to a child that is bound by nothing, too."""

pytestmark = pytest.mark.skipif(
    not (landlock.version() and seccomp.available()), reason="this kernel has no Landlock or no seccomp"
)


@pytest.fixture
def places(tmp_path, clip):
    """A child's own folder, and beside it what is not the child's."""
    other = tmp_path / "another-tenant" / "media"
    other.parent.mkdir()
    shutil.copy(clip, other)
    (tmp_path / "db.sqlite3").write_bytes(b"rows of everybody")
    (tmp_path / "own").mkdir()
    return tmp_path


def facts_of(places):
    secrets = [places / "db.sqlite3", places / "another-tenant" / "media", "/etc/passwd"]
    return {
        "folder": str(places / "own"),
        "read": [str(path) for path in secrets],
        "written": [str(places / "db.sqlite3"), str(places / "new")],
    }


def test_a_child_does_what_it_is_for_and_nothing_else(hostile, places):
    found = hostile("try_all", facts_of(places), write=(str(places / "own"),))

    done = {name for name, outcome in found.items() if outcome == "done"}
    otherwise = {
        name: outcome for name, outcome in found.items() if name not in done and outcome not in REFUSED
    }
    assert done == CONTROLS
    assert otherwise == ELSE
    assert set(by_numbers()) < set(found)
    assert (places / "db.sqlite3").read_bytes() == b"rows of everybody"
    assert sorted(path.name for path in places.iterdir()) == ["another-tenant", "db.sqlite3", "own"]


def test_all_of_it_works_for_a_child_that_is_not_bound(hostile, places, clip):
    before = clip.read_bytes()

    found = hostile(
        "try_all",
        facts_of(places),
        bounds=replace(BOUNDS, file_bytes=64 * MIB),
        write=(str(places / "own"),),
        free=True,
    )

    clip.write_bytes(before)
    # What was moved away is no longer there to be linked to.
    refused = {name for name, outcome in found.items() if outcome != "done"}
    assert refused == BY_THE_KERNEL_ANYWAY | {"hard link"}
    assert len(found) > 40


def test_a_child_takes_over_no_secret_and_no_open_file(hostile, monkeypatch, clip):
    monkeypatch.setenv("ECHODEPTH_SECRET_KEY", "not for everybody")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib")
    with socket.socket() as held, clip.open("rb") as other:
        os.set_inheritable(held.fileno(), True)
        os.set_inheritable(other.fileno(), True)

        found = hostile("inherited")

    assert set(found["environment"]) <= {
        "LC_ALL", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONDONTWRITEBYTECODE",
        "TZ", "QT_QPA_FONTDIR", "QT_QPA_PLATFORM_PLUGIN_PATH",
    }  # fmt: skip
    assert found["environment"]["LD_LIBRARY_PATH"].endswith("/usr/lib")  # before it, what OpenCV adds
    # The three standard ones, the media, and the one that answers go out on.
    assert len(found["open"]) == 5
    assert found["media"] in found["open"]
