import numpy as np
import pytest

from analysis.training import facekit
from analysis.training.renderer import hair
from analysis.training.renderer.look import HAIR_STYLES, Look
from analysis.training.rig import HeadPose


@pytest.mark.parametrize("style", HAIR_STYLES)
def test_what_is_worn_leaves_the_face_alone(rig, style):
    worn = hair.wear(rig.kit, Look(style=style))
    face = rig.kit.landmarks[rig.kit.landmarks >= 0]
    inner = face[np.abs(rig.kit.neutral[face, 0]) < 5]

    assert not worn.lift[inner].any()
    assert not worn.widening[inner].any()


def test_only_bald_heads_keep_their_shape(rig):
    lifts = {style: np.abs(hair.wear(rig.kit, Look(style=style)).lift).max() for style in HAIR_STYLES}

    assert lifts.pop("bald") == 0
    assert min(lifts.values()) > 0.1


def test_glasses_go_with_the_head(rig, mean_face):
    worn = hair.wear(rig.kit, Look(style="bald", glasses=0.2))
    straight, turned = (
        hair.put_on(rig.pose(mean_face, {}, HeadPose(yaw)), worn)[facekit.VERTICES :] for yaw in (0, 40)
    )

    assert len(worn.glasses) == len(straight)
    assert turned[:, 0].mean() > straight[:, 0].mean() + 2
    assert worn.triangles.max() == facekit.VERTICES + len(worn.glasses) - 1
    assert len(worn.colour) == len(worn.glasses)
