"""Every operation of the API, tried by everybody: what a token may do, and that nobody reaches over the wall.

The operations are read from the addresses; the table below says what each needs, and fails when one is
missing.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.enums import Role, Scope
from accounts.models import AuditRecord
from analysis.models import Recording, Upload
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory
from tests.support.api import EVERY_SCOPE, Api, problem, token_for
from tests.support.api_rows import rows

ADMINS = frozenset({Role.OWNER, Role.ADMIN})
ANALYSTS = ADMINS | {Role.ANALYST}
READERS = ANALYSTS | {Role.REVIEWER}
"""Viewers and guests have no tokens; theirs from better times open nothing."""
VIDEO = b"abc"


@dataclass(frozen=True)
class Told:
    """What an operation needs, and what it answers to those who have it."""

    scope: Scope
    roles: frozenset[Role]
    status: int = 200
    body: Any = None
    """What is sent; a callable is given the ids."""
    raw: bytes | None = None
    lists: bool = False
    """Of the whole organisation: there is no id that another tenant could ask for."""


READ = Told(Scope.READ, READERS)
LIST = Told(Scope.READ, READERS, lists=True)
WRITE = (Scope.WRITE, ANALYSTS)

TABLE = {
    "GET organisation": LIST,
    "GET members": Told(Scope.MEMBERS, ADMINS, lists=True),
    "GET audit": Told(Scope.AUDIT, ADMINS, lists=True),
    "GET projects": LIST,
    "POST projects": Told(*WRITE, 201, {"name": "New"}, lists=True),
    "GET project": READ,
    "PATCH project": Told(*WRITE, 200, {"name": "Renamed"}),
    "GET uses": READ,
    "POST uses": Told(*WRITE, 201, {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu"}),
    "GET subjects": READ,
    "POST subjects": Told(*WRITE, 201, {"label": "P-015"}),
    "GET subject": READ,
    "PATCH subject": Told(*WRITE, 200, {"label": "P-016"}),
    "GET texts": Told(Scope.READ, ANALYSTS, lists=True),
    "GET consents": Told(Scope.READ, ANALYSTS),
    "POST consents": Told(
        *WRITE,
        201,
        lambda ids: {
            "text": ids["text_id"],
            "purposes": ["sales_meeting"],
            "until": f"{timezone.localdate()}",
        },
    ),
    "POST consent-withdraw": Told(*WRITE, 200),
    "GET notices": Told(Scope.READ, ANALYSTS),
    "POST notices": Told(
        *WRITE,
        201,
        lambda ids: {"text": ids["notice_text"], "way": "spoken", "shown_at": "2026-05-04T10:00:00Z"},
    ),
    "PUT subject-cohort": Told(*WRITE, 200, {"cohort": ""}),
    "GET recordings": LIST,
    "GET recording": READ,
    "PATCH recording": Told(*WRITE, 200, {"subject": "P-017"}),
    "DELETE recording": Told(Scope.DELETE, ANALYSTS, 204),
    "GET recording-runs": READ,
    "POST recording-runs": Told(*WRITE, 201, {}),
    "GET run": READ,
    "POST run-cancel": Told(*WRITE, 200),
    "GET run-people": READ,
    "PUT run-people": Told(*WRITE, 200, {"people": [{"track": 1, "role": "customer"}]}),
    "GET summary": READ,
    "GET events": READ,
    "GET signals": READ,
    "GET frames": READ,
    "GET file": READ,
    "GET report": READ,
    "GET reports": LIST,
    "POST uploads": Told(
        *WRITE, 201, lambda ids: {"project": ids["project_id"], "file_name": "b.mp4", "size": 3}, lists=True
    ),
    "GET upload": Told(*WRITE),
    "DELETE upload": Told(*WRITE, 204),
    "GET upload-parts": Told(*WRITE),
    "POST upload-parts": Told(*WRITE, 200, {"numbers": [1]}),
    "PUT upload-content": Told(*WRITE, 204, raw=VIDEO),
    "POST upload-finish": Told(*WRITE, 409),
}
OPEN = {"schema"}
"""Addresses for everybody."""


def views():
    """{name: (view class, names of the address's parts)} of every address under /api/."""
    found = {}
    for name, entries in get_resolver().namespace_dict["api"][1].reverse_dict.lists():
        if isinstance(name, str):
            for possibilities, _pattern, _defaults, _converters in entries:
                found[name] = possibilities[0][1]
    return found


def view_class(name, ids):
    from django.urls import resolve

    return getattr(resolve(reverse(f"api:{name}", kwargs=ids)).func, "cls", None)


ADDRESSES = views()
NOWHERE = {part: str(uuid4()) for parts in ADDRESSES.values() for part in parts} | {
    "kind": "pdf",
    "text_id": str(uuid4()),
    "notice_text": str(uuid4()),
}


def send(operation, token, ids):
    method, name = operation.split()
    told = TABLE[operation]
    address = reverse(f"api:{name}", kwargs={part: ids[part] for part in ADDRESSES[name]})
    body = told.body(ids) if callable(told.body) else told.body
    api = Api(token)
    if method in {"GET", "DELETE"}:
        return api.send(method.lower(), address)
    if told.raw is not None:
        return api.send(method.lower(), address, told.raw, content_type="application/octet-stream")
    text = "" if body is None else json.dumps(body)
    return api.send(method.lower(), address, text, content_type="application/json")


def told_in(response):
    """The answer's bytes, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def without_request(response):
    told = response.json()
    told.pop("request_id")
    return told


def every_scope(membership):
    """A token from when the member was owner."""
    role, guest_of = membership.role, membership.guest_of
    membership.role, membership.guest_of = Role.OWNER, None
    with tenant(membership.organisation_id):
        token = token_for(membership, *EVERY_SCOPE)
    membership.role, membership.guest_of = role, guest_of
    return token


def test_every_operation_is_in_the_table():
    ids = NOWHERE
    operations = {
        f"{method} {name}"
        for name, parts in ADDRESSES.items()
        if name not in OPEN
        for method in view_class(name, {part: ids[part] for part in parts}).needs
    }

    assert operations == set(TABLE)
    assert all(
        getattr(view_class(name, {part: ids[part] for part in ADDRESSES[name]}), method.lower(), None)
        for method, name in map(str.split, TABLE)
    )


@pytest.fixture
def storage(settings, tmp_path):
    location = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": {**settings.STORAGES["default"], "OPTIONS": location}}
    settings.API_REQUESTS_A_MINUTE = 10_000


@pytest.fixture
def ids(storage, owner):
    made = rows(owner)
    with tenant(owner.organisation_id):  # who is in it can be said once
        Recording.objects.update(subject=None)
    return made


@pytest.mark.parametrize("operation", TABLE)
def test_nobody_comes_in_without_a_token_that_is_good_for_it(operation, ids, owner, owner_client):
    told = TABLE[operation]
    others = [scope for scope in Scope if scope != told.scope]

    for token, code in (("", "token_missing"), ("edt_mistyped", "token_invalid")):
        response = send(operation, token, ids)
        assert problem(response) == (401, code)
        assert response["WWW-Authenticate"] == "Bearer"
    assert problem(send(operation, token_for(owner, *others), ids)) == (403, "scope_missing")
    method, name = operation.split()
    address = reverse(f"api:{name}", kwargs={part: ids[part] for part in ADDRESSES[name]})
    signed_in = getattr(owner_client, method.lower())(address)
    assert problem(signed_in) == (401, "token_missing")
    with tenant(owner.organisation_id):
        assert Recording.objects.count() == Upload.objects.count() == 1
        assert not AuditRecord.objects.exclude(action="token.created").exists()


@pytest.mark.parametrize("operation", [name for name, told in TABLE.items() if not told.lists])
def test_what_is_another_tenants_reads_like_what_is_not_there(operation, ids, owner, outsider):
    token = token_for(outsider, *EVERY_SCOPE)

    theirs, missing = send(operation, token, ids), send(operation, token, NOWHERE)

    assert problem(theirs) == problem(missing) == (404, "not_found")
    assert without_request(theirs) == without_request(missing)
    with tenant(owner.organisation_id):
        assert Recording.objects.count() == Upload.objects.count() == 1
    mine = send(operation, token_for(owner, *EVERY_SCOPE), ids)
    assert (mine.status_code, bool(told_in(mine))) == (TABLE[operation].status, mine.status_code != 204)


@pytest.mark.parametrize("operation", [name for name in TABLE if TABLE[name].lists and "GET" in name])
def test_lists_show_nothing_of_another_tenant(operation, ids, owner, outsider):
    shown = told_in(send(operation, token_for(outsider, *EVERY_SCOPE), ids)).decode()
    mine = told_in(send(operation, token_for(owner, *EVERY_SCOPE), ids)).decode()

    secrets = [*ids.values(), str(owner.organisation_id), owner.user.email, "Autumn", "P-014", "Interview"]
    secrets.remove("pdf")
    assert [text for text in secrets if text in shown] == []
    assert any(text in mine for text in secrets) or operation == "GET audit"


def test_an_upload_cannot_be_announced_into_another_tenants_project(ids, owner, outsider):
    operation = "POST uploads"
    token = token_for(outsider, *EVERY_SCOPE)
    theirs, missing = send(operation, token, ids), send(operation, token, NOWHERE)

    assert problem(theirs) == problem(missing) == (400, "invalid")
    assert theirs.json()["errors"]["project"][0].replace(ids["project_id"], "") == (
        missing.json()["errors"]["project"][0].replace(NOWHERE["project_id"], "")
    )
    with tenant(outsider.organisation_id):
        assert not Upload.objects.exists()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", TABLE)
def test_a_token_does_what_its_owners_role_allows_now(operation, role, ids, organisation):
    told = TABLE[operation]
    run = ids["run_id"]
    guest_of = run if role == Role.GUEST else None
    member = MembershipFactory(organisation=organisation, role=role, guest_of=guest_of)

    response = send(operation, every_scope(member), ids)

    if role in told.roles:
        assert (response.status_code, told_in(response)[:0]) == (told.status, b"")
    else:
        assert problem(response) == (403, "forbidden")
        with tenant(organisation.pk):
            assert Recording.objects.count() == Upload.objects.count() == 1


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name not in OPEN])
def test_no_other_method_does_anything(name, ids, owner):
    address = reverse(f"api:{name}", kwargs={part: ids[part] for part in ADDRESSES[name]})
    allowed = {operation.split()[0] for operation in TABLE if operation.split()[1] == name}
    api = Api(token_for(owner, *EVERY_SCOPE))

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - allowed:
        response = _generic(api, method, address)
        assert problem(response) == (405, "method_not_allowed")
        assert {one.strip() for one in response["Allow"].split(",")} - {"HEAD"} == allowed


def _generic(api, method, address):
    headers = {"Authorization": f"Bearer {api.token}"}
    return Client(raise_request_exception=False).generic(method, address, headers=headers)


def test_the_schema_is_for_everybody(client, db):
    response = client.get(reverse("api:schema"))

    assert response.status_code == 200
    assert response.content.startswith(b"openapi: 3.0.3")


def test_members_of_two_organisations_have_a_token_for_each(ids, owner, outsider):
    """A token is of one membership: it never follows the person into another organisation."""
    elsewhere = MembershipFactory(organisation=outsider.organisation, user=owner.user, role=Role.OWNER)

    there = Api(token_for(elsewhere)).get("organisation").json()
    here = Api(token_for(owner)).get("organisation").json()

    assert there["id"] == str(outsider.organisation_id)
    assert here["id"] == str(owner.organisation_id)
    assert problem(Api(token_for(elsewhere)).get("run", ids["run_id"])) == (404, "not_found")
