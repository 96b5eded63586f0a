"""The Action Unit network: an encoder of one face crop, and a head that compares a frame with the neutral.

They are apart so that the encoder can run while pictures stream, when the neutral is not known yet: what is
kept of a picture is its code, and the head reads landmarks and codes alone.
"""

import numpy as np
import torch
from torch import Tensor, nn

from analysis.engine import measures
from analysis.engine.action_units import AU_COUNT
from analysis.engine.crops import SIDE, STEPS
from analysis.engine.types import F32, LANDMARKS

CODE = 128
_CHANNELS = (24, 48, 64, 96)
_DEEPENED = (2, 3)
"""Stages with a second convolution."""
_KEPT = 32
_LEFT = SIDE // 2 ** len(_CHANNELS)
"""Pixels of the last stage's side."""
_WIDTHS = (320, 192)
_LOG_VARIANCE = (-5.0, 2.0)
_DEGREES = 30.0
SIDES = 2


class Encoder(nn.Module):
    """Evened crops (n, 128, 128) as float, see `crops`, to codes (n, 128)."""

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
        self.code = nn.Linear(_KEPT * _LEFT**2, CODE)

    def forward(self, crop: Tensor) -> Tensor:
        result: Tensor = self.code(self.layers(crop[:, None] / STEPS))
        return result


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

    def __init__(self, deviation: F32, measured: F32, scale: F32) -> None:
        """Set what inputs and errors are scaled by.

        `deviation` (478, 3) is of differences to the neutral, `measured` (n, 48) are measures of many faces,
        `scale` (44, 1) is of the labels.
        """
        super().__init__()
        for name, values in (
            ("measuring", measuring()),
            ("scale", scale),
            ("deviation", deviation.ravel()),
            ("measure_mean", measured.mean(axis=0)),
            ("measure_deviation", measured.std(axis=0) + 1e-4),
        ):
            self.register_buffer(name, torch.from_numpy(np.ascontiguousarray(values, np.float32)))
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
        self.outputs = nn.Linear(_WIDTHS[1], 3 * AU_COUNT * SIDES)

    def forward(
        self,
        landmarks: Tensor,
        neutral_landmarks: Tensor,
        pose: Tensor,
        neutral_pose: Tensor,
        code: Tensor,
        neutral_code: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        flat, rest = landmarks.flatten(1), neutral_landmarks.flatten(1)
        shift = ((flat - rest) / self.deviation).clamp(-6, 6)
        measured = (flat @ self.measuring - self.measure_mean) / self.measure_deviation
        moved = ((flat - rest) @ self.measuring) / self.measure_deviation
        told = [shift, measured.clamp(-4, 4), moved.clamp(-6, 6), pose / _DEGREES]
        told += [(pose - neutral_pose) / _DEGREES, code, code - neutral_code]
        found = self.outputs(self.layers(torch.cat(told, 1))).reshape(-1, 3, AU_COUNT, SIDES)
        return found[:, 0], found[:, 1].clamp(*_LOG_VARIANCE), found[:, 2]


def measuring() -> F32:
    """(478 x 3, 48): the engine's measures as one matrix over all landmarks."""
    used = len(measures.LANDMARKS_USED)
    units = np.eye(used * 3, dtype=np.float32).reshape(-1, used, 3)
    matrix = np.zeros((LANDMARKS, 3, SIDES * measures.MEASURE_COUNT), np.float32)
    matrix[measures.LANDMARKS_USED] = measures.from_shape(units).reshape(used, 3, -1)
    return matrix.reshape(LANDMARKS * 3, -1)
