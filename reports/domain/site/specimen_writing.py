"""Making the specimen: the demonstration recording analysed, its report drawn, its moments cut out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from pypdf import PdfReader

from analysis.domain.demonstration import RECORDING
from analysis.engine.analyse import Config
from analysis.engine.decode import FrameReader
from analysis.engine.finding_types import Signal, TrackResult
from analysis.engine.model_card import ModelCard
from analysis.engine.probe import Limits, probe
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.types import U8
from reports.domain import local
from reports.domain.report_data import RecordingFacts
from reports.domain.site import specimen
from reports.domain.site.specimen_card import write_card
from reports.domain.site.specimen_moments import Row, faces, moments
from reports.domain.site.specimen_pages import pages, save, tool

COMMAND = "python manage.py write_specimen static/specimen"
TOLD = RecordingFacts(
    title="Sample report of a rendered person",
    original_name="demonstration.mp4",
    subject="a head rendered by a computer, no living person",
)
"""Of the report: whoever finds the file alone reads on its cover whom it is of."""
SIDE = 480
"""Pixels of a moment's square picture."""
_AROUND = 1.5
"""Sides of the square in heights of the face."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A square of a picture, in its pixels."""

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, row: Row, width: int, height: int) -> "Cut":
        """The face of a row in the middle, as far as the picture goes."""
        side = round(min(row["face_h"] * _AROUND, width, height))
        left = row["face_x"] + (row["face_w"] - side) / 2
        top = row["face_y"] + (row["face_h"] - side) / 2
        return cls(round(min(max(left, 0), width - side)), round(min(max(top, 0), height - side)), side)

    def of(self, rgb: U8) -> U8:
        """(SIDE, SIDE, 3) in the order of OpenCV."""
        cut = rgb[self.top : self.top + self.side, self.left : self.left + self.side, ::-1]
        enlarged = cv2.resize(np.ascontiguousarray(cut), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        return np.asarray(enlarged, np.uint8)


def write(folder: Path, models: Path, progress: Progress) -> None:
    """Analyse the demonstration recording and write all files of the specimen into `folder`.

    Raises the engine's errors, OutputError, and ToolMissingError where pages cannot be drawn.
    """
    tool()  # Asked for first: an analysis takes a while.
    formats = ("parquet", "json")
    job = local.Job(RECORDING, folder, formats, overwrite=True, models=models, config=Config(Limits()))
    draw(local.run(job, progress), folder)


def draw(result: AnalysisResult, folder: Path) -> None:
    """The report, the pictures and the facts, of a result whose frame table lies in `folder`."""
    report, table = folder / specimen.REPORT, folder / specimen.TABLE
    local.write_pdf(result, TOLD, table, report)
    told = measured(result, table)
    told["moments"] = _with_pictures(told["moments"], faces(table), folder)
    told |= _of_report(report, folder)
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (folder / specimen.FACTS).write_text(text + "\n", encoding="utf-8")
    write_card(specimen.Specimen.of(told).moments[0], folder)


def measured(result: AnalysisResult, table: Path) -> dict[str, Any]:
    """What `specimen.json` says of the measurement, without the pictures' files."""
    return {
        "version": specimen.VERSION,
        "command": COMMAND,
        "card_sha256": ModelCard.load().sha256,
        "recording_sha256": hashlib.sha256(RECORDING.read_bytes()).hexdigest(),
        "frames": result.frames,
        "duration": round(result.seconds, 3),
        "moments": moments(table, _main(result).track),
        "signals": [_score(signal) for signal in _main(result).signals],
    }


def _main(result: AnalysisResult) -> TrackResult:
    if result.main is None:
        raise ValueError("no face was measured")
    return result.main


def _score(signal: Signal) -> dict[str, Any]:
    if signal.overall is None:
        raise ValueError(signal.key)
    return {"key": signal.key} | {name: round(value, 1) for name, value in asdict(signal.overall).items()}


def _with_pictures(
    told: Sequence[dict[str, Any]], boxes: Mapping[int, Row], folder: Path
) -> list[dict[str, Any]]:
    """The moments, each with its picture cut out of the recording and written."""
    cuts = {moment["frame"]: boxes[moment["frame"]] for moment in told}
    for number, (moment, picture) in enumerate(zip(told, _cut_out(cuts), strict=True), start=1):
        moment |= {"picture": f"moment-{number}.webp", "width": SIDE, "height": SIDE}
        save(picture, folder / moment["picture"])
    return list(told)


def _cut_out(boxes: Mapping[int, Row]) -> list[U8]:
    """In order of frames."""
    limits = Limits()
    info = probe(RECORDING, limits)
    with FrameReader(RECORDING, info, limits) as frames:
        return [
            Cut.around(boxes[frame.index], info.width, info.height).of(frame.image)
            for frame in frames
            if frame.index in boxes
        ]


def _of_report(report: Path, folder: Path) -> dict[str, Any]:
    shown = pages(report, folder)
    return {
        "pages": shown,
        "shown_pages": len(shown),
        "all_pages": len(PdfReader(report).pages),
        "pdf_bytes": report.stat().st_size,
    }
