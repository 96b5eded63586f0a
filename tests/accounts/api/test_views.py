import pytest

from accounts.enums import Scope
from accounts.models import ApiToken, AuditRecord
from echodepth.tenancy import tenant
from tests.support.api import Api, problem, token_for


def trail(organisation):
    with tenant(organisation.pk):
        return list(AuditRecord.objects.exclude(action="token.created").order_by("number"))


def test_what_is_done_with_a_token_stands_in_the_trail_with_it(analyst, organisation):
    response = Api(token_for(analyst)).post("projects", told={"name": "First"})

    (line,) = trail(organisation)
    with tenant(organisation.pk):
        token = ApiToken.objects.get()
    assert (line.action, line.target, line.token) == ("project.created", response.json()["id"], token.pk)
    assert line.request_id == response["X-Request-ID"]
    assert line.actor
    assert line.address


def test_reading_a_list_leaves_a_trace(analyst, organisation):
    Api(token_for(analyst)).get("projects")

    (line,) = trail(organisation)
    assert (line.action, line.facts) == ("list.read", {"list": "projects", "rows": 0})


@pytest.mark.parametrize("scope", [Scope.READ, Scope.DELETE, Scope.AUDIT, Scope.MEMBERS])
def test_a_scope_is_no_other(owner, organisation, scope):
    api = Api(token_for(owner, scope))
    assert problem(api.post("projects", told={"name": "x"})) == (403, "scope_missing")
    if scope != Scope.READ:
        assert problem(api.get("projects")) == (403, "scope_missing")
    assert trail(organisation) == []


def test_the_token_comes_before_the_question_whether_a_method_is_there(owner):
    assert problem(Api("").send("delete", "/api/v1/organisation/")) == (401, "token_missing")
    assert problem(Api(token_for(owner)).send("delete", "/api/v1/organisation/")) == (
        405,
        "method_not_allowed",
    )


def test_a_head_is_a_get_without_its_body(owner):
    response = Api(token_for(owner)).send("head", "/api/v1/organisation/")
    assert (response.status_code, response.content) == (200, b"")
    assert problem_free(response)


def problem_free(response):
    return response["Content-Type"] == "application/json"
