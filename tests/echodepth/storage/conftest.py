from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import ceph as ceph_server
from tests.support import object_stores
from tests.support.object_stores import CEPH, FOLDER, KINDS, MOTO, Server


@pytest.fixture(scope="session")
def moto() -> Iterator[Server]:
    with object_stores.moto() as url:
        yield object_stores.with_bucket(url, "AES256")


@pytest.fixture(scope="session")
def ceph_cluster() -> Iterator[ceph_server.Ceph]:
    try:
        ceph_server.find_programs()
    except ceph_server.CephMissingError as error:
        pytest.skip(f"Ceph is not here: {error}")
    with ceph_server.server() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def ceph(ceph_cluster: ceph_server.Ceph) -> Server:
    return object_stores.with_bucket(ceph_cluster.url, "none")


def use(settings: Any, default: dict[str, Any]) -> None:
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture(params=[FOLDER, MOTO, CEPH])
def kind(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> str:
    """The installation's storage is of this kind for the test."""
    assert set(KINDS) == {FOLDER, MOTO, CEPH}
    if request.param == FOLDER:
        place = {"location": str(tmp_path), "base_url": None}
        use(settings, {"BACKEND": "echodepth.storage.durable.FileSystemStorage", "OPTIONS": place})
    else:
        use(settings, request.getfixturevalue(request.param).storages())
    return str(request.param)
