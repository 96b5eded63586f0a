"""The Action Unit network: an encoder of one face crop, and a head that compares a frame with the neutral.

They are apart so that the encoder can run while pictures stream, when the neutral is not known yet: what is
kept of a picture is its code, and the head reads landmarks and codes alone.

Faces are alike left and right, so one half is enough to learn: both read the person's left half of a face,
and the right one as the left half of the mirrored face.
"""

import numpy as np
import torch
from torch import Tensor, nn

from analysis.engine import measures
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT
from analysis.engine.crops import SIDE, STEPS
from analysis.engine.types import F32, I32, LANDMARKS

CODE = 128
_CHANNELS = (16, 32, 64, 96)
_DEEPENED = (2, 3)
"""Stages with a second convolution."""
_KEPT = 32
_HALF = 80
"""Columns of a half: up to the far nostril and the middle of the mouth's other half."""
_REDUCED = 2 ** len(_CHANNELS)
_WIDTHS = (320, 192)
_LOG_VARIANCE = (-5.0, 2.0)
_DEGREES = 30.0
SIDES = 2


class Encoder(nn.Module):
    """Evened crops (n, 128, 128) as float, see `crops`, to codes (n, 128), a half of the face each half."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for stage, channels in enumerate(_CHANNELS):
            layers += _convolution(before, channels, 3 if stage else 5, stride=2)
            if stage in _DEEPENED:
                layers += _convolution(channels, channels, 3, stride=1)
            before = channels
        layers += [nn.Conv2d(before, _KEPT, 1), nn.ReLU(), nn.Flatten(), nn.Dropout(0.2)]
        self.layers = nn.Sequential(*layers)
        self.code = nn.Linear(_KEPT * (SIDE // _REDUCED) * (_HALF // _REDUCED), CODE // SIDES)

    def forward(self, crop: Tensor) -> Tensor:
        crop = crop[:, None] / STEPS
        halves = torch.cat([crop[..., -_HALF:], crop[..., :_HALF].flip(3)])
        codes: Tensor = self.code(self.layers(halves))
        return torch.cat(codes.chunk(SIDES), 1)


def _convolution(before: int, channels: int, kernel: int, stride: int) -> list[nn.Module]:
    convolution = nn.Conv2d(before, channels, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(channels), nn.ReLU()]


class Head(nn.Module):
    """Landmarks, pose and code of frame and neutral to intensities, log variances, visibilities.

    Each of the three outputs is (n, 44, 2), left and right; intensities are not bounded yet, visibility is a
    logit.
    """

    measuring: Tensor
    scale: Tensor
    deviation: Tensor
    measure_mean: Tensor
    measure_deviation: Tensor
    partner: Tensor
    flipped: Tensor
    turned: Tensor
    sided: Tensor

    def __init__(self, deviation: F32, measured: F32, scale: F32, partner: I32) -> None:
        """Set what inputs and errors are scaled by.

        `deviation` (478, 3) is of differences to the neutral, `measured` (n, 48) are measures of many faces,
        `scale` (44, 1) is of the labels, `partner` (478,) names each landmark's mirror image.
        """
        super().__init__()
        for name, values in (
            ("measuring", measuring()),
            ("scale", scale),
            ("deviation", deviation.ravel()),
            ("measure_mean", measured.mean(axis=0)),
            ("measure_deviation", measured.std(axis=0) + 1e-4),
            ("flipped", np.array([-1, 1, 1])),
            ("turned", np.array([-1, 1, -1])),
            ("sided", np.array([[unit.sided] for unit in ACTION_UNITS])),
        ):
            self.register_buffer(name, torch.from_numpy(np.ascontiguousarray(values, np.float32)))
        self.register_buffer("partner", torch.from_numpy(partner.astype(np.int64)))
        inputs = LANDMARKS * 3 + 2 * len(self.measure_mean) + 6 + 2 * CODE
        self.layers = nn.Sequential(
            nn.Dropout(0.05),
            nn.Linear(inputs, _WIDTHS[0]),
            nn.SiLU(),
            nn.Dropout(0.15),
            nn.Linear(_WIDTHS[0], _WIDTHS[1]),
            nn.SiLU(),
            nn.Dropout(0.1),
        )
        self.outputs = nn.Linear(_WIDTHS[1], 3 * AU_COUNT)

    def forward(
        self,
        landmarks: Tensor,
        neutral_landmarks: Tensor,
        pose: Tensor,
        neutral_pose: Tensor,
        code: Tensor,
        neutral_code: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        left = self._side(landmarks, neutral_landmarks, pose, neutral_pose, code, neutral_code)
        right = self._side(
            self._mirrored(landmarks),
            self._mirrored(neutral_landmarks),
            pose * self.turned,
            neutral_pose * self.turned,
            _swapped(code),
            _swapped(neutral_code),
        )
        found = torch.stack([left, right], 3)
        found = self.sided * found + (1 - self.sided) * found.mean(3, keepdim=True)
        return found[:, 0], found[:, 1].clamp(*_LOG_VARIANCE), found[:, 2]

    def _mirrored(self, landmarks: Tensor) -> Tensor:
        return landmarks[:, self.partner] * self.flipped

    def _side(
        self,
        landmarks: Tensor,
        rest: Tensor,
        pose: Tensor,
        rest_pose: Tensor,
        code: Tensor,
        rest_code: Tensor,
    ) -> Tensor:
        """(n, 3, 44) of the person's left."""
        off = landmarks.flatten(1) - rest.flatten(1)
        measured = (landmarks.flatten(1) @ self.measuring - self.measure_mean) / self.measure_deviation
        moved = (off @ self.measuring) / self.measure_deviation
        told = [(off / self.deviation).clamp(-6, 6), measured.clamp(-4, 4), moved.clamp(-6, 6)]
        told += [pose / _DEGREES, (pose - rest_pose) / _DEGREES, code, code - rest_code]
        result: Tensor = self.outputs(self.layers(torch.cat(told, 1)))
        return result.reshape(-1, 3, AU_COUNT)


def _swapped(code: Tensor) -> Tensor:
    return torch.cat(code.chunk(SIDES, 1)[::-1], 1)


def measuring() -> F32:
    """(478 x 3, 48): the engine's measures as one matrix over all landmarks."""
    used = len(measures.LANDMARKS_USED)
    units = np.eye(used * 3, dtype=np.float32).reshape(-1, used, 3)
    matrix = np.zeros((LANDMARKS, 3, SIDES * measures.MEASURE_COUNT), np.float32)
    matrix[measures.LANDMARKS_USED] = measures.from_shape(units).reshape(used, 3, -1)
    return matrix.reshape(LANDMARKS * 3, -1)
