"""Asking who is who in a recording: a role and a subject for each face, and where to look for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import SubjectRole
from accounts.models import Subject
from analysis.domain import assignments
from analysis.domain.assignments import Person
from analysis.models import Run

LISTED_STRETCHES = 6
LEFT, RIGHT = 0.4, 0.6
"""Shares of the picture's width between which the middle of a face is in its middle."""


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels of the picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One face: what is drawn and said of it, and what is asked."""

    track: int
    substantial: bool
    seconds: float
    stretches: list[tuple[float, float]]
    """From and to in seconds; the first few."""
    more: int
    """Stretches that are not listed."""
    where: str
    boxes: list[Box]
    """Where it is at some moments."""
    others: list[Box]
    """Where the other faces are at one."""
    bars: list[tuple[float, float]]
    """From and width of each stretch, in percent of the time in which any face is seen."""
    role: forms.BoundField
    subject: forms.BoundField


class PeopleForm(forms.Form):
    """A role for each face that a run asks about, and the subject that it is; valid to `assignments.assign`.

    Faces that passed by need no answer.
    """

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        told = assignments.told_of(run)
        subjects = Subject.objects.filter(project=run.recording.project_id)
        for one in run.people:
            before = told.get(one["track"])
            self.fields[_role(one["track"])] = forms.ChoiceField(
                label=gettext_lazy("Role"),
                choices=[("", gettext_lazy("Choose a role")), *SubjectRole.choices],
                required=one["substantial"],
                initial=before.role if before else "",
            )
            self.fields[_subject(one["track"])] = forms.ModelChoiceField(
                subjects,
                label=gettext_lazy("Subject"),
                empty_label=gettext_lazy("None of this project's subjects"),
                required=False,
                initial=before.subject_id if before else None,
            )

    def people(self) -> dict[int, Person]:
        """Of valid forms only."""
        told = self.cleaned_data
        return {
            one["track"]: Person(SubjectRole(role), told[_subject(one["track"])])
            for one in self.run.people
            if (role := told[_role(one["track"])])
        }

    def shown(self) -> list[Shown]:
        """The faces, longest seen first."""
        start = min(one["start"] for one in self.run.people)
        seconds = max(0.01, max(one["end"] for one in self.run.people) - start)
        width = self.run.media_facts.get("width") or _right_edge(self.run.people)
        middle = {one["track"]: _middle(one) for one in self.run.people}
        return [
            Shown(
                track=one["track"],
                substantial=one["substantial"],
                seconds=one["seconds"],
                stretches=[(begin, end) for begin, end in one["stretches"][:LISTED_STRETCHES]],
                more=max(0, len(one["stretches"]) - LISTED_STRETCHES),
                where=_where(middle[one["track"]], width),
                boxes=[Box(*place[1:]) for place in one["places"]],
                others=[box for track, box in middle.items() if track != one["track"]],
                bars=[_bar(begin - start, end - begin, seconds) for begin, end in one["stretches"]],
                role=self[_role(one["track"])],
                subject=self[_subject(one["track"])],
            )
            for one in self.run.people
        ]


def picture(run: Run) -> tuple[int, int]:
    """Width and height in which the faces are drawn, in pixels."""
    facts = run.media_facts
    if facts.get("width") and facts.get("height"):
        return facts["width"], facts["height"]
    bottom = max((place[2] + place[4] for one in run.people for place in one["places"]), default=1)
    return _right_edge(run.people), max(1, bottom)


def _right_edge(people: list[Mapping[str, Any]]) -> int:
    edge: int = max([1, *(place[1] + place[3] for one in people for place in one["places"])])
    return edge


def _bar(start: float, length: float, whole: float) -> tuple[float, float]:
    """In percent; a glimpse is drawn wide enough to be seen."""
    return round(100 * start / whole, 2), round(max(0.4, 100 * length / whole), 2)


def _middle(one: Mapping[str, Any]) -> Box:
    place = one["places"][len(one["places"]) // 2]
    return Box(*place[1:])


def _where(box: Box, width: int) -> str:
    share = (box.x + box.width / 2) / width
    if share < LEFT:
        return _("on the left of the picture")
    return _("on the right of the picture") if share > RIGHT else _("in the middle of the picture")


def _role(track: int) -> str:
    return f"role_{track}"


def _subject(track: int) -> str:
    return f"subject_{track}"
