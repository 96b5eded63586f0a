"""Who gets what: every address of the site, asked for by every kind of person, with data that could leak.

The expected answers stand in `tests/support/access_table.py`, one line an address and method. The API's
addresses are in `test_api_access.py`.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.test import override_settings
from django.urls import reverse

from analysis.engine import frame_table
from tests.support.access_calls import BEFORE, CHANGING_NOTHING, FIELDS, OBJECTS
from tests.support.access_table import TABLE
from tests.support.clips import portrait_clip
from tests.support.desk_world import AT_DESK, MARK, Desk
from tests.support.results import example_frames
from tests.support.urls import addresses, missing
from tests.support.world import FRAMES, PEOPLE, World, accounts, client_of, undone

ADDRESSES = {address.name: address for address in addresses()}
CALLS = sorted(TABLE)
MARKS = ("Zanzibar", "Lilliput")
"""What names everything of the two organisations, and stands in no address."""
READ = {"200", "201", "302", "file"}
DONE = {"201", "302"}
FIXED = {"organisation_slug", "organisation_id", "kind", "held", "data_class"}
"""Parts of addresses that name no object of an organisation."""
IDS = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


@pytest.fixture(scope="module")
def files_of_a_run(tmp_path_factory) -> tuple[Path, Path]:
    """A frame table and a recording."""
    folder = tmp_path_factory.mktemp("files")
    frame_table.write_parquet(folder / "frames.parquet", example_frames(FRAMES))
    return folder / "frames.parquet", portrait_clip(folder / "clip.mp4", frames=6)


@pytest.fixture
def worlds(db, files_of_a_run, tmp_path, monkeypatch):
    """The organisation that is asked for, with the sales desk beside it, and another one.

    Nothing outside is asked.
    """
    monkeypatch.setattr("accounts.domain.sso.domains.check_record", lambda _name, _secret: None)
    monkeypatch.setattr("accounts.domain.sso.providers.discover", lambda _issuer: None)
    place = {"location": str(tmp_path), "base_url": None}
    default = project_settings.STORAGES["default"] | {"OPTIONS": place}
    with override_settings(STORAGES=project_settings.STORAGES | {"default": default}):
        here = World("harbour", MARKS[0], *files_of_a_run)
        here.desk = Desk(files_of_a_run[0])
        here.ids |= here.desk.ids
        yield here, World("elsewhere", MARKS[1], *files_of_a_run)


def values(name, world):
    """What stands in the address's parts."""
    return world.ids | {part: world.ids[key] for part, key in OBJECTS.get(name, {}).items()}


def ask(client, call, world, **other):
    """The answer, read to its end; its `body` is all of it."""
    name, method = call
    path = ADDRESSES[name].path(values(name, world) | other)
    fields = FIELDS[call](world) if call in FIELDS else {}
    response = getattr(client, method.lower())(path, fields if method == "POST" else {})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.body = body.decode(errors="replace")
    return response


def outcome(response):
    """`login` and `again` for who must sign in (again) first, `file` for a link to one, else the status."""
    address = response.headers.get("Location", "")
    if address.startswith(reverse("account_login")):
        return "login"
    if address.startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate"))):
        return "again"
    return "file" if address.startswith("/files/") else str(response.status_code)


def rows(worlds):
    return [accounts(), worlds[0].desk.everything(), *(world.everything() for world in worlds)]


def asked_by(person, call, worlds):
    """The answer to this kind of person, and whether anything changed; all of it is undone.

    What GET changes is looked at for the owner alone, to whom most is shown: it takes its time.
    """
    with undone():
        BEFORE.get(call, lambda _world: None)(worlds[0])
        client = PEOPLE[person](*worlds)
        watched = call[1] != "GET" or person == "owner"
        start = rows(worlds) if watched else None
        response = ask(client, call, worlds[0])
        return response, watched and start != rows(worlds)


LIST = ("platform", "GET")
"""Which names every organisation to platform staff."""
BY_LINK = {(name, method) for name, method in CALLS if "sample_token" in OBJECTS.get(name, {}).values()}
"""Calls of who holds a prospect's link, to whom their own request is shown."""

INLINE = re.compile(
    r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")|<style\b|\sstyle\s*=|\son[a-z]+\s*="
    r"|=\s*[\"']?javascript:",
    re.IGNORECASE,
)


def policy_of(headers):
    """What binds the browser; a PDF's viewer is a page of the browser's own, which is styled inline."""
    policy = headers["Content-Security-Policy"]
    if headers.get("Content-Type") == "application/pdf" and policy.startswith("default-src 'none';"):
        return policy.replace("style-src 'unsafe-inline'", "")
    return policy


def check_answer(response, person, call):
    """Of what the browser gets: bound by the headers, nothing inline, nothing of another organisation's."""
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "'unsafe" not in policy_of(headers)
    if headers.get("Content-Type", "").startswith("text/html"):
        tags = re.findall(r"<[a-z][^>]*>", response.body)
        assert [tag for tag in tags if INLINE.search(tag)] == []
    if person != "stranger" and call != LIST:
        assert MARKS[1] not in response.body
    if outcome(response) not in READ:
        assert MARKS[0] not in response.body
        assert MARK not in response.body
    elif person not in AT_DESK and call not in {*BY_LINK, LIST}:
        assert MARK not in response.body


def test_the_table_names_every_address_and_nothing_else():
    assert {name for name, _method in TABLE} == set(ADDRESSES)
    assert CHANGING_NOTHING | set(FIELDS) | set(BEFORE) <= set(TABLE)
    assert set(OBJECTS) <= set(ADDRESSES)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_everybody_gets_what_the_table_says(call, worlds):
    got, changed = {}, set()
    for person in PEOPLE:
        response, has_changed = asked_by(person, call, worlds)
        got[person] = outcome(response)
        changed |= {person} if has_changed else set()
        check_answer(response, person, call)

    assert got == TABLE[call]
    may_change = call[1] == "POST" and call not in CHANGING_NOTHING
    assert changed == {person for person in PEOPLE if may_change and got[person] in DONE}


def test_other_methods_do_nothing(worlds):
    """By the owner, who may do most: what is not in the table is refused, or only shows what GET shows."""
    others = [(name, method) for name in ADDRESSES for method in ("GET", "POST", "PUT")]
    for call in others:
        if call not in TABLE:
            response, changed = asked_by("owner", call, worlds)
            assert not changed, call
            assert response.status_code in {404, 405} or call[1] != "GET", call


def test_what_another_site_sends_is_refused(worlds):
    """Every form needs its token; by whom it would be done otherwise."""
    start = rows(worlds)
    for call in (call for call in CALLS if call[1] == "POST"):
        done_by = [person for person in PEOPLE if TABLE[call][person] in DONE]
        with undone():
            BEFORE.get(call, lambda _world: None)(worlds[0])
            client = PEOPLE[done_by[0] if done_by else "owner"](*worlds)
            client.handler.enforce_csrf_checks = True
            response = ask(client, call, worlds[0])
        assert response.status_code == 403, call
        assert "This page is out of date" in response.body, call
    assert rows(worlds) == start


OWN = [
    call
    for call in CALLS
    if "organisation_slug" in ADDRESSES[call[0]].parts and set(ADDRESSES[call[0]].parts) - FIXED
]


LEADING_BACK = {("sso-domain-check", "GET"), ("sso-domain-remove", "GET"), ("sso-unlink", "GET")}
"""To the page with the button, whatever the id: a form that was sent again after a proof of identity."""


@pytest.mark.parametrize("call", OWN, ids=" ".join)
def test_another_organisations_object_reads_like_a_missing_one(call, worlds):
    """Asked for by an owner under the own organisation's address, each part of it alone and all together."""
    here, there = worlds
    parts = [part for part in ADDRESSES[call[0]].parts if part not in FIXED]
    foreign = values(call[0], here)
    start = rows(worlds)
    for chosen in [*([part] for part in parts), parts]:
        answers = []
        for source in (foreign, {part: missing(value) for part, value in foreign.items()}):
            with undone():
                client = client_of(there.people["owner"])
                answers.append(ask(client, call, there, **{part: source[part] for part in chosen}))
        wanted = "302" if call in LEADING_BACK else "404"
        assert [outcome(answer) for answer in answers] == [wanted, wanted], chosen
        assert answers[0].headers.get("Location") == answers[1].headers.get("Location")
        assert plain(answers[0]) == plain(answers[1])
        assert MARKS[0] not in answers[0].body
    assert rows(worlds) == start


def plain(response):
    """The text without what differs from one request to the next."""
    text = IDS.sub("", response.body)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("name", ["reports:result", "reports:download"])
def test_a_guest_reads_one_result_and_no_other(name, worlds):
    here, _there = worlds
    guest, own = client_of(here.people["guest"]), here.ids | {"kind": "pdf"}
    another = ask(guest, (name, "GET"), here, kind="pdf", run_id=here.ids["other_run"])
    nothing = ask(guest, (name, "GET"), here, kind="pdf", run_id=missing(own["run_id"]))

    assert outcome(ask(guest, (name, "GET"), here, kind="pdf")) in {"200", "file"}
    assert (another.status_code, nothing.status_code) == (404, 404)
    assert plain(another) == plain(nothing)


ORDINARY = (
    "analysis:recordings",
    "analysis:recording-neutral",
    "analysis:project",
    "reports:result",
    "reports:review",
)
"""Pages of any organisation that the sales desk uses in its own."""


@pytest.mark.parametrize("name", ORDINARY)
def test_sales_reads_its_own_organisations_pages_and_no_tenants(name, worlds):
    here, _there = worlds
    sales, own = PEOPLE["sales"](*worlds), here.desk.own
    parts = [part for part in ADDRESSES[name].parts if part != "organisation_slug"]

    found = ask(sales, (name, "GET"), here, **own)
    answers = [
        ask(sales, (name, "GET"), here, **own | {part: source(here.ids[part]) for part in parts})
        for source in (lambda value: value, missing)
    ]

    assert found.status_code == 200
    assert MARK in found.body
    assert MARKS[0] not in found.body
    if parts:
        assert [answer.status_code for answer in answers] == [404, 404]
        assert plain(answers[0]) == plain(answers[1])
    assert ask(sales, (name, "GET"), here).status_code == 404


NAMING = {
    ("analysis:recordings", "GET"): {"project": "project_id"},
    ("analysis:progress", "GET"): {"run": "run_id"},
    ("analysis:upload", "GET"): {"project": "project_id"},
    ("analysis:upload", "POST"): {"project": "project_id"},
    ("analysis:upload-announce", "POST"): {"project": "project_id"},
    ("analysis:run-people", "POST"): {"subject_1": "subject_id"},
}
"""Calls that name an object beside the address: field -> key in `World.ids`."""


@pytest.mark.parametrize("call", sorted(NAMING), ids=" ".join)
def test_another_organisations_object_beside_the_address_is_nothing_either(call, worlds):
    here, there = worlds
    start, answers = rows(worlds), []
    for named in (here.ids, {key: missing(value) for key, value in here.ids.items()}):
        with undone():
            client = client_of(there.people["owner"])
            fields = FIELDS[call](there) if call in FIELDS else {}
            fields |= {field: named[key] for field, key in NAMING[call].items()}
            path = ADDRESSES[call[0]].path(there.ids)
            response = getattr(client, call[1].lower())(path, fields)
            response.body = response.content.decode()
            answers.append(response)
            assert rows(worlds) == start
    assert answers[0].status_code == answers[1].status_code
    assert plain(answers[0]) == plain(answers[1])
    assert MARKS[0] not in answers[0].body


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p style="x">',
        '<p onclick="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_what_is_inline_is_found(bad):
    assert INLINE.search(re.findall(r"<[a-z][^>]*>", bad)[0])
