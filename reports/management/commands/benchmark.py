"""`manage.py benchmark`: how fast and how large an analysis is on this machine."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.domain.benchmark import MeasuredProcessError, benchmark, tables
from reports.domain.exits import Exit


class Command(BaseCommand):
    help = "Measure frames a second, CPU by stage and peak memory with a recording (docs/benchmarks.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the recording")
        parser.add_argument(
            "--markdown", action="store_true", help="print the block that docs/benchmarks.md holds"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            with TemporaryDirectory(prefix="echodepth-benchmark-") as name:
                found = benchmark(file, Path(name))
        except MeasuredProcessError as error:
            self.stderr.write(str(error))
            sys.exit(Exit.REFUSED)
        text = tables(file.name, found)
        if options["markdown"]:
            self.stdout.write(f"```\npython manage.py benchmark {file.name}\n```\n")
            self.stdout.write(text)
        else:
            self.stdout.write(aligned(text))


def aligned(text: str) -> str:
    """A text with Markdown tables, their columns brought to one width for a terminal."""
    shown: list[str] = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        shown += [*(_table(lines) if block.startswith("|") else lines), ""]
    return "\n".join(shown)


def _table(lines: list[str]) -> list[str]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rows.pop(1)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
