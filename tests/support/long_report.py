"""Lays out the report of a made-up recording: `python -m tests.support.long_report FRAMES PDF`."""

import os
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
    from reports.pdf import appendix
    from reports.pdf.render import render_pdf
    from tests.support.results import example_frames, example_result

    table = target.with_suffix(".parquet")
    frame_table.write_parquet(table, example_frames(frames))
    result = example_result(frames)
    coverage = read_coverage(blocks(table, COLUMNS), [1], result.end_time)
    data = compose(result, RecordingFacts("Long", "long.mp4"), coverage)
    render_pdf(data, blocks(table, appendix.COLUMNS), target)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
