import cv2
import pytest

from analysis.engine.landmarks import FaceLandmarker
from analysis.training.errors import TrainingError
from analysis.training.generator import preview
from analysis.training.generator.people import Studio
from tests.support.models import real_models


@pytest.fixture(scope="module")
def studio(rig):
    return Studio(FaceLandmarker(real_models()), rig)


def test_two_pictures_of_each_person_with_what_they_show_below(studio, tmp_path):
    path = tmp_path / "preview.png"

    preview.make(studio, path, seed=1, people=2)

    picture = cv2.imread(str(path))
    assert picture.shape == (preview.TILE + 16, 8 * preview.TILE, 3)
    assert picture[:, : 4 * preview.TILE].std() > 20
    assert not picture[:, 4 * preview.TILE :].any()


def test_a_picture_that_cannot_be_written_says_so(studio, tmp_path):
    with pytest.raises(TrainingError, match="nowhere"):
        preview.make(studio, tmp_path / "nowhere" / "preview.png", seed=1, people=1)
