"""How fast and how large an analysis is: fresh processes, measured from outside.

CPU seconds are those of the whole process, start-up included, as the system counts them (`wait4`). Memory is
the proportional set size (PSS) summed over the process and its children, sampled; where the system does not
tell it, the resident set size.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import psutil

from echodepth.env import BASE_DIR

SAMPLE_SECONDS = 0.1
LONGER = 10


class MeasuredProcessError(Exception):
    """The analysis that was to be measured did not end well; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One process from start to end."""

    wall: float
    cpu: float
    """Seconds, of the process and its children."""
    peak: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    frames: int
    width: int
    height: int
    stages: dict[str, float]
    """CPU seconds by stage, in order."""
    plain: Measured
    """Analysis without a report."""
    longer: Measured
    """The same over `LONGER` times the length."""
    with_report: Measured


def benchmark(file: Path, folder: Path) -> Benchmark:
    """Measure with files written into `folder`; MeasuredProcessError where the file is refused."""
    numbers = ("--formats", "parquet,json")
    stages = folder / "stages.json"
    measure(_analyse(file, folder / "stages", "--formats", "json,pdf", "--stages", str(stages)))
    result = json.loads((folder / "stages" / "result.json").read_text(encoding="utf-8"))
    longer = lengthen(file, folder / "longer.mkv", LONGER)
    return Benchmark(
        frames=result["frames"],
        width=result["media"]["width"],
        height=result["media"]["height"],
        stages=json.loads(stages.read_text(encoding="utf-8")),
        plain=measure(_analyse(file, folder / "plain", *numbers)),
        longer=measure(_analyse(longer, folder / "longer", *numbers)),
        with_report=measure(_analyse(longer, folder / "report", "--formats", "pdf")),
    )


def _analyse(file: Path, output: Path, *more: str) -> list[str]:
    command = [sys.executable, str(BASE_DIR / "manage.py"), "analyze", str(file), "--output", str(output)]
    return [*command, *more]


def measure(command: Sequence[str]) -> Measured:
    """Run a command to its end; MeasuredProcessError when it fails."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        peak = 0
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, tree_memory(process.pid))
            time.sleep(SAMPLE_SECONDS)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise MeasuredProcessError(said.strip())
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak)


def tree_memory(pid: int) -> int:
    """Bytes of a process and all its children, each shared page counted once; 0 once it is gone."""
    try:
        process = psutil.Process(pid)
        return sum(_memory(one) for one in [process, *process.children(recursive=True)])
    except psutil.NoSuchProcess:
        return 0


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0


def lengthen(file: Path, target: Path, times: int) -> Path:
    """The recording's pictures `times` over, copied packet by packet without decoding."""
    with av.open(str(target), "w") as output:
        offset = Fraction(0)
        written = None
        for _time in range(times):
            with av.open(str(file)) as source:
                stream = source.streams.video[0]
                written = written or output.add_stream_from_template(stream)
                offset = _append(source, stream, output, written, offset)
    return target


def _append(
    source: av.container.InputContainer,
    stream: av.VideoStream,
    output: av.container.OutputContainer,
    written: av.VideoStream,
    offset: Fraction,
) -> Fraction:
    """Copy the stream's packets, `offset` seconds later; where they end."""
    end = offset
    for packet in source.demux(stream):
        if packet.pts is None or packet.dts is None or packet.time_base is None:
            continue  # the demuxer's sign that it is at the end
        shift = round(offset / packet.time_base)
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        packet.stream = written
        end = max(end, (packet.pts + (packet.duration or 1)) * packet.time_base)
        output.mux(packet)
    return end


def tables(name: str, found: Benchmark) -> str:
    """The figures as Markdown."""
    return "\n".join([_heading(name, found), "", *_stage_lines(found), "", *_process_lines(found)]) + "\n"


def _heading(name: str, found: Benchmark) -> str:
    return f"`{name}`: {found.frames} frames of {found.width} x {found.height}, on {machine()}."


def _stage_lines(found: Benchmark) -> list[str]:
    lines = ["| stage | CPU s | CPU ms a frame | frames a CPU second |", "|---|---:|---:|---:|"]
    return lines + [_stage_line(name, cpu, found.frames) for name, cpu in found.stages.items()]


def _stage_line(name: str, cpu: float, frames: int) -> str:
    rate = f"{frames / cpu:.0f}" if cpu > 0 else ""
    return f"| {name} | {cpu:.2f} | {cpu / frames * 1000:.2f} | {rate} |"


def _process_lines(found: Benchmark) -> list[str]:
    lines = [
        "| whole process, start-up included | frames | frames a second | CPU s a frame | peak memory, MB |",
        "|---|---:|---:|---:|---:|",
    ]
    rows = (
        ("without report", found.frames, found.plain),
        (f"without report, {LONGER} times the length", found.frames * LONGER, found.longer),
        (f"with report, {LONGER} times the length", found.frames * LONGER, found.with_report),
    )
    return lines + [_process_line(*row) for row in rows]


def _process_line(name: str, frames: int, found: Measured) -> str:
    figures = f"{frames / found.wall:.1f} | {found.cpu / frames:.4f} | {found.peak / 1e6:.0f}"
    return f"| {name} | {frames} | {figures} |"


def machine() -> str:
    """What the figures were made on, as far as the system tells."""
    return f"{psutil.cpu_count()} cores ({_processor()}), Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
