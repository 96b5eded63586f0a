"""Every code that can reach a person has a sentence."""

import pytest

from analysis import messages
from analysis.domain.work import execute
from analysis.domain.work.standing import Standing, Waiting
from analysis.engine import errors
from analysis.engine.types import Warn
from analysis.enums import RunState
from analysis.models import Run

RUN_CODES = {"attempts_spent", "internal_error", "storage_unavailable", "media_missing", "worker_disk_full"}


def _all_subclasses(base):
    return {sub for child in base.__subclasses__() for sub in {child, *_all_subclasses(child)}}


def test_every_engine_error_has_a_sentence():
    codes = {sub.code for sub in _all_subclasses(errors.EngineError)} | {errors.EngineError.code}
    assert len(codes) >= 10
    assert codes - set(messages.ERRORS) == set()


def test_every_warning_has_a_sentence():
    assert set(messages.WARNINGS) == set(Warn)


def test_every_code_of_a_run_has_a_sentence():
    assert set(messages.ERRORS) >= RUN_CODES
    codes = {execute.INTERNAL_ERROR, execute.STORAGE_UNAVAILABLE, execute.MEDIA_MISSING, execute.DISK_FULL}
    assert codes <= RUN_CODES


@pytest.mark.parametrize("code", sorted(messages.ERRORS))
def test_sentences_stand_without_facts(code):
    explained = messages.explain(code)
    assert explained.sentence.endswith(".")
    assert explained.advice.endswith(".")
    assert "%(" not in str(explained)
    assert "_" not in str(explained)


def test_facts_are_filled_in():
    explained = messages.explain("too_long", {"seconds": 12_345.6, "limit": 10_800})
    assert explained.sentence == (
        "The recording lasts 3 hours 25 minutes; the longest that is analysed is 3 hours."
    )
    assert "9000 x 100 pixels; the longest side may be 4096" in (
        messages.explain("picture_too_large", {"width": 9000, "height": 100, "limit": 4096}).sentence
    )


def test_an_unknown_code_reads_as_an_error_on_our_side():
    assert messages.explain("never_heard_of") == messages.explain("internal_error")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 seconds"), (1, "1 second"), (59.6, "1 minute"), (3661, "1 hour 1 minute"), (7200, "2 hours")],
)
def test_duration(seconds, text):
    assert messages.duration(seconds) == text


@pytest.mark.parametrize(
    ("state", "done", "total", "text"),
    [
        (RunState.ANALYSING, 30, 120, "30 of 120 frames"),
        (RunState.ANALYSING, 1, None, "1 frame"),
        (RunState.ANALYSING, 30, None, "30 frames"),
        (RunState.SCORING, 1, 1, ""),
        (RunState.REQUESTED, 0, None, ""),
    ],
)
def test_frames_are_told_while_they_are_analysed(state, done, total, text):
    assert messages.frames_analysed(Run(state=state, frames_done=done, frames_total=total)) == text


@pytest.mark.parametrize("waiting", Waiting)
def test_everything_a_run_may_wait_for_has_a_sentence(waiting):
    run = Run(state=RunState.REQUESTED)
    run.standing = Standing(waiting)
    assert messages.standing(run).endswith(".")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, "less than a minute of analysing left"),
        (59, "less than a minute of analysing left"),
        (60, "about 1 minute of analysing left"),
        (61, "about 2 minutes of analysing left"),
        (3 * 3600 + 100, "about 3 hours 2 minutes of analysing left"),
    ],
)
def test_the_time_left_is_rounded_up_to_minutes(seconds, said):
    run = Run(state=RunState.ANALYSING)
    run.standing = Standing(seconds_left=seconds)
    assert messages.standing(run) == said


def test_nothing_is_said_of_a_run_whose_standing_nobody_asked_for():
    assert messages.standing(Run(state=RunState.ANALYSING)) == ""
