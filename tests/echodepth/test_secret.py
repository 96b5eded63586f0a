from concurrent.futures import ThreadPoolExecutor

import pytest

from echodepth.env import SettingError
from echodepth.secret import secret_key


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    folder = tmp_path / "var"

    first = secret_key("", folder)

    assert len(first) > 50
    assert secret_key("", folder) == first
    assert [path.name for path in folder.iterdir()] == ["secret-key"]
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_given_key_is_taken_and_nothing_is_written(tmp_path):
    assert secret_key("given", tmp_path / "var") == "given"
    assert not (tmp_path / "var").exists()


def test_those_who_start_at_once_get_the_same_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _number: secret_key("", tmp_path), range(32)))

    assert len(keys) == 1
    assert "" not in keys


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SettingError, match=r"ECHODEPTH_DATA_FOLDER: .*file/var"):
        secret_key("", tmp_path / "file" / "var")
