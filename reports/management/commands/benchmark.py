"""`manage.py benchmark`: how fast and how large an analysis is on this machine."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.domain.benchmark import MeasuredProcessError, benchmark, tables
from reports.domain.desk_benchmark import benchmark_desk
from reports.domain.exits import Exit
from reports.domain.list_benchmark import BAR_MS, ListAnswerError, Size, benchmark_lists, table


class Command(BaseCommand):
    help = "Measure an analysis of a recording, or lists of many recordings (docs/benchmarks.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the recording")
        parser.add_argument(
            "--lists",
            action="store_true",
            help="measure lists of 10,000 recordings among 100 organisations, and the sales desk's queue, "
            "instead; nothing stays in the database",
        )
        parser.add_argument(
            "--markdown", action="store_true", help="print the block that docs/benchmarks.md holds"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["lists"]:
            self._lists(Size(), options["markdown"])
        elif options["file"] is None:
            raise CommandError("Name a recording, or type --lists.")
        else:
            self._recording(options["file"], options["markdown"])

    def _lists(self, size: Size, markdown: bool) -> None:
        try:
            found = [*benchmark_lists(size), benchmark_desk()]
        except ListAnswerError as error:
            raise CommandError(str(error)) from error
        self._tell(table(size, found), "--lists", markdown)
        if not all(one.holds for one in found):
            raise CommandError(
                f"A list takes more queries for more recordings, or {BAR_MS:.0f} ms and longer."
            )

    def _recording(self, file: Path, markdown: bool) -> None:
        try:
            with TemporaryDirectory(prefix="echodepth-benchmark-") as name:
                found = benchmark(file, Path(name))
        except MeasuredProcessError as error:
            self.stderr.write(str(error))
            sys.exit(Exit.REFUSED)
        self._tell(tables(file.name, found), file.name, markdown)

    def _tell(self, text: str, argument: str, markdown: bool) -> None:
        if markdown:
            self.stdout.write(f"```\npython manage.py benchmark {argument}\n```\n")
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
