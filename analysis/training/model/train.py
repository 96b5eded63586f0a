"""Training by one command: from shards to a network, the same from the same seed and data."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from analysis.engine.types import LANDMARKS
from analysis.training.model import augment, mirror
from analysis.training.model.network import Encoder, Head, measuring
from analysis.training.model.samples import MODELLED, Samples

_SPREAD_WEIGHT = 0.1
"""Of the likelihood that the spread is learned from. The intensities are learned by least squares: left to
the likelihood, rare AUs are explained away by a large spread and hardly learned at all."""
_SHOWN_WEIGHT = 0.4
"""Of what is in view."""
_VISIBLE = 0.25
_UNSEEN_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int = 1
    epochs: int = 8
    threads: int = 1
    people: int = 10
    """A batch."""
    rate: float = 2.5e-3
    decay: float = 0.02
    blind: float = 0.2
    """Share of people whose crops are withheld, so that landmarks alone must do."""
    jitter: float = 0.0015
    """Of landmarks, units of the face's own frame."""
    given_up: float = 0.03
    """Of ICC(3,1), for landmarks alone to have a larger say; see `calibrate`."""
    most_landmarks: float = 0.5
    """The largest say they may have, 0-1."""


@dataclass(slots=True)
class Network:
    encoder: Encoder
    head: Head

    def parameters(self) -> list[torch.nn.Parameter]:
        return [*self.encoder.parameters(), *self.head.parameters()]

    def train(self, *, on: bool) -> None:
        self.encoder.train(on)
        self.head.train(on)


@dataclass(slots=True)
class Batch:
    landmarks: Tensor
    crop: Tensor
    pose: Tensor
    labels: Tensor
    visible: Tensor
    owner: Tensor
    """(n,) which person of the batch."""
    rest: Tensor
    """(people, n) weights, summing to 1, of the frames that make each person's neutral."""


def train(samples: Samples, plan: Plan, report: Callable[[str], None]) -> Network:
    """Train on all people of `samples`; `report` takes a line an epoch."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    torch.use_deterministic_algorithms(mode=True)
    rng = np.random.default_rng(plan.seed)
    people = samples.people()
    network = Network(Encoder().to(memory_format=torch.channels_last), _head(samples))
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * -(-len(people) // plan.people)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps, pct_start=0.2)
    network.train(on=True)
    for epoch in range(plan.epochs):
        begun, losses = time.monotonic(), []
        order = rng.permutation(len(people))
        for start in range(0, len(order), plan.people):
            chosen = [people[i] for i in order[start : start + plan.people]]
            batch = _batch(samples, chosen, plan, rng)
            loss = _loss(network, batch, plan, rng)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        report(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - begun:.0f} s")
    network.train(on=False)
    return network


def _head(samples: Samples) -> Head:
    """Scaled by how far landmarks of the training set lie from their neutrals."""
    shifts = np.concatenate(
        [
            samples.landmarks[all_] - samples.landmarks[rest].mean(axis=0)
            for rest, all_ in samples.people()[:400]
        ]
    )
    measured = samples.landmarks[:8000].reshape(-1, shifts[0].size) @ measuring()
    scale = samples.labels.std(axis=(0, 2)) + 0.05
    partner = mirror.partners(samples.landmarks.mean(axis=0))
    return Head(np.asarray(shifts.std(axis=0) + 1e-3, np.float32), measured, scale[:, None], partner)


def _batch(
    samples: Samples, people: list[tuple[np.ndarray, np.ndarray]], plan: Plan, rng: np.random.Generator
) -> Batch:
    rows = np.concatenate([group for _, group in people])
    owner = np.repeat(np.arange(len(people)), [len(group) for _, group in people])
    rest = np.zeros((len(people), len(rows)), np.float32)
    for number, (calm, _) in enumerate(people):
        used = rng.choice(calm, int(rng.integers(1, len(calm) + 1)), replace=False)
        rest[number, np.isin(rows, used)] = 1 / len(used)
    jitter = rng.normal(0, plan.jitter, (len(rows), LANDMARKS, 3)).astype(np.float32)
    return Batch(
        landmarks=torch.from_numpy(samples.landmarks[rows] + jitter),
        crop=torch.from_numpy(augment.crops(samples.crop[rows], owner, rng)),
        pose=torch.from_numpy(samples.pose[rows]),
        labels=torch.from_numpy(samples.labels[rows]),
        visible=torch.from_numpy(samples.visible[rows]),
        owner=torch.from_numpy(owner),
        rest=torch.from_numpy(rest),
    )


def _loss(network: Network, batch: Batch, plan: Plan, rng: np.random.Generator) -> Tensor:
    # Half precision where the arithmetic is; a third of the time, on processors that have it.
    with torch.autocast("cpu", torch.bfloat16):
        codes = network.encoder(batch.crop).float()
    keep = torch.from_numpy((rng.random(len(batch.rest)) >= plan.blind).astype(np.float32))[batch.owner]
    codes = codes * keep[:, None]
    neutral = [
        (batch.rest @ part.flatten(1))[batch.owner].reshape(part.shape)
        for part in (batch.landmarks, batch.pose, codes)
    ]
    intensity, spread, visibility = network.head(
        batch.landmarks, neutral[0], batch.pose, neutral[1], codes, neutral[2]
    )
    modelled = torch.from_numpy(MODELLED)[None, :, None]
    seen = batch.visible >= _VISIBLE
    weight = torch.where(seen, 1.0, _UNSEEN_WEIGHT) * modelled
    off = (intensity - batch.labels) ** 2
    squares = (off * weight / network.head.scale).sum() / weight.sum()
    likelihood = 0.5 * (off.detach() / spread.exp() + spread)
    likelihood = (likelihood * weight).sum() / weight.sum()
    shown = functional.binary_cross_entropy_with_logits(visibility, batch.visible, reduction="none")
    shown = (shown * keep[:, None, None] * modelled).mean()
    return squares + _SPREAD_WEIGHT * likelihood + _SHOWN_WEIGHT * shown
