"""Join the blocks' tracklets into stable face tracks over the whole recording.

Two tracklets are one person's when the later begins where the earlier ended, soon after,
with no cut between. A cut always ends a track: an editor may put another person in the same
place, and a wrong join would mix two people's faces into one analysis.
"""

import itertools
import math

import numpy as np

from analysis.engine.boxes import overlap
from analysis.engine.tracks import OTHER_FACE, BlockEdge, Tracklet, is_cut
from analysis.engine.types import F32

LONGEST_GAP = 10.0
"""Seconds a face may be away (a hand, a turn) and still be the same person in the same place."""
NEAR = 0.75
"""Distance between the two boxes' centres, in face widths."""
SIZE_RATIO = 1.6
"""The larger face's width over the smaller's."""


def join(tracklets: list[Tracklet], edges: list[BlockEdge]) -> dict[int, int]:
    """From a tracklet's number to its stable track's number, counted from 1 by first appearance."""
    shots = _shots_over_blocks(edges)
    ordered = sorted(tracklets, key=lambda one: (one.first_frame, one.number))
    last: dict[int, Tracklet] = {}
    track_of: dict[int, int] = {}
    for _, together in itertools.groupby(ordered, key=lambda one: one.first_frame):
        for one, match in _matches(list(together), last, shots):
            track = match if match is not None else len(last) + 1
            track_of[one.number] = track
            last[track] = one
    return track_of


def _matches(
    begun: list[Tracklet], last: dict[int, Tracklet], shots: dict[int, int]
) -> list[tuple[Tracklet, int | None]]:
    """Each tracklet that begins in one frame with the track it goes on, nearest pairs first."""
    pairs = sorted(
        (_distance(earlier, one, shots), place, track)
        for place, one in enumerate(begun)
        for track, earlier in last.items()
    )
    chosen: dict[int, int] = {}
    for distance, place, track in pairs:
        if distance < math.inf and place not in chosen and track not in chosen.values():
            chosen[place] = track
    return [(one, chosen.get(place)) for place, one in enumerate(begun)]


def _shots_over_blocks(edges: list[BlockEdge]) -> dict[int, int]:
    """From a block's first shot to the shot it goes on from, where no cut falls on the border."""
    from_shot: dict[int, int] = {}
    for before, after in itertools.pairwise(edges):
        if after.block == before.block + 1 and not is_cut(before.last, after.first):
            from_shot[after.first_shot] = from_shot.get(before.last_shot, before.last_shot)
    return from_shot


def _distance(earlier: Tracklet, later: Tracklet, shots: dict[int, int]) -> float:
    """Face widths between the two, or infinity when they cannot be one face."""
    same_shot = shots.get(earlier.shot, earlier.shot) == shots.get(later.shot, later.shot)
    gap = later.first_time - earlier.last_time
    if not same_shot or later.first_frame <= earlier.last_frame or gap > LONGEST_GAP:
        return math.inf
    adjacent = later.first_frame == earlier.last_frame + 1
    if adjacent and float(earlier.last_look @ later.first_look) < OTHER_FACE:
        return math.inf
    widths = sorted((float(earlier.last_box[2]), float(later.first_box[2])))
    if widths[1] > SIZE_RATIO * max(widths[0], 1.0):
        return math.inf
    apart = _centre(later.first_box) - _centre(earlier.last_box)
    distance = float(np.hypot(*apart)) / max(widths[1], 1.0)
    if distance > NEAR and overlap(earlier.last_box, later.first_box) == 0.0:
        return math.inf
    return distance


def _centre(box: F32) -> F32:
    return box[:2] + box[2:] / np.float32(2)
