import pytest
from django.template import Context, Template

from analysis.enums import RunState
from analysis.models import Run
from analysis.templatetags import runs


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0, "0:00"), (59.6, "1:00"), (61.2, "1:01"), (3599.4, "59:59"), (3725, "1:02:05")],
)
def test_clock(seconds, text):
    assert runs.clock(seconds) == text


@pytest.mark.parametrize(
    ("state", "done", "total", "percent"),
    [
        (RunState.ANALYSING, 0, 120, 0),
        (RunState.ANALYSING, 30, 120, 25),
        (RunState.ANALYSING, 130, 120, 100),  # the header promised less
        (RunState.ANALYSING, 30, None, None),
        (RunState.SCORING, 1, 1, None),
        (RunState.REQUESTED, 0, None, None),
    ],
)
def test_percent(state, done, total, percent):
    assert runs.percent(Run(state=state, frames_done=done, frames_total=total)) == percent


def test_a_template_says_how_many_frames():
    run = Run(state=RunState.ANALYSING, frames_done=30, frames_total=120)
    page = Template("{% load runs %}{{ run|frames }}").render(Context({"run": run}))
    assert page == "30 of 120 frames"


def test_signal_and_warnings_come_from_the_summary():
    value = {"value": 61.0, "low": 50.0, "high": 70.0}
    run = Run(summary={"signals": {"trust": value, "resistance": None}, "warnings": ["no_face"]})
    assert runs.signal(run, "trust") == value
    assert runs.signal(run, "resistance") is None
    assert runs.signal(run, "credibility") is None
    assert runs.warnings(run) == ["No face was found in this recording."]
    assert runs.signal(Run(), "trust") is None


def test_a_retracted_results_signals_are_shown_no_more():
    run = Run(summary={"signals": {"trust": {"value": 60.0}}}, retracted=[1])
    assert runs.signal(run, "trust") is None
    assert runs.warnings(Run()) == []


def test_each_kind_of_end_has_its_own_pill():
    pills = {state: runs.pill(Run(state=state)) for state in RunState}
    assert pills[RunState.DONE] == "pill--good"
    assert pills[RunState.FAILED] == "pill--bad"
    assert pills[RunState.REQUESTED] == pills[RunState.CANCELLED] == ""
    assert {pills[state] for state in (RunState.CLAIMED, RunState.SCORING, RunState.REPORTING)} == {
        "pill--working"
    }
