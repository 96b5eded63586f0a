from fractions import Fraction

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.training.courses import BLINK, Timing
from analysis.training.generator.sequences import Activation, Actor, Key, Parts, Script, Side, film

FPS = Fraction(25)
HELD = Timing(0.4, 1.0, 0.6)
SIZE = (160, 120)


def test_an_activation_rises_holds_and_falls():
    script = Script(4.0, (Activation(12, 1.0, HELD, 3.5),))
    time = script.times(FPS)

    smile = script.truth(time)[:, AU_INDEX[12], 0]

    assert len(time) == 100
    assert smile[time <= 1.0].max() == 0
    assert smile[(time > 1.45) & (time < 2.35)] == pytest.approx(3.5)
    assert smile[time >= 3.01].max() == 0
    assert np.all(np.diff(smile[(time >= 1.0) & (time <= 1.4)]) > 0)


def test_sides_are_the_persons_own_and_only_where_facs_has_them():
    script = Script(2.0, (Activation(2, 0.0, HELD, 4, Side.LEFT), Activation(24, 0.0, HELD, 2, Side.RIGHT)))

    middle = script.truth(np.array([1.0]))[0]

    assert middle[AU_INDEX[2]].tolist() == [4, 0]
    assert middle[AU_INDEX[24]].tolist() == [2, 2]


def test_the_stronger_of_two_activations_counts():
    script = Script(2.0, (Activation(1, 0.0, HELD, 2), Activation(1, 0.0, HELD, 4)))

    assert script.truth(np.array([1.0]))[0, AU_INDEX[1], 0] == 4


def test_a_blink_runs_as_facs_has_it():
    blink = Activation(45, 1.0, HELD, 5)

    assert blink.end == pytest.approx(1.0 + BLINK.total)
    assert blink.course(np.array([1.1])).tolist() == [5]
    assert blink.course(np.array([1.5])).tolist() == [0]


def test_head_and_eyes_go_smoothly_from_key_to_key():
    script = Script(3.0, (), head=(Key(0.5), Key(1.5, yaw=20), Key(2.5, yaw=20, pitch=-5)), sway=0)
    yaw = np.array([pose.yaw for pose in script.poses(script.times(FPS))])

    assert yaw[0] == 0
    assert yaw[-1] == 20
    assert script.poses(np.array([1.0]))[0].yaw == pytest.approx(10)
    assert script.poses(np.array([2.9]))[0].pitch == -5
    assert np.abs(np.diff(yaw, 2)).max() < 0.2
    assert [gaze.yaw for gaze in script.eyes(np.array([0.0, 2.0]))] == [0, -20]


def test_an_idle_head_is_never_quite_still():
    script = Script(20.0, (), sway=1.0)
    turned = np.array([(p.yaw, p.pitch, p.roll) for p in script.poses(script.times(FPS))])

    assert 0.5 < np.abs(turned[:, 0]).max() < 2
    assert (turned.std(axis=0) > 0.1).all()
    assert np.abs(np.diff(turned, axis=0)).max() < 0.2


def test_the_tongue_wipes_once():
    script = Script(3.0, (Activation(37, 1.0, Timing(0.2, 0.5, 0.2), 5),))
    place = script.tongue(script.times(FPS))

    assert not place[:25].any()
    assert place.min() < -0.9
    assert place.max() > 0.9


def test_the_film_shows_what_the_script_says(rig, renderer):
    script = Script(1.2, (Activation(27, 0.2, Timing(0.2, 0.4, 0.2), 5), Activation(25, 0.2, HELD, 5)))
    shots = list(film(Parts(rig, renderer), script, 3, 4, Fraction(5), SIZE))
    pictures = np.stack([picture for picture, _ in shots]).astype(float)

    assert [truth.shape for _, truth in shots] == [(len(AU_NUMBERS), 2)] * 6
    assert [round(float(truth[AU_INDEX[27]].max()), 1) for _, truth in shots] == [0, 0, 5, 5, 5, 0]
    assert pictures.shape == (6, SIZE[1], SIZE[0], 3)
    # The mouth is open from the third frame on, and closed before.
    change = np.abs(pictures - pictures[0]).mean(axis=(1, 2, 3))
    assert change[3] > 3 * change[1]


def test_the_same_seeds_give_the_same_film(rig, renderer):
    script = Script(0.4, (Activation(45, 0.0, BLINK, 5),), seed=2)
    parts = Parts(rig, renderer)
    first, again, other = (
        [picture.tobytes() for picture, _ in film(parts, script, 3, look, Fraction(5), SIZE)]
        for look in (4, 4, 5)
    )

    assert first == again
    assert first != other


def test_a_person_is_drawn_from_seeds(rig, renderer):
    parts = Parts(rig, renderer)

    assert np.array_equal(Actor.drawn(parts, 1, 1).shape, Actor.drawn(parts, 1, 2).shape)
    assert not np.array_equal(Actor.drawn(parts, 1, 1).shape, Actor.drawn(parts, 2, 1).shape)
