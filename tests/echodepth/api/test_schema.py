from functools import cache

import pytest
import yaml

from echodepth.api.schema import as_yaml
from echodepth.env import BASE_DIR

WRITTEN = BASE_DIR / "docs" / "openapi.yaml"


@cache
def described():
    return yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))


def operations():
    return [
        (method, path, told)
        for path, methods in described()["paths"].items()
        for method, told in methods.items()
    ]


def test_the_schema_in_docs_is_the_one_that_is_served(client):
    """Else: manage.py spectacular --file docs/openapi.yaml."""
    assert WRITTEN.read_text(encoding="utf-8") == as_yaml()
    assert client.get("/api/v1/schema/").content.decode() == as_yaml()


def test_every_operation_has_a_name_a_sentence_a_scope_and_its_refusals():
    names = [told["operationId"] for _method, _path, told in operations()]
    assert len(names) == len(set(names)) > 25
    for _method, _path, told in operations():
        assert told["security"] == [{"token": []}]
        assert "Scope of the token: `" in told["description"]
        assert len(told["description"].splitlines()[0]) > 10
        assert {"401", "403", "405", "429"} <= set(told["responses"])
        assert list(told["responses"]["401"]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("status", ["404"])
def test_what_has_an_id_may_not_be_there(status):
    assert all(status in told["responses"] for _method, path, told in operations() if "{" in path)


def test_lists_have_pages_and_filters():
    names = {one["name"] for one in described()["paths"]["/api/v1/recordings/"]["get"]["parameters"]}
    assert names == {"cursor", "limit", "project", "subject", "state", "created_from", "created_until"}


def test_nothing_of_the_inside_is_in_it():
    text = WRITTEN.read_text(encoding="utf-8")
    assert "token_hash" not in text
    assert "storage_key" not in text
