"""The product's own frame table of a recording, for comparing."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.runtime import Models
from analysis.engine.types import F32, I32
from analysis.training.evaluation.agreement import Table


@dataclass(frozen=True, slots=True)
class Export:
    """Rows of the track with the most of them, in order."""

    frame: I32
    """(n,)"""
    rows: pa.Table

    def column(self, name: str) -> F32:
        """(n,) numbers of a column of `frame_table`, NaN where it is empty."""
        return np.asarray(self.rows[name].to_numpy(), np.float32)

    def table(self) -> Table:
        """Intensities by frame and AU."""
        columns = {unit.number: self.column(unit.code) for unit in ACTION_UNITS}
        return {
            int(frame): {au: float(values[row]) for au, values in columns.items() if np.isfinite(values[row])}
            for row, frame in enumerate(self.frame)
        }


def export(recording: Path, models: Models) -> Export:
    """Analyse a recording as the product does it; raises `EngineError` where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        analyse(recording, Path(folder), models, Config(), lambda *_: None)
        rows = pa.parquet.read_table(Path(folder) / FRAMES_FILE)
    tracks = rows["track"].to_pylist()
    counted = Counter(track for track in tracks if track is not None).most_common(1)
    kept = rows.filter(pa.array([bool(counted) and track == counted[0][0] for track in tracks]))
    return Export(kept["frame"].to_numpy(), kept)
