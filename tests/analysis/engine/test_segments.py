"""A recording analysed in segments gives what it gives in one piece."""

import dataclasses
import json

import numpy as np
import pytest

from analysis.engine import errors, segments, spool_parts
from analysis.engine.analyse import FRAMES_FILE, Config, analyse, score
from analysis.engine.pass1 import Decoded
from analysis.engine.probe import Limits
from analysis.engine.result import to_json
from analysis.engine.segments import Cut, Plan, SegmentFacts, SegmentsDifferError
from analysis.engine.spool import SpoolReader, SpoolWriter
from tests.analysis.engine.test_spool import looks, rows
from tests.analysis.engine.test_stretch import moving
from tests.support import clips
from tests.support.results import example_result

LIMITS = Limits()


def nothing(*_):
    """Progress that is not looked at."""


def in_one_piece(path, folder, models):
    folder.mkdir()
    return analyse(path, folder, models, Config(), nothing), (folder / FRAMES_FILE).read_bytes()


def sent(plan, part, folder):
    """A segment as another machine gives it: facts through JSON, the spool through a file."""
    place, facts = part
    plain = json.loads(json.dumps(facts.to_json()))
    spool_parts.pack(place / segments.SPOOL, folder / "file")
    arrived = folder / f"arrived-{facts.number}"
    spool_parts.unpack(folder / "file", arrived / segments.SPOOL)
    return arrived, SegmentFacts.from_json(plain)


def in_segments(path, folder, models, frames):
    folder.mkdir()
    plan = Plan.from_json(json.loads(json.dumps(segments.plan(path, LIMITS, frames).to_json())))
    done = {}
    for cut in reversed(plan.segments):
        place = folder / f"segment-{cut.number}"
        done[cut.number] = place, segments.run_segment(path, place, plan, cut.number, models, LIMITS, nothing)
    parts = [sent(plan, done[cut.number], folder) for cut in plan.segments]
    merged = segments.merge(plan, parts, folder / "merged")
    result = score(merged, folder, models, Config(), nothing)
    return plan, (result, (folder / FRAMES_FILE).read_bytes())


def people(count, width=240, height=128):
    """Nobody, two people, a cut to one alone, nobody, and from just before the border the two again."""
    other = clips.placed(clips.other_portrait(), width, height, width / 2, height / 2, 0.6)
    for index, picture in enumerate(clips.two_people(count, width, height)):
        if index < 210 or 246 <= index < 250:
            yield other // 8
        else:
            yield other if 230 <= index < 246 else picture


def test_two_people_and_cuts_across_a_border_are_the_same_in_segments(models, tmp_path):
    path = clips.write(
        tmp_path / "a.mp4", people(290), coding={"g": "40", "bf": "3", "x264-params": "open-gop=1"}
    )
    whole = in_one_piece(path, tmp_path / "whole", models)
    plan, cut = in_segments(path, tmp_path / "cut", models, 256)
    assert [one.first_frame for one in plan.segments] == [0, 256]
    assert len(whole[0].tracks) > 2
    assert to_json(cut[0]) == to_json(whole[0])
    assert cut[1] == whole[1]


def test_what_the_portrait_does_is_the_same_in_longer_segments(models, tmp_path):
    """A browser's recording, with a variable frame rate and without its length; the last segment is short."""
    times = np.cumsum(np.random.default_rng(1).integers(20, 60, 530)).tolist()
    path = clips.write(
        tmp_path / "a.webm",
        [*clips.blank(480, 112, 112), *clips.pictures(50, 112, 112, 0.5)],
        "libvpx",
        times=times,
        options={"live": "1"},
        coding={"g": "100", "deadline": "realtime", "cpu-used": "8"},
    )
    whole = in_one_piece(path, tmp_path / "whole", models)
    plan, cut = in_segments(path, tmp_path / "cut", models, 512)
    assert [(one.first_frame, one.frames) for one in plan.segments] == [(0, 512), (512, 18)]
    assert len(whole[0].tracks) == 1
    assert to_json(cut[0]) == to_json(whole[0])
    assert cut[1] == whole[1]


def test_what_cannot_be_cut_is_one_segment(tmp_path):
    source = clips.write(tmp_path / "a.webm", moving(600), "libvpx", coding={"g": "100"})
    assert len(segments.plan(source, LIMITS, 256).segments) == 3
    uncut = [
        segments.plan(source, LIMITS),
        segments.plan(source, LIMITS, 768),
        segments.plan(source, LIMITS, 256).in_one_piece,
        segments.plan(clips.shortened(tmp_path / "b.webm", source, 0.95), LIMITS, 256),
    ]
    assert [plan.segments for plan in uncut] == [(Cut(0, 0),)] * 4
    assert {plan.frames for plan in uncut} == {600}


@pytest.mark.parametrize("frames", [0, -256, 100, 257])
def test_segments_lie_on_the_grid(tmp_path, frames):
    with pytest.raises(ValueError, match="no multiple"):
        segments.plan(tmp_path / "a.webm", LIMITS, frames)


def test_a_segment_that_is_cancelled_stops(models, tmp_path):
    path = clips.write(tmp_path / "a.mp4", moving(600), coding={"g": "50"})
    plan, told = segments.plan(path, LIMITS, 256), []

    def stop(*step):
        told.append(step)
        raise errors.CancelledError

    with pytest.raises(errors.CancelledError):
        segments.run_segment(path, tmp_path, plan, 1, models, LIMITS, stop)
    assert told == [("analysing", 64, 256)]


LEADS = tuple(range(16)), tuple(range(16, 32)), tuple(range(32, 48))


@pytest.fixture
def part(tmp_path):
    """Makes a segment of ten rows of nobody followed, and its facts."""

    def made(number, /, **changes):
        folder = tmp_path / f"part-{number}-{len(list(tmp_path.iterdir()))}"
        with SpoolWriter(folder / segments.SPOOL) as writer:
            writer.append(rows(10 * number, 10), looks(10 * number, 10))
        spool_parts.write_followed(folder / segments.SPOOL, [], [])
        facts = SegmentFacts(
            number,
            256 * number,
            256,
            8.5 * number,
            8.5 * number + 8.4,
            lead=LEADS[number] if number else (),
            tail=LEADS[number + 1],
        )
        return folder, dataclasses.replace(facts, **changes)

    return made


PLAN = Plan(example_result(60).media, (Cut(0, 0, 256, 0, 256), Cut(1, 256, 256, 256, None, 240, 200, 200)))


def test_segments_become_one_pass(part, tmp_path):
    merged = segments.merge(PLAN, (part(number) for number in (0, 1)), tmp_path / "merged")
    assert merged.decoded == Decoded(512, 0.0, 16.9)
    assert not merged.truncated
    assert SpoolReader(merged.folder / segments.SPOOL).columns().frame.tolist() == rows(0, 20).frame.tolist()


@pytest.mark.parametrize(
    "second",
    [
        None,
        {"number": 0},
        {"number": 2},
        {"frames": 255},
        {"first_frame": 255},
        {"damaged": True},
        {"lead": LEADS[0]},
        {"lead": ()},
    ],
)
def test_segments_that_do_not_make_up_the_recording_are_refused(part, tmp_path, second):
    parts = [part(0)] if second is None else [part(0), part(1, **second)]
    with pytest.raises(SegmentsDifferError):
        segments.merge(PLAN, parts, tmp_path / "merged")


def test_more_segments_than_planned_are_refused(part, tmp_path):
    third = part(1, number=2, lead=LEADS[2])
    with pytest.raises(SegmentsDifferError):
        segments.merge(PLAN, [part(0), part(1), third], tmp_path / "merged")
