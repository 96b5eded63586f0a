"""Who the faces of a recording are: told by a member, asked for by a run that must know before it is scored.

The product recognises nobody. Where a project's declaration says that only people of some roles may be
analysed, a run with several people waits until somebody says who they are; of a face whose person may not be
analysed nothing is measured.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.consent import standing
from accounts.domain.lawful import declarations
from accounts.enums import SubjectRole
from accounts.models import Declaration, Subject, User
from analysis.domain import gate
from analysis.domain.work import runs
from analysis.engine import ENGINE_VERSION
from analysis.engine.finding_types import Withheld
from analysis.engine.people import People, Seen
from analysis.enums import FINAL_STATES, RunState
from analysis.models import Recording, Run, TrackAssignment
from echodepth.errors import UserError

logger = logging.getLogger(__name__)

MOST_PEOPLE = 60
"""Faces of a recording that are asked about, those seen longest; nobody says more of more than that."""
ROLE, NOT_TOLD, NO_SUBJECT = "role_not_allowed", "not_told", "subject_missing"
UNDECLARED = "declaration_missing"
NEVER_ALONE = frozenset({"own_staff", "interviewer"})
"""People of a declaration who may be the only one in the picture: it is asked of one face, too, who it is."""
NEAR_SECONDS = 0.5
"""A face that is seen from and to another time than that is another one than what was said is about."""
"""Why a face is withheld, beside the codes of `standing.missing`."""


class UnassignedError(Exception):
    """Scoring must wait until it is said who the people are."""

    def __init__(self, people: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.people = people
        """As `Run.people` holds them: `Seen` in JSON's types, with the `engine`'s version."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a face is."""

    role: SubjectRole
    subject: Subject | None = None
    told: bool = True
    """False of a face that nobody was asked about."""


def asked(run_id: UUID) -> Callable[[tuple[Seen, ...]], People] | None:
    """What the engine asks of a run's faces; None where the run's declaration does not want to know.

    Raises, when it is called, UnassignedError. Of a run without declaration everybody is withheld.
    """
    run = Run.objects.select_related("declaration", "recording__subject").get(pk=run_id)
    declaration = run.declaration
    if declaration is None:
        return _nobody
    if not declarations.requires(declaration, "roles"):
        return None
    return partial(_people, run, declaration)


def told_of(run: Run) -> dict[int, TrackAssignment]:
    """What was said of the faces that the run asked about, by track."""
    engine = run.people[0]["engine"] if run.people else ENGINE_VERSION
    return _told(run.recording_id, engine, run.people)


def assign(run: Run, people: Mapping[int, Person], user: User | None) -> bool:
    """Keep who the faces of the run's recording are; have the run scored, where it waits for that.

    True where it goes on; of a run that is over it is kept for the next one. Where somebody was measured of
    whom nothing may be, the results that hold it are shown no more, and the recording is analysed anew (or
    waits for what is missing). Raises UserError `not_assignable`, `unknown_face`, `faces_missing` or
    `unknown_subject`, and writes nothing then.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update(no_key=True).select_related("recording").get(pk=run.pk)
        _check(locked, people)
        for track, person in people.items():
            _keep(locked, track, person, user)
        retracted = _retract(locked, people)
        going_on = runs.go_on(locked.pk)
        record(AuditAction.TRACKS_ASSIGNED, locked, faces=len(people))
    if retracted:
        _analyse_anew(run, user)
    return going_on


def _keep(run: Run, track: int, person: Person, user: User | None) -> None:
    seen = next(one for one in run.people if one["track"] == track)
    said = {
        "role": person.role,
        "subject": person.subject,
        "assigned_by": user,
        "seen": _where(seen),
    }
    TrackAssignment.objects.update_or_create(
        recording_id=run.recording_id,
        engine_version=run.people[0]["engine"],
        track=track,
        defaults=said,
        create_defaults=said | {"organisation_id": run.organisation_id},
    )


def _retract(run: Run, people: Mapping[int, Person]) -> bool:
    """Note in all results of these faces whose numbers may not be there; whether there are any."""
    found = False
    same = Run.objects.filter(recording=run.recording_id, engine_version=run.engine_version)
    for one in same.exclude(result_key="").select_related("declaration"):
        declaration = one.declaration or declarations.current(run.recording.project)
        if declaration is None:
            continue
        measured = people.keys() - set(one.withheld)
        wrong = {track for track in measured if _withheld(people[track], declaration)}
        retracted = sorted(wrong | (set(one.retracted) - people.keys()))
        Run.objects.filter(pk=one.pk).update(retracted=retracted)
        found = found or bool(retracted)
    return found


def _analyse_anew(run: Run, user: User | None) -> None:
    """Have the recording analysed again, as soon as that may be, if there is anything left of it."""
    recording = Recording.objects.select_related("project", "subject__organisation").get(pk=run.recording_id)
    try:
        runs.request(recording, user, run.media_facts)
    except gate.MissingError:
        Recording.objects.filter(pk=recording.pk).update(analysis_wanted=True)
    except UserError:
        logger.info("run %s: nothing to analyse anew, or it is under way", run.pk)


def _check(run: Run, people: Mapping[int, Person]) -> None:
    if not run.people or run.state not in {RunState.ASSIGNING, *FINAL_STATES}:
        raise UserError(
            "not_assignable",
            _("This analysis does not ask who is who. Load the recording's page again."),
            status=409,
        )
    if unknown := people.keys() - {one["track"] for one in run.people}:
        sentence = _("There is no such face in this recording. Load the page again.")
        raise UserError("unknown_face", sentence, facts={"tracks": _listed(unknown)})
    wanted = {one["track"] for one in run.people if one["substantial"]}
    if missing := wanted - people.keys():
        sentence = _("Say of each face who it is; “Not known” is an answer, too.")
        raise UserError("faces_missing", sentence, facts={"tracks": _listed(missing)})
    project = run.recording.project_id
    if any(one.subject and one.subject.project_id != project for one in people.values()):
        raise UserError("unknown_subject", _("There is no such subject in this recording's project."))


def _nobody(found: tuple[Seen, ...]) -> People:
    undeclared = Withheld(SubjectRole.UNKNOWN.value, UNDECLARED)
    return People(frozenset(), {one.track: undeclared for one in found})


def _people(run: Run, declaration: Declaration, found: tuple[Seen, ...]) -> People:
    """Who is left out, and who is the recording's subject."""
    persons = _persons(run, found)
    withheld = {track: why for track, one in persons.items() if (why := _withheld(one, declaration))}
    measured = persons.keys() - withheld.keys()
    subject = run.recording.subject
    if subject:
        # What is kept of a subject goes to nobody else, however long another one is seen.
        measured = {track for track in measured if persons[track].subject == subject}
    return People(frozenset(measured), withheld)


def _persons(run: Run, found: tuple[Seen, ...]) -> dict[int, Person]:
    """Everybody seen. Raises UnassignedError where it is not known who those are that are to be told of."""
    told = _told(run.recording_id, ENGINE_VERSION, [one.to_json() for one in found])
    substantial = [one.track for one in found if one.substantial][:MOST_PEOPLE]
    nobody = Person(SubjectRole.UNKNOWN, told=False)
    persons = {one.track: nobody for one in found}
    alone = run.declaration is not None and not NEVER_ALONE & set(run.declaration.people)
    if len(substantial) == 1 and alone:
        subject = run.recording.subject
        role = SubjectRole(subject.role) if subject else SubjectRole.UNKNOWN
        persons[substantial[0]] = Person(role, subject)
    elif not told.keys() >= set(substantial):
        raise UnassignedError([one.to_json() | {"engine": ENGINE_VERSION} for one in found[:MOST_PEOPLE]])
    assigned = {
        track: Person(SubjectRole(one.role), one.subject) for track, one in told.items() if track in persons
    }
    return persons | assigned


def _withheld(person: Person, declaration: Declaration) -> Withheld | None:
    """Why nothing may be measured of the person; None where it may."""
    if person.role not in declarations.roles(declaration):
        return Withheld(person.role.value, ROLE if person.told else NOT_TOLD)
    if person.subject:
        owed = standing.missing(person.subject, declaration)
        return Withheld(person.role.value, owed[0].code) if owed else None
    if any(declarations.requires(declaration, what) for what in ("consent", "notice")):
        return Withheld(person.role.value, NO_SUBJECT)
    return None


def _listed(tracks: Iterable[int]) -> str:
    return ",".join(map(str, sorted(tracks)))


def _told(recording_id: UUID, engine: str, people: Iterable[Mapping[str, Any]]) -> dict[int, TrackAssignment]:
    """What was said of these faces (as `Run.people` holds them), and not of others of the same numbers."""
    where = {one["track"]: _where(one) for one in people}
    rows = TrackAssignment.objects.filter(recording=recording_id, engine_version=engine, track__in=where)
    return {
        one.track: one
        for one in rows.select_related("subject__organisation")
        if _is_same(one.seen, where[one.track])
    }


def _where(seen: Mapping[str, Any]) -> dict[str, Any]:
    """What a face is known again by: when it is seen, and its box in the middle of that."""
    places = seen["places"]
    box = places[len(places) // 2][1:] if places else []
    return {"start": seen["start"], "end": seen["end"], "box": box}


def _is_same(kept: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if not kept or any(abs(kept[name] - now[name]) > NEAR_SECONDS for name in ("start", "end")):
        return False
    if not kept["box"] or not now["box"]:
        return bool(kept["box"] == now["box"])
    (left, top, width, height), (x, y, wide, high) = kept["box"], now["box"]
    apart = abs(left + width / 2 - x - wide / 2), abs(top + height / 2 - y - high / 2)
    return bool(apart[0] <= width / 2 and apart[1] <= height / 2)
