import shutil

import pytest

from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.runtime import MESH, NETWORKS, load_models
from tests.support.models import FOLDER


def test_the_facts_name_every_network_with_the_content_that_was_loaded(models):
    assert [(fact.name, fact.sha256) for fact in models.facts] == [
        (network.name, network.sha256) for network in NETWORKS
    ]
    assert all(len(fact.sha256) == 64 for fact in models.facts)


def test_sessions_run_on_the_threads_asked_for(models):
    assert models.mesh.get_session_options().intra_op_num_threads == 1
    assert load_models(FOLDER, threads=2).mesh.get_session_options().intra_op_num_threads == 2


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
