"""The shared development clips, analysed once for every test that looks at them."""

import pytest

from analysis.engine import frame_table
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from tests.support.clip_tables import columns
from tests.support.models import real_models
from tests.support.shared import shared_clip


@pytest.fixture(scope="session")
def scored(tmp_path_factory):
    """A clip's result, and {column: values by frame}; skips where there are no clips."""
    done = {}

    def one(name):
        path = shared_clip(name)
        if name not in done:
            folder = tmp_path_factory.mktemp("clip")
            result = analyse(path, folder, real_models(), Config(), lambda *_: None)
            frame_table.parquet_to_csv(folder / FRAMES_FILE, folder / "frames.csv")
            done[name] = result, columns(folder / "frames.csv")
        return done[name]

    return one
