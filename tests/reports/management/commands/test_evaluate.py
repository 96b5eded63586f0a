import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from analysis.engine.findings import reliability
from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.model_card import CARD, WEIGHTS
from analysis.training.evaluation import page, real
from analysis.training.evaluation.findings import events, intervals, report, states
from analysis.training.evaluation.findings.displays import staged
from reports.management.commands.evaluate import ABSENT, OUTSIDE, command
from tests.support import shards
from tests.support.models import real_models
from tests.support.shared import shared_clip


@pytest.fixture
def weights(tmp_path):
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    return tmp_path / "weights"


def status(*arguments, what="aus"):
    try:
        call_command("evaluate", what, *map(str, arguments))
    except SystemExit as end:
        return end.code
    return 0


def test_without_the_clips_it_ends_with_what_is_absent(tmp_path, weights, capsys):
    real_models()

    code = status("--only", "real", "--clips", tmp_path, "--references", tmp_path, "--weights", weights)

    assert code == ABSENT
    assert "woman-sad-to-smile.mp4" in capsys.readouterr().err


def test_without_the_head_model_it_says_where_it_was_looked_for(tmp_path, weights, capsys, monkeypatch):
    real_models()
    monkeypatch.setenv("ECHODEPTH_RIG", str(tmp_path / "nothing.npz"))

    data = shards.write(shards.write(tmp_path / "data", shards.TEST), shards.VALIDATION)

    code = status("--only", "synthetic", "--data", data, "--frames", "1", "--weights", weights)

    assert code == ABSENT
    assert "nothing.npz" in capsys.readouterr().err


def test_without_a_model_it_says_so(tmp_path, capsys):
    assert status("--weights", tmp_path) == ABSENT
    assert capsys.readouterr().err


def test_findings_need_the_head_model_too(tmp_path, capsys, monkeypatch):
    real_models()
    monkeypatch.setenv("ECHODEPTH_RIG", str(tmp_path / "nothing.npz"))

    assert status("--data", tmp_path, what="findings") == ABSENT
    assert "nothing.npz" in capsys.readouterr().err
    assert status("--weights", tmp_path, what="findings") == ABSENT


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Findings on as few recordings as there can be, written into a folder: status and folder."""
    shared_clip("")
    real_models()
    folder = tmp_path_factory.mktemp("findings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "PAGE", folder / "findings-accuracy.md")
        patch.setattr(reliability, "FILE", folder / "reliability.json")
        patch.setattr(events, "RECORDINGS", 1)
        patch.setattr(states, "staged", lambda: staged()[:1])
        patch.setattr(intervals, "FEWEST", 1)
        code = status("--data", folder, "--recordings", 2, "--write", what="findings")
    return code, folder


def test_findings_are_judged_and_written(judged):
    code, folder = judged
    table = json.loads((folder / "reliability.json").read_text(encoding="utf-8"))
    page = (folder / "findings-accuracy.md").read_text(encoding="utf-8")

    assert code in (0, OUTSIDE)
    assert (code == 0) == ("**no**" not in page)
    assert table["tested"]["people"] == 2
    assert set(table["fits"]) >= {"au", "emotion", "signal"}
    assert set(table["fits"]["signal"]) == set(SIGNALS)
    assert "python manage.py evaluate findings --recordings 2" in page


def test_nothing_else_is_evaluated():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("evaluate", "signals")


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """The real part, on the shortest clip, written into a copy: status, card, folder."""
    shared_clip("")
    real_models()
    folder = tmp_path_factory.mktemp("model")
    shutil.copytree(WEIGHTS, folder / "weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "PAGE", folder / "model-card.md")
        patch.setattr(real, "CLIPS", [clip for clip in real.CLIPS if clip.name == "single-face"])
        code = status("--only", "real", "--write", "--weights", folder / "weights")
    return code, json.loads((folder / "weights" / CARD).read_text(encoding="utf-8")), folder


def test_the_status_tells_whether_every_bar_holds(evaluated):
    code, card, _ = evaluated

    assert code == (0 if all(bar["holds"] for bar in card["accuracy"]["bars"]) else OUTSIDE)


def test_the_real_part_is_written_and_the_rest_kept(evaluated):
    _, card, folder = evaluated
    before = json.loads((WEIGHTS / CARD).read_text(encoding="utf-8"))

    assert card["accuracy"]["synthetic"] == before["accuracy"]["synthetic"]
    assert set(card["accuracy"]["real"]["clips"]) == {"single-face"}
    assert (folder / "model-card.md").read_text(encoding="utf-8").startswith("# Model card")


def test_the_command_that_makes_the_figures_again():
    counts = {"frames": 5, "films": 2, "twins": 3}

    assert command(counts | {"only": None}) == "python manage.py evaluate aus --frames 5 --films 2 --twins 3"
    assert command(counts | {"only": "real"}).endswith("--only real")
