from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Organisation
from analysis.domain import objects
from analysis.engine import frame_table
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Run
from tests.factories import ProjectFactory, RecordingFactory, RunFactory, SubjectFactory
from tests.support.results import example_frames, example_result

FRAMES = 600


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path: Path) -> None:
    location = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": location},
    }


@pytest.fixture(scope="session")
def frames_parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("frames") / "frames.parquet"
    frame_table.write_parquet(path, example_frames(FRAMES))
    return path


def scored(organisation: Organisation, frames_parquet: Path, result=None, **fields) -> Run:
    """A run whose engine's work is done and stored."""
    project = ProjectFactory(organisation=organisation, name="Autumn")
    subject = SubjectFactory(project=project, label="P-014")
    recording = RecordingFactory(project=project, subject=subject, title="Interview Ä")
    run = RunFactory(recording=recording, **{"state": RunState.REPORTING, **fields})
    prefix = objects.run_folder(organisation.pk, run.pk)
    run.frames_key = objects.store(f"{prefix}/1/frames.parquet", frames_parquet)
    text = to_json(result or example_result(FRAMES))
    run.result_key = default_storage.save(f"{prefix}/1/result.json", ContentFile(text.encode()))
    run.save()
    return run


@pytest.fixture
def run(organisation: Organisation, frames_parquet: Path) -> Run:
    from echodepth.tenancy import tenant

    with tenant(organisation.pk):
        return scored(organisation, frames_parquet)
