"""`python -m analysis.facemodels FOLDER`: prepare the face networks without the rest of the product."""

import argparse
import sys
from pathlib import Path

from analysis.facemodels.errors import PreparationError
from analysis.facemodels.prepare import prepare


def main(arguments: list[str]) -> int:
    """Exit code 0 when the folder is ready, 1 with the error's code and facts on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m analysis.facemodels", description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        prepare(options.folder, lambda step: print(f"{options.folder}: {step}"))  # noqa: T201 - its output
    except PreparationError as error:
        print(error, file=sys.stderr)  # noqa: T201 - its output
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
