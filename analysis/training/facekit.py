"""Reads ICT FaceKit Light: a whole head with expression and identity shapes (MIT, see docs/rig.md).

Centimetres; x to the person's left, y up, z to the front.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.engine.types import F32, I32
from analysis.training.errors import RigMissingError

VERTICES = 26719
IDENTITIES = 100
SETTING = "ECHODEPTH_RIG"
_DEFAULT = Path(__file__).resolve().parents[2].parent / "shared/data/face-rig/ict_facekit_light.npz"

SKIN = slice(0, 11248)
"""Face, head and neck."""
MOUTH_SOCKET = slice(11248, 13294)
EYE_SOCKETS = slice(13294, 14062)
GUMS = slice(14062, 17039)
"""Gums and tongue."""
TONGUE = slice(16310, 17039)
TEETH = slice(17039, 21451)
UPPER_TEETH = slice(17039, 19247)
EYES = {"L": slice(21451, 23021), "R": slice(23021, 24591)}
"""Each with its inner ball."""
EYE_WHITES = {"L": slice(21451, 22221), "R": slice(23021, 23791)}
LASHES = slice(25351, 26719)
LASH_STRIPS = 12
"""Of 114 vertices each: left upper three, left lower three, then the right eye's."""


@dataclass(frozen=True, slots=True)
class FaceKit:
    neutral: F32
    """(26719, 3) cm."""
    triangles: I32
    """(52220, 3)"""
    expressions: dict[str, F32]
    """Name to (26719, 3) cm at weight 1."""
    identities: F32
    """(100, 26719, 3) cm at one standard deviation each."""
    landmarks: I32
    """(478,) vertex nearest to each landmark of the face mesh, -1 for those on the eyeball."""


def rig_path() -> Path:
    """The file named by ECHODEPTH_RIG, or `shared/data/face-rig` beside the repository."""
    return Path(os.environ.get(SETTING) or _DEFAULT)


def there(path: Path) -> Path:
    """The path again; raises RigMissingError where there is no file."""
    if not path.is_file():
        raise RigMissingError(
            f"The head model is not at {path}. Set {SETTING} to ict_facekit_light.npz (see docs/rig.md)."
        )
    return path


def load(path: Path | None = None) -> FaceKit:
    """Read the head; raises RigMissingError, saying where it was looked for."""
    with np.load(there(path or rig_path())) as archive:
        names = [str(name) for name in archive["expression_names"]]
        deltas = archive["expression_deltas"].astype(np.float32)
        return FaceKit(
            neutral=archive["neutral"].astype(np.float32),
            triangles=archive["triangles"].astype(np.int32),
            expressions=dict(zip(names, deltas, strict=True)),
            identities=archive["identity_deltas"].astype(np.float32),
            landmarks=archive["mediapipe478_to_vertex"].astype(np.int32),
        )
