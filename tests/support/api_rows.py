"""One row of everything the API has an address for, and the ids by the names that addresses give them."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.domain import objects
from analysis.engine import frame_table
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Upload
from echodepth.tenancy import tenant
from reports.enums import ReportState
from tests.factories import (
    ConsentFactory,
    NoticeFactory,
    ProjectFactory,
    RecordingFactory,
    ReportFactory,
    RunFactory,
    SubjectFactory,
)
from tests.support.engines import asked_about, face
from tests.support.results import example_frames, example_result

FRAMES = 60


def rows(membership, **fields):
    """In the member's organisation: {"project_id": ..., "run_id": ...}; the run is scored, with a report."""
    organisation = membership.organisation
    project = ProjectFactory(organisation=organisation, name="Autumn")
    subject = SubjectFactory(project=project, label="P-014")
    recording = RecordingFactory(project=project, subject=subject, title="Interview Ä")
    run = RunFactory(recording=recording, **{"state": RunState.DONE, "people": asked_about(face(1))} | fields)
    with tenant(organisation.pk):
        _store(run)
        report = ReportFactory(run=run, state=ReportState.READY, pages=1, sha256="a" * 64)
        report.storage_key = default_storage.save(
            f"{organisation.pk}/reports/{report.pk}/1/report.pdf", ContentFile(b"%PDF-1.7 pages")
        )
        report.save()
        upload = Upload.objects.create(
            organisation=organisation,
            project=project,
            original_name="a.mp4",
            size=3,
            created_by=membership.user,
            expires_at=timezone.now() + timedelta(hours=1),
        )
    consent = ConsentFactory(
        subject=subject, state="given", purposes=["sales_meeting"], until="2030-01-01", signer="P. Erson"
    )
    notice = NoticeFactory(subject=subject)
    return {
        "text_id": str(consent.text_id),
        "notice_text": str(notice.text_id),
        "consent_id": str(consent.pk),
        "project_id": str(project.pk),
        "subject_id": str(subject.pk),
        "recording_id": str(recording.pk),
        "run_id": str(run.pk),
        "upload_id": str(upload.pk),
        "kind": "pdf",
    }


def _store(run):
    prefix = objects.run_folder(run.organisation_id, run.pk)
    with TemporaryDirectory() as folder:
        table = Path(folder) / "frames.parquet"
        frame_table.write_parquet(table, example_frames(FRAMES))
        run.frames_key = objects.store(f"{prefix}/1/frames.parquet", table)
    text = to_json(example_result(FRAMES))
    run.result_key = default_storage.save(f"{prefix}/1/result.json", ContentFile(text.encode()))
    run.save()
