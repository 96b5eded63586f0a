"""The stored values of the reference interpreters (see make_reference.py)."""

from pathlib import Path

import numpy as np

REFERENCE = np.load(Path(__file__).with_name("reference.npz"))
