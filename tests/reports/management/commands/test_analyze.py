import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from analysis.engine.result import from_json, to_json
from echodepth.env import BASE_DIR
from reports.domain.exits import Exit
from reports.management.commands import analyze
from tests.support import clips
from tests.support.models import real_models
from tests.support.results import example_result


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    real_models()
    return clips.portrait_clip(tmp_path_factory.mktemp("clip") / "portrait.mp4", frames=40)


def environment(folder, **more):
    """A database that cannot be reached, so that whoever asks it fails."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ECHODEPTH_")},
        "DJANGO_SETTINGS_MODULE": "echodepth.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "ECHODEPTH_DATA_FOLDER": str(folder / "var"),
        **more,
    }


def command(*arguments):
    return [sys.executable, str(BASE_DIR / "manage.py"), "analyze", *map(str, arguments)]


def analyse(folder, *arguments, **more):
    """The command for real, in a process of its own."""
    return subprocess.run(
        command(*arguments),
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_are_written_without_database_and_twice_the_same(clip, tmp_path):
    output = tmp_path / "deep" / "result"

    done = analyse(tmp_path, clip, "--output", output)

    assert (done.returncode, done.stderr) == (
        Exit.DONE,
        "too_little_face_time: The face is in view for too short a time to compute the three signals.\n",
    )
    names = ["frames.csv", "frames.parquet", "result.json", "report.pdf"]
    assert done.stdout.splitlines() == [str(output / name) for name in names]
    first = contents(output)
    assert sorted(first) == sorted(names)
    assert [path.name for path in output.parent.iterdir()] == ["result"]
    rows = list(csv.DictReader(first["frames.csv"].decode().splitlines()))
    assert len(rows) == from_json(first["result.json"].decode()).frames == 40
    assert "portrait" in PdfReader(output / "report.pdf").pages[0].extract_text()

    again = analyse(tmp_path, clip, "--output", output, "--overwrite")

    assert again.returncode == Exit.DONE
    assert contents(output) == first


def test_only_the_formats_asked_for_are_written(clip, tmp_path):
    done = analyse(tmp_path, clip, "--output", tmp_path / "out", "--formats", "json,csv", "--cohort", "ca-fr")

    assert done.returncode == Exit.DONE
    assert sorted(contents(tmp_path / "out")) == ["frames.csv", "result.json"]
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert (result["frames"], result["cohort"]["key"]) == (40, "ca-fr")


def test_what_is_there_is_kept_unless_told_otherwise(clip, tmp_path):
    output = tmp_path / "out"
    output.mkdir()
    (output / "report.pdf").write_text("mine")

    done = analyse(tmp_path, clip, "--output", output)

    assert done.returncode == Exit.OUTPUT
    assert done.stderr == f"{output / 'report.pdf'} is there already; --overwrite replaces it.\n"
    assert contents(output) == {"report.pdf": b"mine"}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_an_output_that_cannot_be_written_is_exit_4(clip, tmp_path, place):
    (tmp_path / "file").write_text("in the way")

    done = analyse(tmp_path, clip, "--output", tmp_path / place)

    assert done.returncode == Exit.OUTPUT
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("text.mp4", lambda path: path.write_text("no video " * 500), "unreadable"),
        ("empty.mp4", lambda path: path.touch(), "empty_file"),
        ("sound.mp4", clips.sound_only, "no_video_stream"),
    ],
)
def test_a_file_that_cannot_be_analysed_is_exit_3_with_code_and_sentence(tmp_path, name, make, code):
    real_models()
    make(tmp_path / name)

    done = analyse(tmp_path, tmp_path / name, "--output", tmp_path / "out")

    assert done.returncode == Exit.REFUSED
    assert done.stderr.startswith(f"{code}: ")
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "var"])


def neutral_of(folder):
    (track,) = from_json((folder / "result.json").read_text()).tracks
    return track.neutral


def test_a_neutral_is_marked_and_carried_over(clip, tmp_path):
    def analysed(name, *arguments):
        done = analyse(tmp_path, clip, "--output", tmp_path / name, "--formats", "json", *arguments)
        assert done.returncode == Exit.DONE, done.stderr
        return neutral_of(tmp_path / name)

    marked = analysed("marked", "--neutral", "0.2-0.4")
    carried = analysed("carried", "--neutral-from", tmp_path / "marked" / "result.json")

    assert (marked.source, marked.frames) == ("marked", 7)
    assert (marked.start, marked.end) == (0.2, 0.4)
    assert carried.source == "carried"
    for name in ("start", "end", "frames"):
        assert getattr(carried, name) == getattr(marked, name)
    for name in ("shape", "pose", "code"):
        assert getattr(carried, name).tolist() == getattr(marked, name).tolist()


def test_a_neutral_that_cannot_be_used_is_exit_3(clip, tmp_path):
    result = json.loads(to_json(example_result(60)))
    (tmp_path / "other.json").write_text(json.dumps(result))
    for code, arguments in (
        ("neutral_unusable", ("--neutral", "8-9")),
        ("neutral_of_other_model", ("--neutral-from", tmp_path / "other.json")),
    ):
        done = analyse(tmp_path, clip, "--output", tmp_path / "out", *arguments)

        assert done.returncode == Exit.REFUSED
        assert done.stderr.startswith(f"{code}: ")
        assert not (tmp_path / "out").exists()


def test_missing_models_name_the_command_that_prepares_them(clip, tmp_path):
    done = analyse(
        tmp_path, clip, "--output", tmp_path / "out", ECHODEPTH_MODELS_FOLDER=str(tmp_path / "none")
    )

    assert done.returncode == Exit.MODELS
    assert done.stderr.startswith("models_missing: ")
    assert "manage.py prepare_models" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.mp4", "--output", "out"),
        ("clip",),
        ("clip", "--output", "out", "--formats", "docx"),
        ("clip", "--output", "out", "--neutral", "2.5"),
        ("clip", "--output", "out", "--neutral", "3-2"),
        ("clip", "--output", "out", "--neutral", "nan-inf"),
        ("clip", "--output", "out", "--neutral-from", "nowhere.json"),
        ("clip", "--output", "out", "--neutral-from", "clip"),
        ("clip", "--output", "out", "--neutral", "1-2", "--neutral-from", "clip"),
    ],
)
def test_wrong_arguments_are_exit_2(tmp_path, arguments):
    (tmp_path / "clip").touch()
    done = analyse(tmp_path, *[tmp_path / part if part == "clip" else part for part in arguments])

    assert done.returncode == Exit.USAGE
    assert "Traceback" not in done.stderr


def test_interrupting_leaves_nothing_behind(tmp_path):
    real_models()
    clip = clips.portrait_clip(tmp_path / "long.mp4", frames=1500)
    process = subprocess.Popen(
        command(clip, "--output", tmp_path / "out"),
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        while not list(tmp_path.glob(".out-*/work/spool")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        stderr = process.communicate(timeout=60)[1]

    assert (process.returncode, stderr) == (Exit.INTERRUPTED, "Interrupted; nothing was written.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.mp4", "var"]


def test_the_programs_own_errors_are_one_line_unless_asked_for(tmp_path, monkeypatch, capsys):
    def failing(*_args):
        raise ZeroDivisionError("a secret of the code")

    monkeypatch.setattr(analyze, "run", failing)
    (tmp_path / "clip.mp4").touch()
    arguments = ["analyze", str(tmp_path / "clip.mp4"), "--output", str(tmp_path / "out")]

    with pytest.raises(SystemExit) as ended:
        call_command(*arguments)
    assert ended.value.code == Exit.UNEXPECTED
    assert capsys.readouterr().err == (
        "Something went wrong in the program (ZeroDivisionError). --traceback shows where.\n"
    )
    with pytest.raises(ZeroDivisionError):
        call_command(*arguments, "--traceback")
