import numpy as np

from analysis.training.generator import occluders, scenes


def test_the_same_seed_gives_the_same_recording():
    one, other = (scenes.draw(np.random.default_rng(7)) for _ in range(2))

    assert one.camera == other.camera
    assert one.lighting == other.lighting
    assert np.array_equal(one.background, other.background)


def test_heads_stay_within_what_is_measured():
    rng = np.random.default_rng(1)
    recording = scenes.draw(rng)
    heads = [scenes.head_now(recording, rng) for _ in range(500)]

    assert max(abs(h.yaw) for h in heads) <= scenes.YAW
    assert max(abs(h.pitch) for h in heads) <= scenes.PITCH
    assert np.std([h.yaw for h in heads]) > 10


def test_recording_changes_a_picture_but_not_beyond_recognition():
    rng = np.random.default_rng(4)
    picture = np.full((160, 160, 3), 120, np.uint8)
    picture[40:120, 40:120] = 200
    changed = 0
    for _ in range(20):
        recording = scenes.draw(rng)
        seen = scenes.recorded(picture, recording, rng)
        assert seen.shape == picture.shape
        changed += not np.array_equal(seen, picture)
        assert abs(float(seen[60:100, 60:100].mean()) - 200) < 12
    assert changed >= 18


def test_something_covers_what_its_mask_says():
    rng = np.random.default_rng(8)
    picture = np.full((200, 200, 3), 128, np.uint8)
    covered = []
    for _ in range(30):
        seen, mask = occluders.cover(picture, np.array([100.0, 100.0]), 100.0, rng)
        covered.append(mask.mean())
        far = np.ones_like(mask)
        far[mask > 0] = 0
        far = far.astype(bool) & ~np.isin(mask, 1)
        assert (seen[far] == 128).mean() > 0.8
    assert 0.02 < np.mean(covered) < 0.4
