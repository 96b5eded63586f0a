import json
from dataclasses import asdict, replace
from fractions import Fraction

import pytest

from analysis.confined import wire
from analysis.confined.errors import DecoderFailedError
from analysis.engine.errors import TooLongError
from analysis.engine.segments import Cut, Plan, SegmentFacts
from analysis.engine.types import MediaInfo

INFO = MediaInfo(
    "ab" * 32, 1000, "mov,mp4", "h264", 320, 240, 90, Fraction(30000, 1001), Fraction(1, 90000), 2.5, True
)
PLAN = Plan(INFO, (Cut(0, 0, 256, 0, 512, None), Cut(1, 256, 40, 512, None, 500, 256, 250)))
FACTS = SegmentFacts(1, 256, 40, 8.5, 9.8, lead=(1, 2), tail=(3,))


def said(value):
    """As it comes over the wire."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("info", [INFO, replace(INFO, frame_rate=None, duration=None, has_audio=False)])
def test_facts_of_media_come_over_whole(info):
    assert wire.info_of(said(wire.plain_info(info)), info.sha256, info.size) == info


def test_size_and_checksum_are_the_callers_own():
    told = said(wire.plain_info(INFO)) | {"sha256": "cd" * 32, "size": 1}

    assert wire.info_of(told, INFO.sha256, INFO.size) == INFO


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0}, {"width": "320"}, {"height": 1.5}, {"height": True}, {"rotation": 45},
        {"codec": "x" * 1000}, {"codec": "a\x00b"}, {"container": None}, {"frame_rate": "1/0"},
        {"time_base": "tomorrow"}, {"time_base": "9" * 10_000}, {"duration": "nan"}, {"duration": "inf"},
        {"duration": []}, {"time_base": "1e99999"}, {"frame_rate": "1e99999"}, {"frame_rate": "29.97"},
        {"time_base": 1}, {"time_base": "1/1\n"}, {"time_base": "1234567890123"}, {"frame_rate": ""},
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_not_believed(change):
    with pytest.raises(DecoderFailedError):
        wire.info_of(said(wire.plain_info(INFO)) | change, "", 1)


@pytest.mark.parametrize("told", [None, [], "x", {}])
def test_what_is_no_facts_is_not_believed(told):
    with pytest.raises(DecoderFailedError):
        wire.info_of(told, "", 1)


def test_the_engines_refusals_come_over_with_their_facts():
    error = wire.refusal(said({"code": "too_long", "facts": {"seconds": 12000.5, "limit": 10800.0}}))

    assert isinstance(error, TooLongError)
    assert error.facts == {"seconds": 12000.5, "limit": 10800.0}


def test_of_a_refusals_facts_numbers_and_short_words_come_over():
    facts = {"width": 5000, "height": "x" * 1000, "limit": [1], "not a name": 1, "deep": {}, "large": 1 << 80}
    facts |= {"self": 1, "x" * 1000: 1}

    assert wire.refusal({"code": "picture_too_large", "facts": facts}).facts == {"width": 5000}


def test_a_plan_of_the_engine_is_taken():
    wire.check_plan(PLAN)
    wire.check_plan(PLAN.in_one_piece)


@pytest.mark.parametrize(
    "cuts",
    [
        (),
        (Cut(1, 0),),
        (Cut(0, None),),
        (Cut(0, 0, 256), Cut(1, None, 40)),
        (Cut(0, 0, 1 << 40), Cut(1, 1 << 40, 40)),
        (Cut(0, 256),),
        (Cut(0, 0, "1; drop table"),),
        (Cut(0, 0, 256, 0, 1 << 80), Cut(1, 256, 40)),
        (Cut(0, 0, 256), Cut(1, 300, 40)),
        (Cut(0, 0, 256), Cut(1, 256)),
        (Cut(0, 0, 0), Cut(1, 0, 40)),
        (Cut(0, 0, 256), Cut(0, 256, 40)),
        tuple(Cut(number, number, 1) for number in range(wire.MOST_SEGMENTS + 1)),
    ],
)
def test_a_plan_that_our_engine_does_not_make_is_not_believed(cuts):
    with pytest.raises(DecoderFailedError):
        wire.check_plan(Plan(INFO, cuts))


@pytest.mark.parametrize("fact", ["time_base", "frame_rate"])
@pytest.mark.parametrize(
    "said", ["1e99999", "29.97", "1_0/3", " 1/2", "1/", "1234567890123", "\u0661/2", "", 1, []]
)
def test_a_plans_fractions_are_read_as_plain_ones_alone(fact, said):
    """A short "1e999999999" would keep the parent busy, its other threads too, for good."""
    plain = PLAN.to_json()
    assert Plan.from_json(plain) == PLAN
    plain["info"][fact] = said

    with pytest.raises(ValueError, match="no fraction"):
        Plan.from_json(plain)


def test_facts_of_a_segment_are_taken():
    wire.check_facts(SegmentFacts.from_json(said(FACTS.to_json())), 1)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2}, {"frames": -1}, {"frames": "40"}, {"first_frame": 1.0}, {"start_time": float("nan")},
        {"end_time": None}, {"truncated": 1}, {"lead": (1,) * 5000}, {"tail": ("x",)},
    ],
)  # fmt: skip
def test_facts_of_a_segment_that_cannot_be_are_not_believed(change):
    with pytest.raises(DecoderFailedError):
        wire.check_facts(replace(FACTS, **change), 1)


def test_a_task_comes_over_whole():
    task = wire.Task(
        "probe", {"limits": {"max_side": 1}}, wire.Bounds(1, 2, 3), read=("a",), write=("b", "c")
    )

    told = wire.Task.of(wire.message(wire.line({"task": asdict(task)}))["task"])

    assert asdict(told) == said(asdict(task))
