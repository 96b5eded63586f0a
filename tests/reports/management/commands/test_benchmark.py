import re
from contextlib import nullcontext

import pytest
from django.core.management import CommandError, call_command

from reports.domain.exits import Exit
from reports.domain.list_benchmark import ListTimes, Size
from reports.management.commands import benchmark
from reports.management.commands.benchmark import aligned
from tests.support.clips import portrait_clip
from tests.support.models import real_models

STAGES = ("decode", "faces", "landmarks", "action units", "findings", "report")


def test_it_measures_every_stage_and_both_lengths(tmp_path, capsys):
    real_models()
    clip = portrait_clip(tmp_path / "portrait.mp4", frames=10)

    call_command("benchmark", str(clip), "--markdown")
    text = capsys.readouterr().out

    assert "python manage.py benchmark portrait.mp4" in text
    assert "10 frames of 320 x 240" in text
    for stage in STAGES:
        assert f"| {stage} |" in text
    assert "| without report, 10 times the length | 100 |" in text
    assert "| with report, 10 times the length | 100 |" in text


def test_a_file_that_is_refused_says_why(tmp_path, capsys):
    real_models()
    (tmp_path / "text.mp4").write_text("no video")

    with pytest.raises(SystemExit) as ended:
        call_command("benchmark", str(tmp_path / "text.mp4"))

    assert ended.value.code == Exit.REFUSED
    assert capsys.readouterr().err.startswith("unreadable: ")


def test_on_a_terminal_columns_stand_below_each_other():
    text = aligned("head\n\n| stage | CPU s |\n|---|---:|\n| decode | 10.25 |\n")

    assert text.splitlines()[2:4] == ["stage   CPU s", "decode  10.25"]


@pytest.mark.parametrize(("slowest", "missed"), [(20.0, False), (2_000.0, True)])
def test_lists_are_told_as_a_table_and_a_missed_bar_ends_in_an_error(monkeypatch, capsys, slowest, missed):
    found = [ListTimes("page of recordings", 9, 9, [10.0] * 10 + [slowest] * 10, [5.0] * 20)]
    monkeypatch.setattr(benchmark, "benchmark_lists", lambda size: found if size == Size() else [])
    monkeypatch.setattr(benchmark, "benchmark_desk", lambda: found[0])

    with pytest.raises(CommandError, match="150 ms") if missed else nullcontext():
        call_command("benchmark", "--lists")

    told = capsys.readouterr().out
    assert "10000 recordings among 100 organisations" in told
    assert re.search(r"page of recordings +9 +9 +5\.0 ", told)


def test_without_a_recording_or_lists_there_is_nothing_to_measure():
    with pytest.raises(CommandError, match="--lists"):
        call_command("benchmark")
