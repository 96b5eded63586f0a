import shutil

import pytest

from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.model_card import CARD, ENCODER, HEAD, WEIGHTS, ModelCard
from analysis.engine.runtime import MESH, NETWORKS, load_au_network, load_face_networks, load_models
from tests.support.models import FOLDER


def test_the_facts_name_every_network_with_the_content_that_was_loaded(models):
    card = models.action_units.card
    assert [(fact.name, fact.sha256) for fact in models.facts] == [
        *((network.name, network.sha256) for network in NETWORKS),
        (card.name, card.sha256),
        (f"{card.name}-encoder", card.facts["files"][ENCODER]["sha256"]),
    ]
    assert all(len(fact.sha256) == 64 for fact in models.facts)


def test_sessions_run_on_the_threads_asked_for(models):
    threaded = load_models(FOLDER, threads=2)
    for loaded, threads in ((models, 1), (threaded, 2)):
        for session in (loaded.mesh, loaded.action_units.encoder, loaded.action_units.head):
            assert session.get_session_options().intra_op_num_threads == threads


def test_faces_are_found_without_any_action_unit_model(models, monkeypatch):
    """Data for the first model is made before there is one."""

    def absent(*_args):
        raise ModelsMissingError(folder="nowhere")

    monkeypatch.setattr(ModelCard, "load", absent)

    found = load_face_networks(FOLDER)

    for session, same in (
        (found.short_range, models.short_range),
        (found.full_range, models.full_range),
        (found.mesh, models.mesh),
    ):
        assert [one.name for one in session.get_outputs()] == [one.name for one in same.get_outputs()]
    with pytest.raises(ModelsMissingError):
        load_models(FOLDER)


@pytest.mark.parametrize("name", [CARD, ENCODER, HEAD])
def test_the_action_unit_network_is_refused_when_a_file_is_absent_or_changed(name, tmp_path):
    shutil.copytree(WEIGHTS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-9])

    with pytest.raises(ModelMismatchError) as changed:
        load_au_network(tmp_path)
    path.unlink()
    with pytest.raises(ModelsMissingError) as absent:
        load_au_network(tmp_path)

    assert changed.value.facts == {"name": name}
    assert absent.value.facts == {"folder": str(tmp_path)}


def test_an_empty_folder_is_refused_with_its_name(tmp_path):
    with pytest.raises(ModelsMissingError) as caught:
        load_models(tmp_path)

    assert caught.value.facts == {"folder": str(tmp_path)}


def test_one_changed_byte_is_refused_with_the_network_s_name(models, tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / MESH.file_name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    with pytest.raises(ModelMismatchError) as caught:
        load_models(tmp_path)

    assert caught.value.facts == {"name": MESH.name}
