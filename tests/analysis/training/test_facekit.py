import pytest

from analysis.training import facekit
from analysis.training.errors import RigMissingError


def test_a_missing_head_model_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv(facekit.SETTING, str(tmp_path / "head.npz"))

    with pytest.raises(RigMissingError, match=r"head\.npz.*ECHODEPTH_RIG"):
        facekit.load()


def test_parts_of_the_head_are_where_the_names_say(rig):
    points = rig.kit.neutral

    assert points.shape == (facekit.VERTICES, 3)
    assert points[facekit.EYE_WHITES["L"], 0].min() > 0 > points[facekit.EYE_WHITES["R"], 0].max()
    assert points[facekit.TONGUE, 1].max() < points[facekit.UPPER_TEETH, 1].mean() - 0.3
    assert len(rig.kit.identities) == facekit.IDENTITIES
