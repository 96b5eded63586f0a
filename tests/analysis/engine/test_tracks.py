"""Following faces with the real networks through pictures made in code."""

import numpy as np
import pytest

from analysis.engine.faces import FaceDetector
from analysis.engine.joining import join
from analysis.engine.landmarks import FaceLandmarker
from analysis.engine.tracks import Follower, is_cut, thumbnail
from analysis.engine.types import GRID, Frame
from tests.support import clips


@pytest.fixture
def follower(models):
    return Follower(FaceDetector(models), FaceLandmarker(models))


def follow(follower, images):
    """For each frame, the stable tracks seen in it."""
    seen = [follower.see(Frame(i, i / clips.FPS, image)) for i, image in enumerate(images)]
    track_of = join(follower.tracklets, follower.edges)
    return [[track_of[face.tracklet] for face in faces] for faces in seen]


def test_one_face_is_one_track(follower):
    assert follow(follower, clips.pictures(40)) == [[1]] * 40


def test_two_people_keep_their_sides(follower):
    images = list(clips.two_people(35))
    tracks = follow(follower, images)
    assert all(sorted(found) == [1, 2] for found in tracks)
    places = {track: [] for track in (1, 2)}
    seen = Follower(follower.detector, follower.landmarker)
    for i, image in enumerate(images):
        for face in seen.see(Frame(i, i / clips.FPS, image)):
            places[face.tracklet + 1].append(face.box[0] < 240)
    assert all(len(set(sides)) == 1 for sides in places.values())


def test_a_cut_does_not_weld_two_people(follower):
    tracks = follow(follower, clips.cut(20, 20))
    assert tracks == [[1]] * 20 + [[2]] * 20


def test_a_cut_on_the_border_of_the_grid(follower):
    still = [next(clips.cut(1, 0))] * 4
    other = list(clips.cut(0, 1)) * 4
    frames = [Frame(GRID - 4 + i, i / clips.FPS, image) for i, image in enumerate(still + other)]
    # The block is entered late here; its first frames alone would cost half a minute of networks.
    follower._notice_cut(Frame(0, 0.0, still[0]), thumbnail(still[0]))
    faces = [follower.see(frame) for frame in frames]
    track_of = join(follower.tracklets, follower.edges)
    assert [track_of[one.tracklet] for found in faces for one in found] == [1] * 4 + [2] * 4


def test_a_face_that_leaves_and_none_at_all(follower):
    images = [*clips.pictures(10), *clips.blank(10)]
    assert follow(follower, images) == [[1]] * 10 + [[]] * 10


def test_results_do_not_depend_on_what_came_before_the_block(follower, models):
    images = list(clips.pictures(6))
    fresh = Follower(FaceDetector(models), FaceLandmarker(models))
    for i in range(GRID - 3, GRID):
        follower.edges or follower._notice_cut(Frame(0, 0.0, images[0]), thumbnail(images[0]))
        follower.see(Frame(i, i / clips.FPS, images[5]))
    for i, image in enumerate(images):
        frame = Frame(GRID + i, (GRID + i) / clips.FPS, image)
        (before,), (alone,) = follower.see(frame), fresh.see(frame)
        np.testing.assert_array_equal(before.mesh.points, alone.mesh.points)
        assert before.tracklet == alone.tracklet


def test_light_switched_on_is_no_cut_and_another_scene_is():
    first = next(clips.pictures(1))
    lighter = np.clip(first.astype(int) + 40, 0, 255).astype(np.uint8)
    assert not is_cut(thumbnail(first), thumbnail(lighter))
    assert is_cut(thumbnail(first), thumbnail(next(clips.cut(0, 1))))
