"""docs/example_client.py as a program against a server; the engine is replaced where a worker calls it."""

import csv
import json
import os
import subprocess
import sys
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.lawful import declarations
from accounts.enums import Role
from accounts.models import Project
from analysis.domain.work import runs
from analysis.domain.work.execute import execute
from analysis.engine import frame_table
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth.env import BASE_DIR
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from reports.models import Report
from tests.factories import MembershipFactory, ProjectFactory
from tests.support.api import token_for
from tests.support.clips import portrait_clip
from tests.support.engines import fake_engine
from tests.support.results import example_frames, example_result

CLIENT = BASE_DIR / "docs" / "example_client.py"
FRAMES = 60
PATIENCE = 60.0
RENDERED = {
    "purpose": "rendered_people",
    "setting": "demonstration",
    "region": "other",
    "people": ["speaker"],
}
PITCH = {"purpose": "own_pitch", "setting": "self_recording", "region": "eu", "people": ["speaker"]}
REFUSED = {"purpose": "recruitment", "setting": "online_meeting", "region": "eu", "people": ["applicants"]}


def finish(_plan, _parts, folder, progress, _config):
    frame_table.write_parquet(folder / "frames.parquet", example_frames(FRAMES))
    progress("scoring", 1, 1)
    return example_result(FRAMES)


@pytest.fixture
def member(transactional_db, settings, tmp_path):
    location = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": {**settings.STORAGES["default"], "OPTIONS": location}}
    return MembershipFactory(role=Role.ANALYST)


def work(member, program):
    """What workers do meanwhile: analyse the one run, make its report, close it."""
    deadline = time.monotonic() + PATIENCE
    while program.poll() is None and time.monotonic() < deadline:
        with tenant(member.organisation_id):
            waiting = Run.objects.filter(state=RunState.REQUESTED).first()
            if waiting:
                execute(waiting.pk, fake_engine(finish=finish))
                report = Report.objects.get(run=waiting)
                key = report_key(member.organisation_id, report.pk, 1)
                report.storage_key = default_storage.save(key, ContentFile(b"%PDF-1.7 pages"))
                report.state = ReportState.READY
                report.save()
                runs.finish(waiting.pk)
        time.sleep(0.1)


def run_client(member, live_server, *arguments, token=None, told_use=None, subject=""):
    environment = os.environ | {"API_TOKEN": token or token_for(member), "SUBJECT": subject}
    project, *rest = arguments
    use = rest[-1].with_name("use.json")
    use.write_text(json.dumps(told_use or RENDERED))
    command = [sys.executable, str(CLIENT), live_server.url, *map(str, (project, use, *rest))]
    program = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        work(member, program)
        said, complained = program.communicate(timeout=PATIENCE)
    finally:
        program.kill()
    return program.returncode, said, complained


def test_it_uploads_waits_and_saves_what_was_found(member, live_server, tmp_path):
    video = portrait_clip(tmp_path / "interview.mp4", frames=30)
    folder = tmp_path / "results"

    status, said, complained = run_client(member, live_server, "My project", video, folder)

    assert (status, complained) == (0, "")
    assert "done" in said
    assert {path.name for path in folder.iterdir()} == {"summary.json", "events.json", "csv.csv", "pdf.pdf"}
    assert len(json.loads((folder / "summary.json").read_text())["tracks"]) == len(
        example_result(FRAMES).tracks
    )
    assert json.loads((folder / "events.json").read_text())
    with (folder / "csv.csv").open(newline="") as handle:
        assert next(csv.reader(handle))[:3] == ["frame", "time", "track"]
    assert (folder / "pdf.pdf").read_bytes().startswith(b"%PDF")
    with tenant(member.organisation_id):
        project = Project.objects.get()
        assert project.name == "My project"
        assert declarations.current(project).purpose == "rendered_people"
        assert Recording.objects.get().uploaded_by == member.user


def test_it_says_why_it_was_refused(member, live_server, tmp_path):
    letter = tmp_path / "letter.mp4"
    letter.write_text("This is a letter, not a video.")
    project = ProjectFactory(organisation=member.organisation, name="My project")

    status, _said, complained = run_client(member, live_server, project.name, letter, tmp_path / "results")
    assert (status, complained.partition(":")[0]) == (1, "unreadable")

    status, _said, complained = run_client(
        member, live_server, project.name, letter, tmp_path / "results", token="edt_wrong"
    )
    assert (status, complained.partition(":")[0]) == (1, "token_invalid")
    with tenant(member.organisation_id):
        assert not Recording.objects.exists()


def test_it_says_why_a_use_is_refused_and_uploads_nothing(member, live_server, tmp_path):
    video = portrait_clip(tmp_path / "interview.mp4", frames=30)

    status, _said, complained = run_client(
        member, live_server, "Applicants", video, tmp_path / "results", told_use=REFUSED
    )

    assert (status, complained.partition(":")[0]) == (1, "refused")
    assert "Applicants are not analysed" in complained
    with tenant(member.organisation_id):
        assert not Recording.objects.exists()


def test_it_says_what_is_missing_and_the_recording_is_kept(member, live_server, tmp_path):
    video = portrait_clip(tmp_path / "pitch.mp4", frames=30)

    status, _said, complained = run_client(
        member, live_server, "Pitches", video, tmp_path / "results", told_use=PITCH, subject="P-014"
    )

    assert status == 1
    assert {line.partition(":")[0] for line in complained.splitlines()} >= {"consent_missing"}
    with tenant(member.organisation_id):
        recording = Recording.objects.get()
        assert recording.analysis_wanted
        assert recording.subject.label == "P-014"
        assert not Run.objects.exists()


def test_it_stays_as_short_as_is_promised():
    assert len(CLIENT.read_text(encoding="utf-8").splitlines()) <= 70
