import numpy as np
import pytest

from analysis.engine.landmarks import FaceLandmarker
from analysis.training.errors import TrainingError
from analysis.training.evaluation import redraw
from analysis.training.generator import people
from analysis.training.generator.people import FRAMES_A_PERSON, NEUTRAL_FRAMES, Studio
from tests.support.models import real_models

SEED = [1, 2, 5]


@pytest.fixture(scope="module")
def facts():
    return redraw.person(np.random.default_rng(SEED))


def labels(facts):
    return np.stack([frame.labels for frame in facts.frames])


class Seen:
    """Renders as another does, and keeps what it was told."""

    def __init__(self, renderer):
        self.renderer, self.looks, self.lights = renderer, [], []

    def dress(self, look):
        self.looks.append(look)
        return self.renderer.dress(look)

    def render(self, posed, dressed, camera, lighting, background):
        self.lights.append(lighting)
        return self.renderer.render(posed, dressed, camera, lighting, background)


@pytest.mark.parametrize("number", [5, 7])
def test_what_is_drawn_again_is_what_was_rendered(rig, number, monkeypatch):
    """Fails when the generator's order of draws changes and this one's does not."""
    studio = Studio(FaceLandmarker(real_models()), rig)
    studio._renderer = seen = Seen(studio._renderer)
    covered = []
    cover = people.occluders.cover
    monkeypatch.setattr(people.occluders, "cover", lambda *told: covered.append(1) or cover(*told))

    shots = studio.shots(np.random.default_rng([1, 2, number]))
    shown = len(covered)
    again = redraw.person(np.random.default_rng([1, 2, number]))

    assert [again.look] == seen.looks
    assert [frame.lighting for frame in again.frames] == seen.lights
    assert sum(frame.covered for frame in again.frames) == shown
    assert np.array_equal(labels(again), np.stack([shot.expression.intensities for shot, _ in shots]))


def test_frames_of_the_neutral_come_first_and_are_never_covered(facts):
    assert len(facts.frames) == FRAMES_A_PERSON
    assert not any(frame.covered for frame in facts.frames[:NEUTRAL_FRAMES])


def test_some_frames_are_covered_and_some_lit_otherwise():
    many = [frame for n in range(40) for frame in redraw.person(np.random.default_rng([4, 2, n])).frames]

    assert 0.05 < np.mean([frame.covered for frame in many]) < 0.15
    assert 0.06 < np.mean([frame.relit for frame in many]) < 0.18


def test_frames_that_were_left_out_are_passed_over(facts):
    kept = [0, 2, 5, 11]
    stored = labels(facts)[kept].astype(np.float16).astype(np.float32)

    assert redraw.matched(facts, stored) == [facts.frames[n] for n in kept]


def test_frames_of_another_stream_are_refused(facts):
    other = redraw.person(np.random.default_rng([1, 2, 6]))

    with pytest.raises(TrainingError, match="another version"):
        redraw.matched(facts, labels(other))
