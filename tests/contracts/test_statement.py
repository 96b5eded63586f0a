"""Wherever numbers of a result leave the product, it says that no decision may rest on them alone.

The ways out are not listed but walked: every page, every operation of the API, every kind of file, every
format of the command line. A new one that names a signal without the statement fails here.
"""

import html
import io
import json

import pyarrow.parquet
import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from pypdf import PdfReader

from accounts.domain.offboarding import exports as offboarding
from accounts.domain.rights import readable
from accounts.enums import Role
from analysis.engine import frame_table
from analysis.engine.result import to_json
from analysis.engine.statement import STATEMENT
from echodepth.tenancy import tenant
from reports.api.results import REVIEW_HEADER, STATEMENT_HEADER
from reports.domain import local
from reports.domain.compose import compose
from reports.domain.exports import KINDS, stored_file
from reports.domain.report_data import RecordingFacts
from reports.pdf.render import render_pdf
from tests.contracts.test_api_access import TABLE as API_TABLE
from tests.contracts.test_api_access import send, told_in
from tests.factories import MembershipFactory, ReviewFactory
from tests.support.access_calls import OBJECTS
from tests.support.access_table import TABLE
from tests.support.api import EVERY_SCOPE, token_for
from tests.support.api_rows import rows
from tests.support.clips import portrait_clip
from tests.support.results import example_blocks, example_frames, example_result
from tests.support.urls import addresses
from tests.support.world import World, client_of

FRAMES = 60
SIGNALS = ("Trust Score", "Credibility Signal", "Resistance Indicator")
NUMBERS = {"GET summary", "GET events", "GET signals", "GET frames", "GET file", "GET report", "GET reports"}
"""Operations of the API that give numbers of a result, or lead to them."""


@pytest.fixture
def storage(tmp_path):
    place = {"location": str(tmp_path / "storage"), "base_url": None}
    default = project_settings.STORAGES["default"] | {"OPTIONS": place}
    with override_settings(STORAGES=project_settings.STORAGES | {"default": default}):
        yield


@pytest.fixture
def world(db, storage, tmp_path):
    frame_table.write_parquet(tmp_path / "frames.parquet", example_frames(FRAMES))
    clip = portrait_clip(tmp_path / "clip.mp4", frames=6)
    return World("harbour", "Zanzibar", tmp_path / "frames.parquet", clip)


@pytest.fixture
def result(db, storage, organisation):
    """A scored run's ids, and who may ask for it; nobody has signed."""
    membership = MembershipFactory(organisation=organisation, role=Role.OWNER)
    with tenant(organisation.pk):
        return membership, rows(membership)


def test_every_page_that_names_a_signal_has_the_statement(world):
    """Of what an owner and a guest read in the organisation; pages for everybody hold nobody's numbers."""
    clients = [client_of(world.people[role]) for role in (Role.OWNER, Role.GUEST)]
    named = set()
    for address in addresses():
        if (address.name, "GET") not in TABLE or not address.route.startswith("o/"):
            continue
        path = address.path(world.ids | {k: world.ids[v] for k, v in OBJECTS.get(address.name, {}).items()})
        for client in clients:
            answer = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = " ".join(html.unescape(body.decode(errors="replace")).split())
            if any(signal in text for signal in SIGNALS):
                named.add(address.name)
                assert STATEMENT in text, address.name

    assert {"reports:result", "analysis:recordings", "analysis:project"} <= named


def test_what_keeps_the_list_moving_has_it_too(world):
    path = reverse("analysis:progress", args=[world.organisation.slug])
    answer = client_of(world.people[Role.OWNER]).get(path, {"run": world.run.pk})

    assert answer.json()["runs"][0]["row"]
    assert answer.json()["statement"] == STATEMENT


def operations():
    return sorted(name for name in API_TABLE if name.startswith("GET "))


def test_every_answer_of_the_api_with_numbers_has_the_statement_and_says_that_it_is_a_draft(result):
    membership, ids = result
    token = token_for(membership, *EVERY_SCOPE)
    given = set()
    for operation in operations():
        answer = send(operation, token, ids)
        text = told_in(answer).decode()
        assert answer.status_code == 200, operation
        names_one = any(f'"{key}"' in text for key in ("trust", "credibility", "resistance", "AU12", "peak"))
        if not names_one and operation not in NUMBERS:
            continue
        given.add(operation)
        if STATEMENT_HEADER in answer.headers:
            assert (answer[STATEMENT_HEADER], answer[REVIEW_HEADER]) == (STATEMENT, "draft")
            continue
        told = answer.json()
        told = told["results"][0] if operation == "GET reports" else told
        assert told["statement"] == STATEMENT, operation
        assert "draft" in (told.get("review_state"), told.get("review", {}).get("state")), operation
    assert given == NUMBERS


def content(file):
    with file.make() if file.make else default_storage.open(file.key) as handle:
        return handle.read()


def parquet_says(content):
    return pyarrow.parquet.read_schema(io.BytesIO(content)).metadata[b"statement"].decode() == STATEMENT


def csv_says(content):
    head, *lines = content.decode().splitlines()
    return head.endswith(",review,statement") and all(line.endswith(f"draft,{STATEMENT}") for line in lines)


def pdf_says(content):
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    return all(STATEMENT in page and "Draft \N{EN DASH} not reviewed" in page for page in pages)


SAYS = {
    "csv": csv_says,
    "json": lambda content: json.loads(content)["statement"] == STATEMENT,
    "parquet": parquet_says,
    "pdf": pdf_says,
}


def test_every_file_of_a_result_has_the_statement_and_its_name_says_draft(result):
    membership, ids = result
    with tenant(membership.organisation_id):
        from analysis.models import Run

        run = Run.objects.get(pk=ids["run_id"])
        files = {kind: stored_file(run, run.report, kind) for kind in KINDS}
        held = {kind: SAYS[kind](content(file)) for kind, file in files.items() if kind != "pdf"}
        assert json.loads(content(files["json"]))["review"]["state"] == "draft"

    assert all(held.values()), held
    assert all("-draft-" in file.name for file in files.values())
    with tenant(membership.organisation_id):
        ReviewFactory(report=run.report)
        signed = {kind: stored_file(run, run.report, kind) for kind in KINDS}
        assert json.loads(content(signed["json"]))["review"]["state"] == "signed"
        assert b"draft," not in content(signed["csv"])
    assert not any("draft" in file.name for file in signed.values())


def test_every_page_of_a_report_has_the_statement(tmp_path):
    facts = RecordingFacts(title="Interview", original_name="interview.mp4")
    render_pdf(compose(example_result(FRAMES), facts), example_blocks(FRAMES), tmp_path / "report.pdf")

    assert pdf_says((tmp_path / "report.pdf").read_bytes())


def test_every_format_of_the_command_line_has_the_statement(tmp_path, monkeypatch):
    """What the engine finds is made by hand; how it is written is the command's own."""

    def analysed(_file, folder, *_more):
        frame_table.write_parquet(folder / "frames.parquet", example_frames(FRAMES))
        return example_result(FRAMES)

    monkeypatch.setattr(local, "analyse", analysed)
    monkeypatch.setattr(local, "load_models", lambda _folder: None)
    (tmp_path / "a.mp4").write_bytes(b"video")

    call_command("analyze", str(tmp_path / "a.mp4"), output=tmp_path / "out")

    held = {kind: SAYS[kind]((tmp_path / "out" / name).read_bytes()) for kind, name in local.FILES.items()}
    assert held == dict.fromkeys(SAYS, True)


def test_copies_of_everything_say_it_at_their_beginning(world):
    with tenant(world.pk):
        readme = readable.readme(world.subject)

    assert "No decision about a person may rest on them alone." in offboarding.README.replace("\n", " ")
    assert STATEMENT in readme


def test_a_stored_result_says_it_without_being_asked():
    assert json.loads(to_json(example_result(FRAMES)))["statement"] == STATEMENT
