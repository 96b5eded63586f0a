"""The demonstration recording through the whole engine, against what its face is known to show."""

import csv

import numpy as np
import pytest

from analysis.domain.demonstration import FOLDER, RECORDING
from analysis.engine import frame_table
from analysis.engine.action_units import AU_NUMBERS, PRESENT_FROM
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.model_card import Grade, ModelCard

LEAST_R = 0.8
CLEAR = 2.5
"""Letter C."""


def read(path):
    """The table at `path` as columns of numbers, NaN where a cell is empty, and of text."""
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {name: [row[name] for row in rows] for name in rows[0]}


def numbers(table, name):
    return np.array([float(cell) if cell else np.nan for cell in table[name]])


@pytest.fixture(scope="module")
def truth():
    return read(FOLDER / "demonstration.csv")


@pytest.fixture(scope="module")
def analysed(models, tmp_path_factory):
    """The result and the frame table."""
    folder = tmp_path_factory.mktemp("demonstration")
    result = analyse(RECORDING, folder, models, Config(), lambda *_: None)
    frame_table.parquet_to_csv(folder / FRAMES_FILE, folder / "frames.csv")
    return result, read(folder / "frames.csv")


def shown(truth):
    """AUs that the recording shows at B or above."""
    return [au for au in AU_NUMBERS if numbers(truth, f"AU{au:02d}").max() >= PRESENT_FROM]


def stretches(course):
    """First and last frame of each stretch in which a course is at C or above."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], course >= CLEAR, [0]))))
    return list(zip(edges[::2], edges[1::2] - 1, strict=True))


def trusted():
    return {au for au, evidence in ModelCard.load().evidence.items() if evidence.grade is Grade.A}


def weak(au):
    return au in ModelCard.load().weak


def agreement(truth, table, au):
    """Pearson's r over the frames in which the AU was scored, and their share."""
    known, found = numbers(truth, f"AU{au:02d}"), numbers(table, f"AU{au:02d}")
    scored = np.isfinite(found)
    return float(np.corrcoef(known[scored], found[scored])[0, 1]), float(scored.mean())


def test_one_face_is_followed_through_every_frame(analysed, truth):
    result, table = analysed

    assert result.frames == len(truth["frame"]) == 600
    assert result.warnings == ()
    assert [track.track for track in result.tracks] == [1]
    assert set(table["excluded"]) == {""}
    assert np.abs(numbers(table, "time") - numbers(truth, "time")).max() < 0.001


def test_every_unit_the_model_is_good_at_follows_the_known_course(analysed, truth):
    _, table = analysed
    looked_at = [au for au in shown(truth) if au in trusted()]
    found = {au: agreement(truth, table, au) for au in looked_at}

    assert {au: r for au, (r, _) in found.items() if r < LEAST_R} == {}
    assert {au: share for au, (_, share) in found.items() if share < 0.9} == {}
    assert looked_at


def test_what_is_clearly_shown_is_an_event_at_its_time(analysed, truth):
    events = analysed[0].tracks[0].events
    missed = []
    for au in trusted().intersection(shown(truth)):
        time = numbers(truth, "time")
        for first, last in stretches(numbers(truth, f"AU{au:02d}")):
            near = [e for e in events if e.au == au and time[first] - 0.3 <= e.apex <= time[last] + 0.3]
            missed += [] if near else [(au, round(time[first], 2))]

    assert missed == []


def test_the_story_runs_in_its_order(analysed, truth):
    told = [au for au in (1, 4, 10, 12, 15) if not weak(au)]
    known = [(first, au) for au in told for first, _ in stretches(numbers(truth, f"AU{au:02d}"))]
    found = [event for event in analysed[0].tracks[0].events if event.au in told]

    assert [event.au for event in found] == [au for _, au in sorted(known)]
    assert {1, 12} <= set(told)


def test_one_smile_is_a_duchenne_display_and_one_goes_without_au6(analysed):
    track = analysed[0].tracks[0]
    first, second = (event.peak for event in track.events if event.au == 12)

    assert first < second
    if weak(6):
        assert track.smiles is None
    else:
        assert (track.smiles.duchenne, track.smiles.without_au6) == (1, 1)


def test_blinks_are_counted_and_the_wink_is_the_right_eyes(analysed, truth):
    events = analysed[0].tracks[0].events
    known = len(stretches(numbers(truth, "AU45")))
    winks = [(event.side, round(event.apex)) for event in events if event.au == 46]

    assert abs(sum(event.au == 45 for event in events) - known) <= 1
    assert analysed[0].tracks[0].blinks.count == sum(event.au == 45 for event in events)
    assert winks == [("right", 19)] or weak(46)


def test_two_nods_and_a_look_aside_are_told_with_their_times(analysed):
    nod, aside = analysed[0].tracks[0].movements

    assert (nod.kind, aside.kind) == ("nod", "gaze_aversion")
    assert (nod.start, nod.end) == pytest.approx((4.3, 5.6), abs=0.15)
    assert 11.3 < aside.start < aside.end < 13.6


def test_smiles_rise_and_fall_as_scripted_and_alike_on_both_sides(analysed):
    """Onsets of 0.4 and 0.5 s, offsets of 0.4 and 0.6 s, from nothing to the peak."""
    smiles = analysed[0].tracks[0].smile_displays

    assert [smile.duchenne for smile in smiles] == [False, True] or weak(6) or weak(12)
    for smile in smiles:
        assert 0.15 < smile.onset_seconds < 0.5
        assert 0.15 < smile.offset_seconds < 0.6
        assert abs(smile.asymmetry) < 0.1
    assert not any(event.brief for event in analysed[0].tracks[0].events)
