import dataclasses

import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, Group
from analysis.engine.evidence import evidence_of
from analysis.engine.findings import cohorts
from reports.domain.compose import compose
from reports.domain.report_data import DETAILED_TRACKS, OF_ONE_UNIT, RecordingFacts, WithheldFace
from tests.support.cards import ICC, WEAK, example_card
from tests.support.results import SEEN, UNSEEN, example_result, example_track, unscored_track, withheld_track

FACTS = RecordingFacts(title="Interview", original_name="interview.mp4")


@pytest.fixture(scope="module")
def data():
    return compose(example_result(1200), FACTS)


def test_every_action_unit_stands_in_its_group_as_finding_or_with_the_reason(data):
    track = data.tracks[0]
    for group in track.groups:
        told = [finding.unit for finding in group.findings] + list(group.not_visible)
        assert sorted(unit.number for unit in told) == sorted(
            unit.number for unit in ACTION_UNITS if unit.group is group.group and unit.number not in WEAK
        )
    scored = {finding.unit.number for group in track.groups for finding in group.findings}
    assert scored == set(SEEN) - WEAK
    assert [unit.number for group in track.groups for unit in group.not_visible] == [UNSEEN]
    assert [group.group for group in track.groups] == list(Group)


def test_weak_units_stand_apart_with_their_numbers_and_feed_no_list(data):
    track = data.tracks[0]
    by_unit = {finding.unit.number: finding for finding in track.weak}

    assert sorted(by_unit) == sorted(WEAK)
    assert {finding.evidence.grade for finding in track.weak} == {"D"}
    assert by_unit[31].events == 1
    assert by_unit[31].mean.value > 0
    assert not {event.unit.number for event in track.events} & WEAK
    assert {finding.evidence.grade for group in track.groups for finding in group.findings} == {"A", "B", "C"}


def test_parts_of_signals_that_rest_on_weak_units_say_so():
    evidence = evidence_of(example_card({6: 0.1, 15: 0.1}))
    trust = compose(dataclasses.replace(example_result(300), evidence=evidence), FACTS).tracks[0].signals[0]

    assert {part.key: part.without for part in trust.moving if part.without} == {"smile_with_cheeks": (6,)}
    assert [part.key for part in trust.open] == ["corners_down"]
    assert "corners_down" not in {part.key for part in trust.still}
    assert len(trust.moving) + len(trust.open) + len(trust.still) == len(trust.components)


def test_patterns_that_rest_on_weak_units_are_named():
    evidence = evidence_of(example_card({**ICC, 9: 0.1, 10: 0.1, 15: 0.1}))
    data = compose(dataclasses.replace(example_result(300), evidence=evidence), FACTS)

    assert "disgust" in data.unsought
    assert "happiness" not in data.unsought
    assert compose(example_result(300), FACTS).unsought == ()


def test_a_result_of_an_earlier_version_is_told_without_evidence():
    data = compose(dataclasses.replace(example_result(300), evidence=None), FACTS)
    track = data.tracks[0]

    assert data.measured is None
    assert track.weak == ()
    assert {finding.evidence for group in track.groups for finding in group.findings} == {None}
    assert {finding.unit.number for group in track.groups for finding in group.findings} == set(SEEN)


def test_a_finding_says_how_much_was_seen_and_on_which_side_it_was_shown(data):
    by_unit = {finding.unit.number: finding for group in data.tracks[0].groups for finding in group.findings}
    quality = data.tracks[0].quality
    one_sided = dataclasses.replace(
        example_track(1200).summaries[AU_INDEX[12]], left_mean=0.2, right_mean=2.4
    )

    assert by_unit[12].scored_share == pytest.approx(quality.scored_frames / quality.frames)
    assert by_unit[12].leans == by_unit[25].leans == ""
    assert by_unit[8].still
    assert not by_unit[12].still
    summaries = list(example_track(1200).summaries)
    summaries[AU_INDEX[12]] = one_sided
    track = dataclasses.replace(example_track(1200), summaries=tuple(summaries))
    told = compose(example_result(1200, tracks=(track,)), FACTS).tracks[0]
    (smile,) = [f for group in told.groups for f in group.findings if f.unit.number == 12]
    assert smile.leans == "right"


def test_a_finding_is_the_results_own_numbers(data):
    result = example_result(1200)
    summary = next(item for item in result.tracks[0].summaries if item.au == 12)
    own = [item for item in result.tracks[0].events if item.au == 12]
    finding = next(f for g in data.tracks[0].groups for f in g.findings if f.unit.number == 12)

    assert (finding.mean, finding.p95, finding.maximum) == (summary.mean, summary.p95, summary.maximum)
    assert (finding.mean_letter, finding.p95_letter) == ("A", "D")
    assert finding.events == len(own) == 3
    assert (finding.strongest, finding.strongest_at) == ("12D", max(own, key=lambda e: e.peak).apex)


def test_shares_are_of_the_tracks_frames(data):
    quality = data.tracks[0].quality

    assert quality.scored_frames + sum(count.frames for count in quality.excluded) == quality.frames
    assert [count.code for count in quality.excluded] == ["turned_away", "blurred"]
    assert quality.excluded[0].share == pytest.approx(60 / quality.frames)


def test_without_enough_to_score_there_is_no_number():
    data = compose(example_result(300, tracks=(unscored_track(300),)), FACTS)
    track = data.tracks[0]

    assert not track.scored
    assert all(s.overall is None and s.series == () and s.lowest is None for s in track.signals)
    assert data.detailed == ()
    assert data.listed == (track,)


def test_a_signal_without_overall_value_shows_no_series_either():
    full = example_track(1200)
    held = dataclasses.replace(full.signals[0], overall=None)
    track = dataclasses.replace(full, signals=(held, *full.signals[1:]))

    signal = compose(example_result(1200, tracks=(track,)), FACTS).tracks[0].signals[0]

    assert signal.series == ()
    assert signal.highest is None


def test_components_that_moved_most_come_first(data):
    moved = [abs(part.moved) for part in data.tracks[0].signals[2].components]

    assert moved == sorted(moved, reverse=True)


def test_more_faces_than_have_room_are_listed():
    tracks = tuple(example_track(600, number) for number in range(1, DETAILED_TRACKS + 2))
    data = compose(example_result(600, tracks=(*tracks, unscored_track(600, 9))), FACTS)

    assert [track.number for track in data.detailed] == [1, 2, 3, 4]
    assert [track.number for track in data.listed] == [5, 9]


def test_a_version_that_looked_for_no_movements_is_not_said_to_have_found_none():
    track = dataclasses.replace(example_track(60), movements=(), emotion_scores=(), blinks=None)

    assert compose(example_result(60, tracks=(track,)), FACTS).tracks[0].movements == ()
    assert len(compose(example_result(60), FACTS).tracks[0].movements) == 3


def test_the_own_range_names_no_unit_that_is_weak(data):
    track = data.tracks[0]

    assert [unit.number for unit, _high, _letter in track.usual] == [12, 1, 6, 25, 17]
    assert track.usual[-1][2] == "A"
    assert track.own_range.high[AU_INDEX[31]] > 0.5


def test_thresholds_are_those_of_the_configuration():
    result = dataclasses.replace(
        example_result(60), configuration={"threshold_yaw": 45.0, "grid_frames": 256}
    )

    assert compose(result, FACTS).thresholds == (("threshold_yaw", "45.0"),)


def test_a_declared_cohort_is_kept_with_its_numbers():
    cohort = cohorts.shipped().cohorts["in-ta"]
    data = compose(dataclasses.replace(example_result(60), cohort=cohort), FACTS)

    assert (data.cohort.country, data.cohort.language) == ("IN", "ta")
    assert compose(example_result(60), FACTS).cohort is None


def test_no_action_unit_fills_the_list_of_events_alone(data):
    track = data.tracks[0]
    numbers = [event.unit.number for event in track.strongest_events]

    assert max(numbers.count(number) for number in set(numbers)) == OF_ONE_UNIT
    assert [e.onset for e in track.strongest_events] == sorted(e.onset for e in track.strongest_events)
    assert len({event.unit.number for event in track.peaks}) == len(track.peaks) == 6


def test_a_page_is_named_by_the_recording_or_else_by_the_file():
    result = example_result(60)

    assert compose(result, FACTS).identifier == result.media.sha256[:16]
    named = dataclasses.replace(FACTS, recording_id="5e1c")
    assert compose(result, named).identifier == "5e1c"


def test_a_withheld_face_is_told_of_apart_and_has_no_section():
    result = example_result(300, tracks=(example_track(300), withheld_track(300)))
    data = compose(dataclasses.replace(result, subject_absent=True), FACTS)

    assert [track.number for track in data.tracks] == [1]
    assert data.withheld == (WithheldFace(2, 0.0, 10.0, 300, "own_staff", "role_not_allowed"),)
    assert data.subject_absent
    assert not compose(example_result(60), FACTS).withheld
