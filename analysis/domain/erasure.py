"""Erasing recordings and documents: their objects first, then their rows.

If storage fails half-way the rows are still there, and erasing again ends the work; the other way round,
objects could be left behind that nothing points to.
"""

from analysis.domain import objects, runs
from analysis.models import Document, Recording, Run
from analysis.signals import run_erased


def erase_recording(recording: Recording) -> None:
    """Stop the recording's analysis; delete its media, its results, its reports, and all their rows."""
    for run in recording.runs.all():
        runs.cancel(run.pk)
        _erase_objects(run)
    objects.erase(recording.storage_key)
    recording.delete()


def erase_document(document: Document) -> None:
    """Delete the document's file and row."""
    objects.erase(document.storage_key)
    document.delete()


def _erase_objects(run: Run) -> None:
    for _receiver, keys in run_erased.send(Run, run=run):
        for key in keys or ():
            objects.erase(key)
    objects.erase_folder(objects.run_folder(run.organisation_id, run.pk))
