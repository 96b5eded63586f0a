import sys

import av
import pytest

from reports.domain import benchmark
from reports.domain.benchmark import Benchmark, Measured, MeasuredProcessError, lengthen, measure, tables
from tests.support.clips import portrait_clip

PYTHON = sys.executable


def test_memory_counts_the_children_and_cpu_too():
    child = "x = bytearray(60_000_000); import time\nwhile time.process_time() < 0.6: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"

    found = measure([PYTHON, "-c", parent])

    assert found.peak > 60e6
    assert 0.4 < found.cpu < found.wall + 0.5


def test_a_process_that_fails_says_why():
    with pytest.raises(MeasuredProcessError, match="no such thing"):
        measure([PYTHON, "-c", "import sys; sys.exit('no such thing')"])


def test_memory_of_a_process_that_is_gone_is_none():
    assert benchmark.tree_memory(2**22 + 1) == 0


def test_a_recording_is_lengthened_without_a_break_in_time(tmp_path):
    source = portrait_clip(tmp_path / "clip.mp4", frames=12)

    with av.open(str(lengthen(source, tmp_path / "longer.mkv", 3))) as container:
        times = [frame.time for frame in container.decode(video=0)]

    assert len(times) == 36
    assert times == pytest.approx([index / 30 for index in range(36)], abs=0.002)


def test_the_tables_hold_the_figures():
    plain = Measured(wall=2.0, cpu=3.0, peak=150_000_000)
    found = Benchmark(200, 640, 480, {"decode": 0.5, "idle": 0.0}, plain, plain, plain)

    lines = tables("clip.mp4", found).splitlines()

    assert lines[0].startswith("`clip.mp4`: 200 frames of 640 x 480, on ")
    assert "| decode | 0.50 | 2.50 | 400 |" in lines
    assert "| idle | 0.00 | 0.00 |  |" in lines
    assert "| without report | 200 | 100.0 | 0.0150 | 150 |" in lines
    assert "| without report, 10 times the length | 2000 | 1000.0 | 0.0015 | 150 |" in lines
