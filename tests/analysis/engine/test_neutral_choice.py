import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from analysis.engine import neutral_choice
from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.analyse import Config, analyse
from analysis.engine.cover import SURFACE, Looks
from analysis.engine.errors import NeutralOfOtherModelError, NeutralUnusableError
from analysis.engine.finding_types import OwnRange
from analysis.engine.neutral_choice import Carried, Kept, Span
from analysis.engine.result_types import ModelFact
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.types import CODE, Exclusion, Warn
from analysis.training import facekit
from analysis.training.courses import Timing
from analysis.training.evaluation.findings import recordings
from analysis.training.generator.sequences import Activation, Script
from tests.support import synthetic_face as made
from tests.support.cards import example_card
from tests.support.results import example_result, unscored_track

FACE = made.neutral()
GRIN = made.smiling(FACE, 1.2)


@pytest.fixture
def spool(tmp_path):
    """Two people for three seconds: one grins from 1 to 2 s, the other is away from then on."""
    first = made.track(made.noisy([FACE] * 30 + [GRIN] * 30 + [FACE] * 30))
    second = made.track(made.noisy([FACE] * 30), code=np.ones((30, CODE)))
    with SpoolWriter(tmp_path / "spool") as writer:
        for track, rows in enumerate((first, second), 1):
            n = len(rows.time)
            looks = Looks(
                np.zeros((n, SURFACE, 3), np.uint8), np.zeros(n, np.float32), np.ones(n, np.float32)
            )
            writer.append(dataclasses.replace(rows, track=np.full(n, track, np.int32)), looks)
    reader = SpoolReader(tmp_path / "spool")
    reader.set_tracks({1: 1, 2: 2})
    return reader


def exclude(spool, rows):
    n = len(rows)
    spool.amend(rows, np.full(n, Exclusion.BLURRED, np.uint8), np.ones(n, np.float32))


def chosen(spool, told, covered=()):
    rows = np.arange(90)
    regions = np.isin(rows, covered).astype(np.uint8)
    return neutral_choice.choose(spool, rows, regions, told)


def mouth_width(face):
    return face.shape[291, 0] - face.shape[61, 0]


def test_nothing_told_is_estimated(spool):
    found = chosen(spool, None)

    assert found.source == "estimated"
    assert mouth_width(found) == pytest.approx(FACE[291, 0] - FACE[61, 0], abs=0.01)


def test_a_marked_stretch_is_taken_at_its_word(spool):
    found = chosen(spool, Span(1.2, 1.8))

    assert (found.source, found.frames) == ("marked", 19)
    assert (found.start, found.end) == pytest.approx((1.2, 1.8))
    assert mouth_width(found) == pytest.approx(GRIN[291, 0] - GRIN[61, 0], abs=0.01)


def test_a_marked_stretch_without_a_usable_row_is_refused(spool):
    exclude(spool, np.arange(33, 45))
    for span in (Span(1.1, 1.4), Span(8.0, 9.0), Span(2.0, 1.0)):
        with pytest.raises(NeutralUnusableError) as caught:
            chosen(spool, span)
        assert caught.value.facts == {"start": span.start, "end": span.end}
    with pytest.raises(NeutralUnusableError):
        chosen(spool, Span(1.6, 1.7), covered=range(45, 60))


def test_a_carried_neutral_is_taken_as_it_is(spool):
    face = chosen(spool, None)

    assert chosen(spool, Carried(face, None)) is face


def test_what_is_told_is_about_the_person_most_seen(spool):
    assert neutral_choice.subject_track(spool, None) == 1
    assert neutral_choice.subject_track(spool, Carried(chosen(spool, None), None)) == 1
    exclude(spool, np.arange(20))

    assert neutral_choice.subject_track(spool, Span(0.0, 0.9)) == 2
    assert neutral_choice.subject_track(spool, Span(0.9, 3.0)) == 1
    with pytest.raises(NeutralUnusableError):
        neutral_choice.subject_track(spool, Span(0.0, -1.0))


USUAL = OwnRange("measured", 60.0, np.full(AU_COUNT, 2.0, np.float32))


def earlier(**changes):
    result = example_result(60)
    tracks = (dataclasses.replace(result.tracks[0], own_range=USUAL),)
    return dataclasses.replace(result, **{"models": example_card().models, "tracks": tracks} | changes)


def test_a_neutral_is_carried_over_from_a_result_of_the_same_model():
    result = earlier()
    found = neutral_choice.carried(result, example_card())

    assert found.neutral == dataclasses.replace(result.tracks[0].neutral, source="carried")
    assert found.own_range == dataclasses.replace(USUAL, source="carried")


def test_a_card_written_anew_does_not_make_a_neutral_useless():
    _, encoder = example_card().models

    found = neutral_choice.carried(earlier(models=(encoder,)), example_card())

    assert found.neutral.source == "carried"
    assert found.own_range is None, "a range in points that another version measured"


def test_a_neutral_of_another_model_is_refused():
    card = example_card()
    named, encoder = card.models
    with pytest.raises(NeutralOfOtherModelError) as caught:
        neutral_choice.carried(earlier(models=(named, ModelFact(encoder.name, "00" * 32))), card)

    assert caught.value.facts == {"name": card.name, "version": card.version}


def test_a_result_without_a_neutral_has_none_to_carry():
    with pytest.raises(NeutralUnusableError):
        neutral_choice.carried(earlier(tracks=(unscored_track(60),)), example_card())


@pytest.mark.parametrize("given", [None, Span(1.0, 2.0)])
def test_what_is_given_of_this_recording_is_told_as_it_is(given):
    assert neutral_choice.told_of(given, example_card()) == (given, None)


def test_a_kept_neutral_is_taken_where_it_can_be():
    told, refused = neutral_choice.told_of(Kept(earlier()), example_card())

    assert (told.neutral.source, refused) == ("carried", None)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (lambda: None, Warn.KEPT_NEUTRAL_MISSING),
        (lambda: earlier(tracks=(unscored_track(60),)), Warn.KEPT_NEUTRAL_MISSING),
        (lambda: earlier(models=()), Warn.KEPT_NEUTRAL_OF_OTHER_MODEL),
    ],
)
def test_a_kept_neutral_that_cannot_be_taken_is_said_and_fails_nothing(kept, why):
    assert neutral_choice.told_of(Kept(kept()), example_card()) == (None, why)


def test_an_earlier_result_that_was_asked_for_by_name_must_be_usable():
    with pytest.raises(NeutralOfOtherModelError):
        neutral_choice.told_of(earlier(models=()), example_card())


def held(au, peak):
    """Shown through all of six seconds."""
    return Activation(au, -1, Timing(0.4, 7.2, 0.4), peak)


def test_a_smile_held_throughout_is_seen_against_a_neutral_from_elsewhere(models, tmp_path):
    """Two recordings of a rendered person; estimated in the second alone, the smile becomes its zero."""
    if not facekit.rig_path().is_file():
        pytest.skip("shared/ is absent")
    calm = Script(6, (Activation(1, 2, Timing(0.4, 0.8, 0.5), 3),), seed=1)
    smile = Script(6, (held(12, 3), held(6, 2.5), held(25, 2)), seed=2)
    orders = [
        recordings.Order(str(script.seed), script, 77_000_000, 77_500_000, Fraction(8))
        for script in (calm, smile)
    ]
    first, second = recordings.make(orders, tmp_path / "films")

    def analysed(name, film, neutral=None):
        return analyse(film, tmp_path / name, models, Config(neutral=neutral), lambda *_: None)

    earlier = analysed("earlier", first.film)
    alone, told = analysed("alone", second.film), analysed("told", second.film, Kept(earlier))

    mouth = [result.tracks[0].summaries[AU_INDEX[12]].mean.value for result in (alone, told)]
    assert mouth[0] < 1.5
    assert mouth[1] > 2
    assert (alone.tracks[0].smile_displays, told.tracks[0].smiles.duchenne) == ((), 1)
