"""What people wrote and who they are never reaches the log: uploads, runs, failed sign-ins, broken pages."""

import io
import json
import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_q.models import OrmQ

from accounts.enums import Role
from accounts.models import Subject, User
from analysis import tasks
from analysis.domain.work import execute as engine_meets_database
from analysis.models import Recording, Run
from echodepth.logs import ContextFilter, JsonFormatter, LineFormatter
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, OrganisationFactory, ProjectFactory, SubjectFactory
from tests.support import samples
from tests.support.clips import portrait_clip
from tests.support.consents import asked
from tests.support.engines import fake_engine
from tests.support.sign_in import signed_in
from tests.support.tenants import every

SECRETS = {
    "organisation": "Zanzibar Institute",
    "slug": "zanzibar",
    "project": "Grimbold enquiry",
    "person": "Ottoline Quimby",
    "email": "ottoline.quimby@zanzibar.example",
    "subject": "Witness Fenwick",
    "file": "fenwick-statement-3.mp4",
    "title": "Fenwick, third statement",
    "password": "a wrong guess of Ottoline",
}


class Log:
    """All that the product would write, in both formats."""

    def __init__(self):
        self.streams = [io.StringIO(), io.StringIO()]

    @property
    def lines(self):
        return [json.loads(line) for line in self.streams[0].getvalue().splitlines()]

    def found(self):
        """The secrets that are in it, in any spelling of letters."""
        text = "".join(stream.getvalue() for stream in self.streams).lower()
        return [what for what, secret in SECRETS.items() if secret.lower() in text]


@pytest.fixture
def log(settings):
    written = Log()
    handlers = []
    for stream, formatter in zip(written.streams, (JsonFormatter(), LineFormatter()), strict=True):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        handler.addFilter(ContextFilter())
        handlers.append(handler)
    root, before = logging.getLogger(), logging.getLogger().level
    chatty = logging.getLogger("echodepth.metrics")
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    chatty.setLevel(logging.INFO)
    yield written
    chatty.setLevel(logging.NOTSET)
    root.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


@pytest.fixture
def place(db, settings, tmp_path):
    """An organisation of which every word is a secret, with storage of its own, and its analyst."""
    options = {"OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | options}
    organisation = OrganisationFactory(name=SECRETS["organisation"], slug=SECRETS["slug"])
    project = ProjectFactory(organisation=organisation, name=SECRETS["project"])
    SubjectFactory(project=project, label=SECRETS["subject"])
    MembershipFactory(
        organisation=organisation,
        role=Role.ANALYST,
        user__email=SECRETS["email"],
        user__full_name=SECRETS["person"],
    )
    return project


def analyst():
    return signed_in(User.objects.get(email=SECRETS["email"]))


def upload(client, project, content):
    fields = {"project": project.pk, "subject": SECRETS["subject"], "title": SECRETS["title"]}
    file = SimpleUploadedFile(SECRETS["file"], content, "video/mp4")
    return client.post(f"/o/{SECRETS['slug']}/upload/", fields | {"uploads": [file]})


@pytest.fixture
def uploaded(place, tmp_path_factory):
    """A recording with a run whose wake-up is queued."""
    clip = portrait_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", frames=6).read_bytes()
    client = analyst()
    assert upload(client, place, clip).status_code == 302
    (recording,) = every(Recording)
    assert recording.original_name == SECRETS["file"]
    return recording


def test_an_upload_is_logged_by_its_organisation_and_nothing_else(log, uploaded):
    said = [line for line in log.lines if line["message"].startswith("POST analysis:upload 302")]

    assert [line["tenant_id"] for line in said] == [str(uploaded.organisation_id)]
    assert all(line["request_id"] for line in said)
    assert log.found() == []


def test_a_refused_upload_does_not_tell_what_was_sent(log, place):
    answer = upload(analyst(), place, b"no video at all" * 100)

    assert answer.status_code == 400
    assert any("analysis:upload 400" in line["message"] for line in log.lines)
    assert log.found() == []


def breaks(*_args):
    raise RuntimeError(f"could not read the file of {SECRETS['email']}")


@pytest.mark.parametrize("fault", [breaks, OSError(28, "No space left on device")])
def test_a_run_is_logged_by_its_ids_also_when_it_breaks(log, uploaded, monkeypatch, fault):
    def segment(*_args):
        if isinstance(fault, Exception):
            raise fault
        fault()

    plain = engine_meets_database.execute
    monkeypatch.setattr(
        "analysis.tasks.execute.execute", lambda run_id: plain(run_id, fake_engine(segment=segment))
    )
    (run,) = every(Run)

    tasks.analyse_run(*OrmQ.objects.get().task["args"])

    said = [line for line in log.lines if "exception" in line]
    assert {(line["run_id"], line["tenant_id"]) for line in said} == {(str(run.pk), str(run.organisation_id))}
    assert log.found() == []


def test_a_failed_sign_in_names_nobody(log, place, client):
    fields = {"login": SECRETS["email"], "password": SECRETS["password"]}

    answer = client.post(reverse("account_login"), fields)

    assert answer.status_code in {200, 400}
    assert any("POST account_login" in line["message"] for line in log.lines)
    assert log.found() == []


def test_a_page_that_breaks_is_logged_without_its_address(log, uploaded, monkeypatch):
    monkeypatch.setattr("analysis.views.recordings.render", breaks)
    client = analyst()
    client.raise_request_exception = False

    answer = client.get(f"/o/{SECRETS['slug']}/", {"search": SECRETS["title"]})

    assert answer.status_code == 500
    (said,) = [line for line in log.lines if "exception" in line]
    assert said["message"] == "Internal Server Error: /o/<slug:organisation_slug>/"
    assert log.found() == []


def test_a_consent_is_signed_and_the_log_knows_neither_link_nor_name(log, place, client):
    with tenant(place.organisation_id):
        subject = Subject.objects.select_related("organisation").get(label=SECRETS["subject"])
    issued = asked(subject, email=SECRETS["email"])
    address = f"/consent/{issued.secret}/"

    opened = client.get(address)
    signed = client.post(address, {"purposes": ["sales_meeting"], "signer": SECRETS["person"]})
    gone = client.get(f"/consent/{issued.secret}x/")

    assert [opened.status_code, signed.status_code, gone.status_code] == [200, 302, 404]
    assert [line["message"].split()[1] for line in log.lines if " consent " in line["message"]]
    assert log.found() == []
    assert issued.secret not in "".join(stream.getvalue() for stream in log.streams)


def test_a_sample_is_asked_for_and_the_log_knows_neither_link_nor_prospect(log, db, client, mailoutbox):
    samples.desk(name=SECRETS["organisation"])
    told = samples.TOLD | {"agreed": "on", "responsible": "on"}
    told |= {"name": SECRETS["person"], "email": SECRETS["email"], "company": SECRETS["project"]}

    sent = client.post("/sample/", told)
    (secret,) = re.findall(r"/sample/([\w-]{43})/", mailoutbox[0].body)
    address = f"/sample/{secret}/"
    opened = client.get(address)
    confirmed = client.post(f"{address}confirm/")
    gone = client.get(f"{address[:-1]}x/")
    withdrawn = client.post(f"{address}withdraw/")

    answers = [sent, opened, confirmed, gone, withdrawn]
    assert [answer.status_code for answer in answers] == [302, 200, 302, 404, 302]
    assert [line for line in log.lines if "GET sample-visit 200" in line["message"]]
    assert log.found() == []
    assert secret not in "".join(stream.getvalue() for stream in log.streams)


def test_a_secret_in_the_log_would_be_found(log):
    logging.getLogger("echodepth").info("opened %s", SECRETS["title"])

    assert log.found() == ["title"]
