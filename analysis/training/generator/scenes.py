"""Where a face is filmed: camera, lights, background, and what the recording does to the picture."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from analysis.engine.types import F32, U8
from analysis.training.errors import TrainingError
from analysis.training.renderer.scene import Camera, Colour, Light, Lighting
from analysis.training.rig import HeadPose

SIZES = (184, 264)
"""Pixels, side of the pictures."""
_HEAD = 21.0
"""cm, what the picture's height holds at least: chin to hair."""
YAW, PITCH, ROLL = 50.0, 30.0, 25.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What stays the same through one person's frames."""

    size: int
    camera: Camera
    lighting: Lighting
    background: F32
    """(size, size, 3) linear."""
    blur: float
    """Pixels, standard deviation."""
    noise: float
    """Grey levels, standard deviation."""
    quality: int
    """JPEG."""
    turned: float
    """Degrees of yaw that the person's head has in the mean."""
    nodded: float


def draw(rng: np.random.Generator) -> Recording:
    """A recording at random: a webcam's, a phone's, an interview's."""
    size = int(rng.integers(*SIZES) // 8 * 8)
    distance = float(np.exp(rng.uniform(np.log(38), np.log(200))))
    filled = rng.uniform(0.66, 1.08)
    camera = Camera(distance, float(filled * distance / _HEAD), (0.0, -1.5))
    return Recording(
        size=size,
        camera=camera,
        lighting=_lighting(rng),
        background=_background(rng, size),
        blur=float(rng.uniform(0.2, 1.6)) if rng.random() < 0.5 else 0.0,
        noise=float(rng.gamma(1.2, 2.0)),
        quality=int(rng.integers(35, 96)),
        turned=float(rng.normal(0, 9)),
        nodded=float(rng.normal(0, 6)),
    )


def camera_now(recording: Recording, rng: np.random.Generator) -> Camera:
    """The head is not always in the middle."""
    x, y = recording.camera.aim
    return replace(recording.camera, aim=(x + float(rng.normal(0, 1.0)), y + float(rng.normal(0, 0.8))))


def light_now(recording: Recording, rng: np.random.Generator) -> Lighting:
    """The recording's light, at times another: a cloud, a lamp, a screen."""
    if rng.random() < 0.12:
        return _lighting(rng)
    return replace(recording.lighting, exposure=recording.lighting.exposure * float(rng.uniform(0.93, 1.07)))


def head_now(recording: Recording, rng: np.random.Generator) -> HeadPose:
    """Most frames near the person's usual pose, the rest anywhere a face is measured."""
    if rng.random() < 0.72:
        yaw, pitch = recording.turned + rng.normal(0, 5), recording.nodded + rng.normal(0, 4)
        roll = rng.normal(0, 4)
    else:
        yaw, pitch, roll = rng.normal(0, 24), rng.normal(0, 13), rng.normal(0, 9)
    return HeadPose(
        float(np.clip(yaw, -YAW, YAW)),
        float(np.clip(pitch, -PITCH, PITCH)),
        float(np.clip(roll, -ROLL, ROLL)),
    )


def calm_head(recording: Recording, rng: np.random.Generator) -> HeadPose:
    """The usual pose, as in the frames that a neutral is estimated from."""
    yaw, pitch = recording.turned + rng.normal(0, 4), recording.nodded + rng.normal(0, 3)
    return HeadPose(float(yaw), float(pitch), float(rng.normal(0, 3)))


def recorded(picture: U8, recording: Recording, rng: np.random.Generator) -> U8:
    """The picture (n, n, 3) RGB as a lens, a sensor and a codec leave it."""
    if recording.blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), recording.blur), np.uint8)
    if rng.random() < 0.06:
        picture = _moved(picture, rng)
    grain = rng.normal(0, recording.noise, (*picture.shape[:2], 1)).astype(np.float32)
    noisy = np.clip(picture + grain, 0, 255).astype(np.uint8)
    done, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, recording.quality])
    if not done:
        raise TrainingError("OpenCV could not pack a picture as JPEG.")
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_UNCHANGED), np.uint8)


def _moved(picture: U8, rng: np.random.Generator) -> U8:
    """Smeared along a short line."""
    length = int(rng.integers(2, 5))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0, np.pi)
    for step in np.linspace(-length, length, 8 * length):
        kernel[round(length + step * np.sin(angle)), round(length + step * np.cos(angle))] = 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def _lighting(rng: np.random.Generator) -> Lighting:
    lights = [_light(rng, 75, 1.6)]
    lights += [_light(rng, 120, 0.7) for _ in range(int(rng.integers(0, 3)))]
    ambient = float(rng.uniform(0.15, 0.75))
    return Lighting(
        lights=tuple(lights),
        sky=_tint(rng, ambient),
        ground=_tint(rng, ambient * float(rng.uniform(0.3, 0.9))),
        exposure=float(np.exp(rng.uniform(np.log(0.45), np.log(1.15)))),
        softness=float(rng.uniform(0.2, 1.5)),
    )


def _light(rng: np.random.Generator, reach: float, strength: float) -> Light:
    return Light(
        azimuth=float(rng.uniform(-reach, reach)),
        elevation=float(rng.uniform(-15, 65)),
        colour=_tint(rng, strength * float(rng.uniform(0.4, 1))),
        shadow=float(rng.uniform(0.2, 1)),
    )


def _tint(rng: np.random.Generator, level: float) -> Colour:
    warmth = rng.normal(0, 0.1)
    red, green, blue = level * np.exp([warmth, 0.0, -warmth])
    return float(red), float(green), float(blue)


def _background(rng: np.random.Generator, size: int) -> F32:
    """Coarse coloured blotches, smooth or hard-edged, like a room out of focus."""
    cells = int(rng.integers(2, 12))
    coarse = rng.uniform(0.0, 0.8, (cells, cells, 3)) * rng.uniform(0.2, 1)
    grey = coarse.mean(axis=2, keepdims=True)
    coarse = grey + (coarse - grey) * rng.uniform(0, 1)
    how = cv2.INTER_CUBIC if rng.random() < 0.7 else cv2.INTER_NEAREST
    picture = cv2.resize(coarse.astype(np.float32), (size, size), interpolation=how)
    return np.ascontiguousarray(np.clip(picture, 0, 1), np.float32)
