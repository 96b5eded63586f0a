from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import CharField

from echodepth.storage import registry
from echodepth.storage.registry import Stored
from echodepth.tenancy import tenant
from tests import factories

KEY_FIELDS = [
    (model, field.name)
    for model in apps.get_models()
    for field in model._meta.get_fields()
    if isinstance(field, CharField) and field.name.endswith("_key") and field.max_length == 255
    if model._meta.app_label != "accounts"
]
"""Where models keep the keys of objects, by the way the house names them."""


@pytest.mark.parametrize(("model", "field"), KEY_FIELDS, ids=lambda part: getattr(part, "__name__", part))
def test_every_key_that_a_row_can_hold_is_announced(db, model, field):
    """Otherwise what it points to would be taken for an orphan, and deleted by who asks for that."""
    row = getattr(factories, f"{model.__name__}Factory")(**{field: "somewhere/of/its/own"})
    with tenant(row.organisation_id):
        found = {told.key: told.row_id for _kind, told in registry.expected()}

    assert found["somewhere/of/its/own"] == row.pk


def test_the_fields_are_found():
    named = {f"{model.__name__}.{field}" for model, field in KEY_FIELDS}

    assert {"Recording.storage_key", "Run.result_key", "Segment.spool_key", "Upload.storage_key"} <= named


def test_what_apps_announce_is_gathered(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_unfinished", [])
    here, there = Stored("o/here", uuid4()), Stored("o/there", uuid4())
    registry.register("note", lambda: [here, Stored("", uuid4())])
    registry.register("letter", lambda: [there])
    registry.register_unfinished(lambda: ["a", ""])
    registry.register_unfinished(lambda: ["b"])

    assert list(registry.expected()) == [("letter", there), ("note", here)]
    assert registry.awaited() == {"a", "b"}
