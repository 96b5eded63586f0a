import os
import shutil
import time

import pytest

from analysis.engine.runtime import NETWORKS
from analysis.facemodels.errors import DownloadMismatchError, ModelsUnreachableError
from analysis.facemodels.prepare import Step, is_prepared, prepare
from tests.analysis.facemodels.wheels import make_wheel, use_only
from tests.support.models import FOLDER


@pytest.fixture
def index(tmp_path, monkeypatch):
    folder = tmp_path / "index"
    folder.mkdir()
    use_only(folder, monkeypatch)
    return folder


@pytest.fixture
def prepared(models, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    for network in NETWORKS:
        shutil.copy(FOLDER / network.file_name, folder)
    return folder


def test_from_nothing_to_the_pinned_contents(tmp_path):
    folder, steps = tmp_path / "new" / "models", []

    try:
        done = prepare(folder, steps.append)
    except ModelsUnreachableError as error:
        pytest.skip(f"the face networks cannot be fetched: {error}")

    assert done
    assert steps == [Step.FETCHING, Step.CONVERTING, Step.READY]
    assert is_prepared(folder)
    assert {path.name for path in folder.iterdir()} == {
        "LICENSE.mediapipe",
        *(network.file_name for network in NETWORKS),
    }


@pytest.mark.usefixtures("index")
def test_what_is_there_is_left_alone_and_nothing_is_fetched(prepared):
    before, steps = {path: path.stat().st_mtime_ns for path in prepared.iterdir()}, []

    assert not prepare(prepared, steps.append)

    assert steps == [Step.PRESENT]
    assert {path: path.stat().st_mtime_ns for path in prepared.iterdir()} == before


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_a_missing_or_damaged_network_is_not_taken_for_prepared(prepared, network):
    path = prepared / network.file_name
    whole = path.read_bytes()

    path.write_bytes(whole[: len(whole) // 2])
    assert not is_prepared(prepared)

    path.unlink()
    assert not is_prepared(prepared)


def test_a_wheel_with_another_content_leaves_nothing_behind(index, tmp_path):
    make_wheel(index)

    with pytest.raises(DownloadMismatchError):
        prepare(tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []


def test_a_break_after_the_download_leaves_nothing_behind(index, tmp_path):
    pinned = make_wheel(index)

    def interrupt(step):
        if step is Step.CONVERTING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path / "models", interrupt, pinned)

    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.usefixtures("index")
def test_staging_left_by_a_killed_attempt_is_removed_but_not_one_in_use(tmp_path):
    left, in_use = tmp_path / "models" / "partial-left", tmp_path / "models" / "partial-in-use"
    for folder in (left, in_use):
        folder.mkdir(parents=True)
        (folder / "half.whl").write_bytes(b"half")
    hours_ago = time.time() - 7200
    os.utime(left, (hours_ago, hours_ago))

    with pytest.raises(ModelsUnreachableError):
        prepare(tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == [in_use]
