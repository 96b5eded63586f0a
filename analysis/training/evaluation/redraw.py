"""What a dataset's person looked like, how each frame was lit and covered: drawn again without rendering.

Shards hold what the product would see. Tone, looks and light stay in the person's random stream, which is
seeded; this repeats the draws of `Studio.shots` in their order. A frame is recognised by its labels, so that
a stream that no longer runs alike is noticed and not believed.
"""

from dataclasses import dataclass

import numpy as np

from analysis.engine.types import F32
from analysis.training import facekit
from analysis.training.errors import TrainingError
from analysis.training.generator import expressions, occluders, scenes
from analysis.training.generator.people import FRAMES_A_PERSON, NEUTRAL_FRAMES
from analysis.training.renderer.look import Look
from analysis.training.renderer.scene import Lighting

_FACE = (np.full(2, 100.0), 100.0)
"""Centre and width of a face: where a shape lies changes what it covers, not what is drawn."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    labels: F32
    """(44, 2)"""
    lighting: Lighting
    relit: bool
    """Whether the light is another one than the person's frames have as a rule."""
    covered: bool
    """By a hand, a microphone or a bar, somewhere about the face."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    shape: F32
    """(100,) coefficients of the identity, in the generator's spread."""
    look: Look
    frames: tuple[FrameFacts, ...]


def identity(rng: np.random.Generator) -> tuple[F32, Look]:
    """Shape coefficients and look: the first that a person's stream gives."""
    shape = np.asarray(rng.normal(0, 1, facekit.IDENTITIES), np.float32)
    return shape, Look.random(rng)


def person(rng: np.random.Generator) -> PersonFacts:
    """All facts of one person's recording, from a fresh stream."""
    shape, look = identity(rng)
    recording = scenes.draw(rng)
    habit = expressions.habit(rng)
    frames = []
    for number in range(FRAMES_A_PERSON):
        calm = number < NEUTRAL_FRAMES
        shown = expressions.near_neutral(rng, habit) if calm else expressions.draw(rng)
        scenes.calm_head(recording, rng) if calm else scenes.head_now(recording, rng)
        scenes.camera_now(recording, rng)
        lighting = scenes.light_now(recording, rng)
        picture = np.zeros((recording.size, recording.size, 3), np.uint8)
        covered = not calm and bool(rng.random() < occluders.SHARE)
        if covered:
            occluders.cover(picture, *_FACE, rng)
        scenes.recorded(picture, recording, rng)
        relit = lighting.lights != recording.lighting.lights
        frames.append(FrameFacts(shown.intensities, lighting, relit, covered))
    return PersonFacts(shape, look, tuple(frames))


def matched(facts: PersonFacts, labels: F32) -> list[FrameFacts]:
    """The facts of the frames with `labels` (n, 44, 2), which are some of the person's, in order.

    Raises TrainingError where one is not among them: the dataset was drawn by another generator.
    """
    found, waiting = [], iter(facts.frames)
    for wanted in labels:
        match = next((one for one in waiting if np.allclose(one.labels, wanted, atol=0.01)), None)
        if match is None:
            raise TrainingError("The dataset was drawn by another version of the generator.")
        found.append(match)
    return found
