import json

import pytest
from rest_framework.renderers import JSONRenderer

from accounts.models import Project
from echodepth.tenancy import current_tenant, tenant
from tests.support.api import Api, problem, token_for


@pytest.fixture
def api(owner):
    return Api(token_for(owner))


def test_answers_are_json_that_no_cache_keeps(api):
    response = api.get("organisation")
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


def test_an_answer_is_rendered_where_the_organisation_is_in_scope(api, organisation, monkeypatch):
    seen = []
    render = JSONRenderer.render

    def spied(self, *args, **kwargs):
        seen.append(current_tenant())
        return render(self, *args, **kwargs)

    monkeypatch.setattr(JSONRenderer, "render", spied)
    api.get("projects")
    assert seen == [organisation.pk]
    assert current_tenant() is None


def test_the_scope_is_left_when_something_breaks(api, monkeypatch):
    monkeypatch.setattr("accounts.api.projects.create_project", lambda *_args: 1 / 0)
    response = api.post("projects", told={"name": "x"})
    assert problem(response) == (500, "server_error")
    assert "ZeroDivision" not in response.content.decode()
    assert current_tenant() is None


@pytest.mark.parametrize(
    ("body", "kind", "refusal"),
    [
        ("{", "application/json", (400, "malformed")),
        ("[1]", "application/json", (400, "invalid")),
        ('{"name": "\\u0000"}', "application/json", (400, "invalid")),
        ('{"name": "\\ud800"}', "application/json", (400, "invalid")),
        (b"\xff\xfe", "application/json", (400, "malformed")),
        ("name=x", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(api, organisation, body, kind, refusal):
    response = api.send("post", api.address("projects"), body, content_type=kind)
    assert problem(response) == refusal
    with tenant(organisation.pk):
        assert not Project.objects.exists()


def test_another_kind_of_answer_is_not_offered(owner):
    from django.test import Client

    headers = {"Authorization": f"Bearer {token_for(owner)}", "Accept": "text/html"}
    assert problem(Client().get("/api/v1/projects/", headers=headers)) == (406, "not_acceptable")


def test_a_large_body_is_refused_before_it_is_read(api):
    from django.test import Client

    from tests.support.bodies import Unreadable

    response = Client().generic(
        "POST",
        "/api/v1/projects/",
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.token}"},
        CONTENT_LENGTH="10000001",
        **{"wsgi.input": Unreadable()},
    )
    assert problem(response) == (413, "too_large")


def test_an_address_that_is_not_there_is_a_problem_too(client, db):
    assert problem(client.get("/api/v1/nothing/")) == (404, "not_found")
    assert json.loads(client.get("/api/v2/").content)["code"] == "not_found"
