"""The head model, read once; it is no part of the repository."""

import numpy as np
import pytest

from analysis.training import facekit
from analysis.training.renderer.render import Renderer
from analysis.training.rig import Rig


@pytest.fixture(scope="session")
def rig():
    if not facekit.rig_path().is_file():
        pytest.skip("shared/ is absent")
    return Rig()


@pytest.fixture(scope="session")
def mean_face(rig):
    return rig.person(np.zeros(facekit.IDENTITIES))


@pytest.fixture(scope="session")
def renderer(rig):
    return Renderer(rig.kit)
