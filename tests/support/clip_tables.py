"""Frame tables as columns of numbers: ours, and those of other systems."""

import csv

import numpy as np

from tests.support.shared import FOLDER


def columns(path):
    """{column: (n,) numbers, NaN where empty} of a CSV; what is text in it is left out."""
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    numeric = [name for name in rows[0] if not name.endswith("_state") and name != "excluded"]
    return {name: np.array([float(row[name]) if row[name] else np.nan for row in rows]) for name in numeric}


def reference(clip, system):
    """Another system's table of a shared clip."""
    return columns(FOLDER / "reference" / "clips" / f"{clip}.{system}.csv")
