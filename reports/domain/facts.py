"""What a report says beside the measurements: titles, names and days, which may change after it was made."""

import hashlib
import json
from dataclasses import asdict
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from analysis.models import Run
from echodepth import __version__
from reports.domain.report_data import RecordingFacts, Signature


def recording_facts(run: Run, signature: Signature | None = None) -> RecordingFacts:
    """Run with its recording, project, subject and organisation in words, as they are now."""
    recording = run.recording
    return RecordingFacts(
        title=recording.title,
        original_name=recording.original_name,
        organisation=recording.organisation.name,
        project=recording.project.name,
        subject=recording.subject.label if recording.subject else "",
        recording_id=str(recording.pk),
        run_id=str(run.pk),
        uploaded_at=recording.created_at,
        analysed_at=run.started_at,
        time_zone=recording.organisation.time_zone,
        neutral_from=_neutral_from(run),
        signature=signature,
    )


def draft_source(run: Run) -> str:
    """SHA-256 in hexadecimal of what a draft of this run's report is made from now, beside its stored result.

    The program's version is part of it: another one may choose other words.
    """
    told = {"version": __version__, "facts": asdict(recording_facts(run))}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _neutral_from(run: Run) -> str:
    """Of the recording that the run's neutral was kept from: its title, and the day it was uploaded."""
    source = run.kept_neutral.run if run.kept_neutral else None
    if source is None:
        return ""
    uploaded = source.recording.created_at.astimezone(ZoneInfo(run.recording.organisation.time_zone))
    return f"“{source.recording.title}”, {date_format(uploaded, 'j F Y')}"
