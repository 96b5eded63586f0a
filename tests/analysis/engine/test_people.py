import dataclasses
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from analysis.engine import frame_table, people
from analysis.engine.analyse import Config, analyse
from analysis.engine.cover import SURFACE, Looks
from analysis.engine.finding_types import Withheld
from analysis.engine.findings.cohorts import shipped
from analysis.engine.neutral_choice import Kept
from analysis.engine.people import People
from analysis.engine.result import from_json, to_json
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.types import NO_TRACK, Exclusion
from tests.support import clips
from tests.support import synthetic_face as made
from tests.support.cards import example_card
from tests.support.results import example_result

STAFF = Withheld("own_staff", "role_not_allowed")


def write_spool(folder, *tracks):
    """One person after the other: (track, times)."""
    with SpoolWriter(folder) as writer:
        for track, times in tracks:
            n = len(times)
            rows = made.track(np.repeat(made.neutral()[None], n, axis=0))
            looks = Looks(
                np.zeros((n, SURFACE, 3), np.uint8), np.zeros(n, np.float32), np.ones(n, np.float32)
            )
            box = np.tile(np.array([10 * abs(track), 20, 30, 40], np.float32), (n, 1))
            changes = {"track": np.full(n, track, np.int32), "time": np.array(times, np.float64), "box": box}
            writer.append(dataclasses.replace(rows, **changes), looks)
    reader = SpoolReader(folder)
    reader.set_tracks({track: track for track, _ in tracks if track != NO_TRACK})
    return reader


def test_a_face_is_told_of_by_when_and_where_it_is_seen(tmp_path):
    first, later = np.arange(0, 3, 0.1), np.arange(10, 11.05, 0.1)
    spool = write_spool(
        tmp_path / "spool", (2, [*first, *later]), (1, np.arange(0, 0.15, 0.1)), (NO_TRACK, [4.0])
    )

    one, other = people.seen(spool)

    assert (one.track, other.track) == (2, 1)
    assert [pytest.approx(stretch) for stretch in one.stretches] == [(0, 2.9), (10, 11)]
    assert one.seconds == pytest.approx(4.2, abs=0.2)
    assert (one.substantial, other.substantial) == (True, False)
    assert len(one.places) == people.MOST_BOXES
    assert {(place.x, place.y, place.width, place.height) for place in one.places} == {(20, 20, 30, 40)}
    assert [place.time for place in one.places] == sorted(place.time for place in one.places)
    assert json.loads(json.dumps(one.to_json()))["places"][0][1:] == [20, 20, 30, 40]


def test_in_a_short_recording_less_is_enough_to_be_told_of(tmp_path):
    spool = write_spool(
        tmp_path / "spool", (1, np.arange(0, 4, 0.1)), (2, np.arange(0, 0.55, 0.1)), (3, [1.0])
    )

    assert [one.track for one in people.seen(spool) if one.substantial] == [1, 2]


def test_of_a_face_that_comes_and_goes_the_longest_stretches_are_told(tmp_path):
    times = [start + step for start in range(0, 60, 2) for step in (0, 0.1 + start / 1000)]
    (one,) = people.seen(write_spool(tmp_path / "spool", (1, times)))

    assert len(one.stretches) == people.MOST_STRETCHES
    assert one.stretches[0][0] == 20
    assert one.stretches == tuple(sorted(one.stretches))


def test_nobody_is_seen_in_an_empty_recording(tmp_path):
    assert people.seen(write_spool(tmp_path / "spool", (NO_TRACK, [0.0, 0.1]))) == ()


def test_what_was_told_of_people_stands_among_what_shapes_the_numbers():
    told = People(frozenset({3, 1}), {10: STAFF, 2: STAFF})

    facts = Config().facts(example_card(), told)

    assert (facts["subject_tracks"], facts["withheld_tracks"]) == ("1,3", "2,10")
    assert "withheld_tracks" not in Config().facts(example_card())


@pytest.fixture(scope="module")
def two_people(tmp_path_factory):
    return clips.write(tmp_path_factory.mktemp("two") / "a.mp4", clips.two_people(60))


@pytest.fixture
def told(models, two_people, tmp_path):
    """Analyse two people of whom it is told who they are; result, its text, and the table."""

    def analysed(who, **config):
        folder = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        result = analyse(two_people, folder, models, Config(who=who, **config), lambda *_: None)
        frame_table.parquet_to_csv(folder / "frames.parquet", folder / "frames.csv")
        return result, to_json(result), pq.read_table(folder / "frames.parquet").to_pylist(), folder

    return analysed


def test_nothing_is_measured_of_a_face_that_is_withheld(told):
    result, text, rows, folder = told(lambda _seen: People(frozenset({1}), {2: STAFF}))

    main, left_out = result.tracks
    assert (main.track, main.withheld, left_out.track, left_out.withheld) == (1, None, 2, STAFF)
    plain = json.loads(text)["tracks"][1]
    assert plain["withheld"] == {"role": "own_staff", "reason": "role_not_allowed"}
    measured = set(plain) - {"track", "start", "end", "quality", "withheld", "activity"}
    assert all(not plain[key] for key in measured)
    assert plain["activity"]["intensity"] == []
    assert [plain["quality"][key] for key in ("frames", "scored_frames", "excluded")] == [
        60,
        0,
        {"withheld": 60},
    ]
    assert {plain["quality"][key] for key in plain["quality"] if key.startswith("median")} == {None}
    assert from_json(text).tracks[1].withheld == STAFF

    mine = [row for row in rows if row["track"] == 2]
    allowed = {"frame", "time", "track", "face_x", "face_y", "face_w", "face_h", "excluded"}
    assert len(mine) == 60
    assert {row["excluded"] for row in mine} == {"withheld"}
    assert all(row[key] is not None for row in mine for key in allowed)
    assert all(row[key] is None for row in mine for key in row if key not in allowed)
    assert any(row["AU12"] is not None for row in rows if row["track"] == 1)
    lines = [line for line in (folder / "frames.csv").read_text().splitlines() if ",withheld," in line]
    assert len(lines) == 60
    assert all(not any(line.split(",withheld,")[1].split(",")[:220]) for line in lines)


def test_who_others_are_does_not_change_what_is_measured_of_a_person(told):
    plain = told(None)[0]
    _, withheld = plain, told(lambda _seen: People(frozenset({1}), {2: STAFF}))[0]

    assert dataclasses.replace(withheld.tracks[0]).summaries == plain.tracks[0].summaries
    assert plain.configuration_sha256 != withheld.configuration_sha256


def test_what_is_known_of_the_subject_goes_to_the_faces_that_are_the_subjects(told):
    asked = []
    kept = dataclasses.replace(example_result(60), models=example_card().models)
    cohort = shipped().cohorts["ch-it"]

    def second(seen):
        asked.append([one.track for one in seen])
        return People(frozenset({2}))

    result, _, _, _ = told(second, cohort=cohort, neutral=Kept(kept))

    assert asked == [[1, 2]]
    assert [track.track for track in result.tracks] == [2, 1]
    assert result.main is result.tracks[0]
    calibrated = {track.track for track in result.tracks for one in track.signals if one.calibrated_series}
    assert calibrated <= {2}
    assert result.cohort == cohort


def test_what_is_known_of_the_subject_is_taken_for_nobody_else(told):
    kept = dataclasses.replace(example_result(60), models=example_card().models)
    result, _, _, _ = told(
        lambda _seen: People(frozenset(), {1: STAFF}),
        cohort=shipped().cohorts["ch-it"],
        neutral=Kept(kept),
    )

    assert [(track.track, bool(track.withheld)) for track in result.tracks] == [(2, False), (1, True)]
    assert (result.cohort, result.main, result.subject_absent) == (None, None, True)
    assert result.tracks[0].neutral.source == "estimated"
    assert not {"cohort", "neutral_from_sha256"} & set(result.configuration)
    assert "subject_withheld" in result.warnings


def test_a_subject_of_whom_nothing_is_usable_is_not_replaced_by_another_person(told, monkeypatch):
    """The subject is seen, and every row of theirs is too poor to be measured."""

    def poor_first(spool):
        rows = np.flatnonzero(spool.columns().track == 1)
        spool.amend(rows, np.full(len(rows), Exclusion.BLURRED, np.uint8), np.zeros(len(rows), np.float32))
        return people.seen(spool)

    monkeypatch.setattr("analysis.engine.analyse.seen", poor_first)
    result, _, _, _ = told(lambda _seen: People(frozenset({1})))

    assert result.tracks[0].track == 2
    assert result.tracks[0].quality.scored_frames > 0
    assert (result.subject_absent, result.main) == (True, None)
    assert "subject_withheld" in result.warnings


def test_a_recording_of_which_nobody_may_be_measured_has_times_alone(told):
    result, _, rows, _ = told(lambda _seen: People(frozenset(), {1: STAFF, 2: STAFF}))

    assert "all_withheld" in result.warnings
    assert "no_face" not in result.warnings
    assert all(track.withheld for track in result.tracks)
    assert result.main is None
    assert all(row[key] is None for row in rows for key in row if key.startswith("AU"))


def test_whoever_is_asked_may_break_the_scoring_off(told):
    class UnknownError(Exception):
        pass

    def refuse(_seen):
        raise UnknownError

    with pytest.raises(UnknownError):
        told(refuse)
