"""Lays out the report of a made-up recording: `python -m tests.support.long_report FRAMES PDF`.

Prints what the whole process cost: CPU seconds and the peak of its resident memory.
"""

import os
import resource
import sys
from pathlib import Path


def main(frames: int, target: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

    from analysis.engine import frame_table
    from reports.domain.compose import compose
    from reports.domain.coverage import COLUMNS, read_coverage
    from reports.domain.frames import blocks
    from reports.domain.report_data import RecordingFacts
    from reports.domain.span import Span
    from reports.pdf import appendix
    from reports.pdf.render import render_pdf
    from tests.support.results import example_frames, example_result

    table = target.with_suffix(".parquet")
    frame_table.write_parquet(table, example_frames(frames))
    result = example_result(frames)
    coverage = read_coverage(blocks(table, COLUMNS), [1], Span(0.0, result.end_time))
    data = compose(result, RecordingFacts("Long", "long.mp4"), coverage)
    render_pdf(data, blocks(table, appendix.COLUMNS), target)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The system counts in kilobytes on Linux, in bytes on macOS.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    sys.stdout.write(f"{used.ru_utime + used.ru_stime:.1f} CPU s, peak {peak / 1e6:.0f} MB\n")
