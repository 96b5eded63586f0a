"""The API tried by schemathesis: what the schema allows, and what it does not.

A client of the product may send anything: none of it may break the server (500), and no answer may be one
that the schema does not describe. Bounded: few examples an operation, the same ones each time.
"""

from itertools import count

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import ApiToken
from echodepth.tenancy import tenant
from echodepth.wsgi import application
from tests.support.api import token_for
from tests.support.api_rows import rows

EXAMPLES = 8
"""Of either kind an operation."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
OPERATIONS = {found.label: found for found in (one.ok() for one in SCHEMA.get_all_operations())}
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _one_connection():
    """The test's transaction stays open over the requests made in it, as under Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def there(_one_connection, owner, settings, tmp_path):
    """A tenant in which every address of the schema leads somewhere."""
    settings.API_REQUESTS_A_MINUTE = 100_000
    location = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": {**settings.STORAGES["default"], "OPTIONS": location}}
    return rows(owner)


def statuses(operation, mode, token, ids, examples=EXAMPLES, random_ids=True):
    """What the server answered, example by example; fails where a check does.

    Three of four examples are about something that is there.
    """
    seen, turn = [], count()

    @settings(BOUNDED, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case):
        if case.path_parameters and (next(turn) % 4 or not random_ids):
            case.path_parameters |= {name: ids[name] for name in case.path_parameters}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        response = case.call()
        seen.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    tried()
    return seen


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_within_the_schema(label, mode, there, owner):
    seen = statuses(OPERATIONS[label], mode, token_for(owner), there)

    assert len(seen) >= 1
    assert 401 not in seen


@pytest.mark.parametrize("label", OPERATIONS)
def test_without_a_token_that_opens_nothing_is_told(label, there, owner):
    token = token_for(owner)
    with tenant(owner.organisation_id):
        ApiToken.objects.update(expires_at=timezone.now())

    for useless in ("edt_wrong", token):
        seen = statuses(OPERATIONS[label], GenerationMode.POSITIVE, useless, there, 2, random_ids=False)
        assert set(seen) == {401}


def test_the_examples_reach_what_is_there(there, owner):
    """Else the tests above would look at nothing but 404."""
    get, write = "GET /api/v1/runs/{run_id}/summary/", "POST /api/v1/projects/"

    assert 200 in statuses(OPERATIONS[get], GenerationMode.POSITIVE, token_for(owner), there)
    assert 201 in statuses(OPERATIONS[write], GenerationMode.POSITIVE, token_for(owner), there)
    assert 400 in statuses(OPERATIONS[write], GenerationMode.NEGATIVE, token_for(owner), there)
