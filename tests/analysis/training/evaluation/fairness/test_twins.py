from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.training.evaluation.fairness import twins
from analysis.training.evaluation.fairness.twins import AS_DRAWN, KINDS, SHAPE, in_group, person
from analysis.training.generator.sequences import Parts, Script, shoot
from reports import labels


def only(kind, group, number=3):
    (found,) = [twin for twin in person(number) if in_group(kind, group, twin)]
    return found


def test_every_person_is_filmed_once_in_every_group():
    films = person(3)

    for kind, groups in KINDS.items():
        assert all(only(kind, group) in films for group in groups)
    assert len({twin.name for twin in films}) == len({twin.digest for twin in films}) == len(films) == 23
    assert {kind: only(kind, group).kind for kind, group in twins._UNCHANGED.items()} == {
        "light": AS_DRAWN,
        "glasses": AS_DRAWN,
    }


def test_twins_show_the_same_and_people_do_not():
    films = person(3)

    assert len({twin.script for twin in films}) == 1
    assert {twin.fps for twin in films} == {twins.FPS}
    assert films[0].script != person(4)[0].script


@pytest.mark.parametrize("number", range(4))
def test_everybody_shows_displays_and_keeps_calm_between(number):
    script = twins.performance(number)

    shown = script.truth(np.arange(0, twins.SECONDS, 0.05))

    assert (shown.max(axis=(1, 2)) > 1.5).mean() > 0.3
    assert not shown[:15].any()
    assert shown[:, AU_INDEX[12]].max() > 1
    assert max(activation.end for activation in script.activations) < twins.SECONDS


def test_looks_differ_in_one_thing():
    drawn = only("light", "even").appearance()

    assert replace(only("skin", "monk_10").appearance(), tone=drawn.tone) == drawn
    assert replace(only("age", "smooth").appearance(), age=drawn.age, creasing=drawn.creasing) == drawn
    assert replace(only("glasses", "thick_glasses").appearance(), glasses=0.0) == drawn
    assert only("shape", "wide_face").appearance() == only("light", "dim").appearance() == drawn
    assert (drawn.glasses, drawn.freckles, drawn.tears) == (0, 0, 0)


def test_films_of_one_look_follow_each_other():
    looks = [twin.appearance() for twin in person(3)]

    changes = sum(one != other for one, other in pairwise(looks))

    assert changes == len(set(looks)) - 1 == 10


@pytest.mark.parametrize("group", SHAPE)
def test_a_shape_is_two_deviations_off_in_its_own_measure(group, rig):
    kit = rig.kit
    measure, sign = SHAPE[group]
    people = np.random.default_rng(1).normal(0, 0.85, (60, 100))
    usual = [twins.measured(kit, one, measure) for one in people]

    moved = [twins.measured(kit, twins.reshaped(one, kit, group), measure) for one in people]

    off = (np.array(moved) - np.mean(usual)) / np.std(usual)
    assert sign * off.mean() == pytest.approx(2, abs=0.5)
    assert off.std() < 0.5
    along = twins.direction(kit, measure)
    apart = twins.reshaped(people[0], kit, group) - people[0]
    assert np.linalg.norm(apart - (apart @ along) * along) == pytest.approx(0, abs=1e-9)


def test_the_picture_changes_where_it_should(rig, renderer):
    parts = Parts(rig, renderer)

    def picture(kind, group):
        twin = replace(only(kind, group), script=Script(1.0, ()), fps=Fraction(1))
        setting, recording = twin.setting()
        assert recording is None
        ((image, _),) = shoot(parts, twin.script, twin.actor(parts), setting, twin.fps)
        return image.astype(float)

    drawn = picture("light", "even")

    def difference(kind, group):
        return np.abs(picture(kind, group) - drawn).mean()

    face = np.s_[100:200, 80:170]
    assert picture("light", "dim")[face].mean() < 0.8 * drawn[face].mean()
    light, dark = picture("skin", "monk_2"), picture("skin", "monk_10")
    assert light[face].mean() > dark[face].mean() + 60
    assert min(difference("glasses", "thick_glasses"), difference("shape", "broad_nose")) > 0.3
    # Walls are the same.
    assert np.abs(dark - drawn)[:30, :20].max() < 2


def test_every_group_has_words():
    assert set(KINDS) <= set(labels.BANDS)
    assert {group for groups in KINDS.values() for group in groups} <= set(labels.CIRCUMSTANCES)
