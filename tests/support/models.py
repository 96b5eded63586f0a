"""The real face networks for tests: prepared once, in the folder an installation uses."""

import pytest

from analysis.engine.runtime import Models, load_models
from analysis.facemodels.errors import ModelsUnreachableError
from analysis.facemodels.prepare import prepare
from echodepth.env import BASE_DIR

FOLDER = BASE_DIR / ".models"


def real_models() -> Models:
    """Loaded networks; skips the test that asks when they are not there and cannot be fetched."""
    try:
        prepare(FOLDER)
    except ModelsUnreachableError as error:
        pytest.skip(f"the face networks cannot be fetched: {error}")
    return load_models(FOLDER)
