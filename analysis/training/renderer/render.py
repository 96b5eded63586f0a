"""From a posed head to a picture."""

import ctypes
from dataclasses import dataclass

import numpy as np

from analysis.engine.types import F32, I32, U8
from analysis.training import facekit
from analysis.training.errors import TrainingError
from analysis.training.facekit import FaceKit
from analysis.training.renderer import atlas as maps
from analysis.training.renderer import hair, layout, native, scene, skin, wrinkles
from analysis.training.renderer.hair import Worn
from analysis.training.renderer.layout import Material
from analysis.training.renderer.look import IRISES, Look
from analysis.training.renderer.scene import Camera, Lighting
from analysis.training.renderer.skin import Skin
from analysis.training.rig import Posed

SAMPLES = 2
"""Samples a pixel, each way."""
SCATTER = (0.38, 0.16, 0.10)
"""How far light wraps round skin by channel: red travels farthest in it. By eye."""


@dataclass(frozen=True, slots=True)
class Dressed:
    """One person's appearance, made once for all their frames."""

    look: Look
    skin: Skin
    colour: F32
    """(n, 3) linear, of the head and what it wears; multiplied with the skin's picture where there is one."""
    gloss: F32
    """(n,) shine; of lashes their density, of skin how far it is covered by cloth."""
    uv: F32
    """(n, 2)"""
    worn: Worn
    triangles: I32
    material: U8
    blocks: U8


class Renderer:
    """Holds what all pictures share; `dress` a look once, then `render` its frames."""

    def __init__(self, kit: FaceKit) -> None:
        self._kit = kit
        self._layout = layout.build(kit)
        self._atlas = maps.build(kit)
        self._folds = wrinkles.place(self._atlas)
        self._library = native.library()

    def dress(self, look: Look) -> Dressed:
        uv = self._atlas.uv.copy()
        uv[facekit.LASHES] = self._layout.lash_uv
        colour, gloss = _vertex_colours(self._kit, look)
        worn = hair.wear(self._kit, look)
        extra = len(worn.colour)
        return Dressed(
            look,
            skin.bake(self._atlas, self._folds, look),
            np.concatenate([colour, worn.colour]),
            np.concatenate([gloss, np.zeros(extra, np.float32)]),
            np.concatenate([uv, np.zeros((extra, 2), np.float32)]),
            worn,
            np.concatenate([self._layout.triangles, worn.triangles]),
            np.concatenate([self._layout.material, np.full(len(worn.triangles), Material.SHEET, np.uint8)]),
            np.concatenate(
                [
                    self._layout.blocks,
                    np.ones(len(worn.vertices), np.uint8),
                    np.zeros(len(worn.glasses), np.uint8),
                ]
            ),
        )

    def render(
        self,
        posed: Posed,
        dressed: Dressed,
        camera: Camera,
        lighting: Lighting,
        background: F32,
    ) -> U8:
        """A picture (h, w, 3) sRGB of the size of `background` (h, w, 3), linear light. Deterministic."""
        height, width = background.shape[:2]
        relief = wrinkles.apply(
            dressed.skin.height,
            dressed.skin.folds,
            wrinkles.strengths(dressed.skin.folds, posed.intensities, dressed.look),
        )
        vertices = hair.put_on(posed, dressed.worn)
        background = np.ascontiguousarray(background, np.float32)
        picture = np.empty((height, width, 3), np.uint8)
        inputs = scene.CInputs(
            *(
                scene.address(array)
                for array in (
                    vertices,
                    dressed.uv,
                    dressed.colour,
                    dressed.triangles,
                    dressed.material,
                    dressed.skin.albedo,
                    relief,
                    dressed.gloss,
                    background,
                )
            )
        )
        c_scene = self._scene(posed, dressed, camera, lighting, (height, width))
        failed = self._library.render_head(
            ctypes.byref(c_scene),
            scene.c_lights(lighting),
            ctypes.byref(inputs),
            ctypes.c_void_p(scene.address(dressed.blocks)),
            ctypes.c_void_p(scene.address(picture)),
        )
        if failed:
            raise TrainingError("The renderer found no memory.")
        return picture

    def _scene(
        self, posed: Posed, dressed: Dressed, camera: Camera, lighting: Lighting, size: tuple[int, int]
    ) -> scene.CScene:
        height, width = size
        look, focal = dressed.look, camera.focal * height * SAMPLES
        inner, outer = IRISES[look.iris]
        values = {
            "vertices": len(dressed.colour),
            "triangles": len(dressed.triangles),
            "width": width * SAMPLES,
            "height": height * SAMPLES,
            "samples": SAMPLES,
            "texture_width": maps.WIDTH,
            "texture_height": maps.HEIGHT,
            "lights": min(len(lighting.lights), scene.MAX_LIGHTS),
            "focal": focal,
            "centre_x": width * SAMPLES / 2 - focal * camera.aim[0] / camera.distance,
            "centre_y": height * SAMPLES / 2 + focal * camera.aim[1] / camera.distance,
            "distance": camera.distance,
            "texel": maps.TEXEL,
            "exposure": lighting.exposure,
            "shadow_softness": lighting.softness,
            "pupil": look.pupil_radius,
            "iris": look.iris_radius,
            "limbus": look.limbus,
        }
        result = scene.CScene(**values)
        for name, value in (
            ("sky", lighting.sky),
            ("ground", lighting.ground),
            ("iris_inner", inner),
            ("iris_outer", outer),
            ("sclera", look.sclera),
            ("scatter", SCATTER),
            ("cloth", look.cloth),
            ("up", posed.rotation[:, 1]),
        ):
            getattr(result, name)[:] = [float(v) for v in value]
        for side in range(2):
            result.eye_centre[side][:] = posed.eye_centres[side].tolist()
            result.eye_axis[side][:] = posed.eye_axes[side].tolist()
        return result


def _vertex_colours(kit: FaceKit, look: Look) -> tuple[F32, F32]:
    colour = np.ones((facekit.VERTICES, 3), np.float32)
    gloss = np.zeros(facekit.VERTICES, np.float32)
    z = kit.neutral[:, 2]
    colour[facekit.MOUTH_SOCKET] = (0.16, 0.035, 0.03)
    colour[facekit.EYE_SOCKETS] = (0.30, 0.10, 0.08)
    colour[facekit.GUMS] = (0.36, 0.11, 0.10)
    colour[facekit.TONGUE] = (0.42, 0.12, 0.11)
    # Teeth darken into the mouth.
    front = np.clip((z[facekit.TEETH] - 5.0) / 5.0, 0.1, 1)[:, None]
    colour[facekit.TEETH] = np.array(look.teeth, np.float32) * front
    gloss[facekit.GUMS] = 1.0
    gloss[facekit.TEETH] = 0.9
    gloss[facekit.MOUTH_SOCKET] = 0.6
    gloss[facekit.SKIN] = layout.clothed(kit.neutral[facekit.SKIN])
    colour[facekit.LASHES] = np.array(look.hair, np.float32) * 0.5
    gloss[facekit.LASHES] = look.lashes * _lower_lashes()
    return colour, gloss


def _lower_lashes() -> F32:
    """Density (1368,): the lower lid's lashes are fewer."""
    strips = np.array([1.0, 1.0, 1.0, 0.35, 0.35, 0.35] * 2, np.float32)
    return np.repeat(strips, (facekit.LASHES.stop - facekit.LASHES.start) // facekit.LASH_STRIPS)
