"""`python -m analysis.training contact-sheet OUT`."""

import argparse
import sys
from pathlib import Path

from analysis.training import contact_sheet
from analysis.training.errors import TrainingError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m analysis.training")
    commands = parser.add_subparsers(required=True, dest="command")
    sheet = commands.add_parser("contact-sheet", help="the 44 Action Units, rendered")
    sheet.add_argument("out", type=Path, help="a .png or .webp file")
    options = parser.parse_args(arguments)
    try:
        contact_sheet.make(options.out)
    except TrainingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
