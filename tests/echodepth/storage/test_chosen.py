from echodepth.storage.chosen import part_store
from echodepth.storage.local import LocalParts


def test_a_local_folder_takes_parts_itself(settings, tmp_path):
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}
    store = part_store()

    assert isinstance(store, LocalParts)
    store.begin("a/b", 1)
    assert len(list(tmp_path.rglob("content"))) == 1
