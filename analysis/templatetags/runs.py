"""How a run's state and its few numbers are shown."""

from typing import Any

from django import template

from analysis.domain import neutrals
from analysis.enums import RunState
from analysis.messages import explain_warning, frames_analysed, standing
from analysis.models import Recording, Run, SubjectNeutral

register = template.Library()
register.filter("frames", frames_analysed)
register.filter("standing", standing)

PILLS = {
    RunState.REQUESTED: "",
    RunState.ASSIGNING: "pill--warn",
    RunState.DONE: "pill--good",
    RunState.FAILED: "pill--bad",
    RunState.CANCELLED: "",
}


@register.filter
def pill(run: Run) -> str:
    """The state pill's modifier class."""
    return PILLS.get(RunState(run.state), "pill--working")


@register.filter
def percent(run: Run) -> int | None:
    """Analysed frames of all, 0-100; None where the total is not known or other work is done."""
    if run.state != RunState.ANALYSING or not run.frames_total:
        return None
    return min(100, round(100 * run.frames_done / run.frames_total))


@register.filter
def clock(seconds: float | None) -> str:
    """A time in a recording, `m:ss` or `h:mm:ss`; empty when unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def signal(run: Run, key: str) -> dict[str, Any] | None:
    """A signal's value and bounds, 0-100; None when there is none, or none that may be shown any more."""
    if run.retracted:
        return None
    found: dict[str, Any] | None = run.summary.get("signals", {}).get(key)
    return found


@register.filter
def warnings(run: Run) -> list[str]:
    """The sentences of what the reader must know about the result."""
    return [explain_warning(code).sentence for code in run.summary.get("warnings", [])]


@register.filter
def kept_neutral(recording: Recording) -> SubjectNeutral | None:
    """What is kept for the recording's subject now."""
    return neutrals.current(recording.subject_id)
