"""A sample's recording with its signed result, made again in the organisation that a prospect became.

Rows and objects are copied under new keys. Consent is not: who agreed to a sample at the desk is asked anew
by whoever analyses more of them. The result and its report say the same, to the last byte; and how long it
is kept counts from the same day.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.domain.lawful import declarations
from accounts.domain.projects import add_subject, create_project
from accounts.enums import SubjectRole
from accounts.models import Declaration, Organisation, Project, Subject
from analysis.domain import objects, retention
from analysis.models import Recording, Run, TrackAssignment
from reports.domain.requests import report_folder
from reports.domain.reviews import history
from reports.models import Report, Review, SampleRequest

Row = TypeVar("Row", bound=Model)
NOBODYS = {"lease": None, "lease_until": None, "heartbeat_at": None, "woken_at": None, "tidy_at": None}
"""No worker is at a run, or has to clear up behind one."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes along of a sample, as rows of the desk."""

    reference: str
    declaration: Declaration | None
    subject: Subject | None
    recording: Recording
    assignments: list[TrackAssignment]
    run: Run
    report: Report
    reviews: list[Review]


def read(sample: SampleRequest, run: Run) -> Contents:
    """In the desk's scope; `run` is the one whose report was signed."""
    recording = Recording.objects.select_related("project", "subject").get(pk=run.recording_id)
    report = Report.objects.get(run=run)
    return Contents(
        reference=sample.reference,
        declaration=declarations.current(recording.project),
        subject=recording.subject,
        recording=recording,
        assignments=list(TrackAssignment.objects.filter(recording=recording)),
        run=run,
        report=report,
        reviews=history(report),
    )


def write(contents: Contents, organisation: Organisation, undo: ExitStack) -> Run:
    """In the new organisation's scope and the caller's transaction; `undo` erases what was stored."""
    project = create_project(organisation, _("Sample %(reference)s") % {"reference": contents.reference})
    declaration = contents.declaration
    if declaration:
        declaration = _copy(declaration, organisation, project=project)
    recording = _recording(contents, organisation, project, undo)
    run = _run(contents.run, organisation, recording, declaration, undo)
    _report(contents, organisation, run, undo)
    retention.keep_recording(recording)
    retention.keep_result(run)
    retention.keep_report(run.pk, contents.report.ready_at or contents.report.created_at)
    return run


def _recording(
    contents: Contents, organisation: Organisation, project: Project, undo: ExitStack
) -> Recording:
    old, subject = contents.recording, None
    if contents.subject:
        subject = add_subject(project, contents.subject.label, SubjectRole(contents.subject.role))
    made = _copy(old, organisation, project=project, subject=subject, analysis_wanted=False, storage_key="")
    made.storage_key = _store(old.storage_key, objects.recording_key(organisation.pk, made.pk), undo)
    made.save(update_fields=["storage_key"])
    for one in contents.assignments:
        is_subject = contents.subject is not None and one.subject_id == contents.subject.pk
        _copy(one, organisation, recording=made, subject=subject if is_subject else None)
    return made


def _run(
    old: Run,
    organisation: Organisation,
    recording: Recording,
    declaration: Declaration | None,
    undo: ExitStack,
) -> Run:
    made = _copy(old, organisation, recording=recording, declaration=declaration, plan={}, **NOBODYS)
    before, after = (
        objects.run_folder(old.organisation_id, old.pk),
        objects.run_folder(organisation.pk, made.pk),
    )
    made.result_key = _store(old.result_key, _moved(old.result_key, before, after), undo)
    made.frames_key = _store(old.frames_key, _moved(old.frames_key, before, after), undo)
    made.save(update_fields=["result_key", "frames_key"])
    return made


def _report(contents: Contents, organisation: Organisation, run: Run, undo: ExitStack) -> None:
    old = contents.report
    made = _copy(old, organisation, run=run, claimed_until=None, woken_at=None)
    before = report_folder(old.organisation_id, old.pk)
    after = report_folder(organisation.pk, made.pk)
    made.storage_key = _store(old.storage_key, _moved(old.storage_key, before, after), undo)
    made.save(update_fields=["storage_key"])
    for review in contents.reviews:
        _copy(review, organisation, report=made)


def _copy(row: Row, organisation: Organisation, **changes: Any) -> Row:
    """The row again, in another organisation, as old as it was.

    What it refers to is left out unless it is given anew.
    """
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's documented API
    values = {field.name: None if field.is_relation else getattr(row, field.name) for field in fields}
    made = type(row)(**(values | {"organisation": organisation} | changes))
    made.save(force_insert=True)
    by_clock = [
        one.name for one in fields if getattr(one, "auto_now_add", False) or getattr(one, "auto_now", False)
    ]
    for name in by_clock:
        setattr(made, name, values[name])
    if by_clock:
        rows = type(row)._default_manager.filter(pk=made.pk)  # noqa: SLF001
        rows.update(**{name: values[name] for name in by_clock})
    return made


def _moved(key: str, before: str, after: str) -> str:
    """The object's key under another folder; empty where there is none."""
    return f"{after}{key.removeprefix(before)}" if key else ""


def _store(old: str, new: str, undo: ExitStack) -> str:
    """Copy an object within storage. Raises OSError of storage."""
    if not old:
        return ""
    with default_storage.open(old) as handle:
        key = str(default_storage.save(new, handle))
    undo.callback(objects.erase, key)
    return key
