"""The pages that are there in every language, each in all that it may say."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from accounts.domain.lawful.rules import Outcome
from accounts.domain.lawful.told import told_rule
from accounts.enums import UseState
from accounts.models import User
from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.errors import ModelsMissingError
from echodepth import error_pages
from echodepth.errors import UserError
from echodepth.limits import too_many
from echodepth.request_id import current
from reports import labels
from reports.domain.fairness import Fairness
from reports.domain.measured import ClipAgreement
from reports.domain.model_page import ModelPage
from reports.domain.questions import IntervalsTested, Questions
from reports.domain.samples import asking, links
from reports.enums import SampleState
from reports.models import SampleRequest
from reports.sample_forms import PEOPLE, SampleForm
from reports.views import model
from reports.views.sample_upload import address as address_of
from tests.reports.domain.test_fairness import BARS, FAIRNESS
from tests.reports.domain.test_questions import TESTED
from tests.support.cards import example_card
from tests.support.samples import TOLD, asked, wanted
from tests.support.tenants import every, save

ASKED = TOLD | {"agreed": "on", "responsible": "on"}
OF_THE_SITE = (error_pages.NOT_FOUND, error_pages.TOO_LARGE, error_pages.CSRF, error_pages.TOO_MANY)
"""What can go wrong at these pages, beside what their own code refuses."""


def pages(code: str) -> Iterator[str]:
    """Every page in the language, in every state that has words of its own; wants a desk and a card."""
    for path in ("", "questions/", "sample/", "sample/sent/", "nowhere/"):
        yield text(Client().get(f"/{code}/{path}"))
    yield from _forms(code)
    yield from _sent(code)
    with translation.override(code):
        yield from _answers()
        yield from _evidence()
        yield from _said()
        yield from _problems()


def signed_in(code: str, user: User) -> str:
    client = Client()
    client.force_login(user)
    return text(client.get(f"/{code}/questions/"))


def text(response: Any) -> str:
    told: str = response.content.decode()
    return told


def _forms(code: str) -> Iterator[str]:
    changes: tuple[dict[str, Any], ...] = (
        {
            "name": "",
            "email": "grace",
            "wish": "x" * 2001,
            "setting": "moon",
            "agreed": "",
            "people": ["moon"],
        },
        {"region": "eu", "setting": "education"},
        {"region": "other"},
    )
    for changed in changes:
        yield text(Client().post(f"/{code}/sample/", ASKED | changed))


def _sent(code: str) -> Iterator[str]:
    client, address = Client(), f"/{code}/sample/sent/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "send_mail", _away)
        yield text(client.post(f"/{code}/sample/", ASKED, follow=True))
    (sample,) = every(SampleRequest)
    yield from _files(client, address, sample)
    save(sample, state=SampleState.OPEN, confirmed_at=timezone.now())
    yield text(client.get(address))
    session = client.session
    session["sample"] = "00000000-0000-4000-8000-000000000000"
    session.save()
    yield text(client.get(address))
    mail.outbox.clear()


def _away(*_facts: Any, **_more: Any) -> None:
    raise ConnectionRefusedError


def _files(client: Client, page: str, sample: SampleRequest) -> Iterator[str]:
    """One that is given up, and one that comes in; both without script."""
    told = {"file_name": "pitch.mp4", "size": 9_000_000, "client_key": "one"}
    announced = client.post(address_of("sample-upload-announce", sample), told, "application/json").json()
    yield text(client.post(announced["abort_url"], {"next": page}, follow=True))
    notes = SimpleUploadedFile("notes.txt", b"What we want to learn.")
    sent = {"next": page, "upload": notes}
    yield text(client.post(address_of("sample-upload", sample), sent, follow=True))


def _answers() -> Iterator[str]:
    """The five answers, with each figure there and missing."""
    page = ModelPage.of(example_card())
    full = replace(
        Questions.shipped(page),
        intervals=IntervalsTested.of(TESTED),
        fairness=Fairness.of({"fairness": FAIRNESS, "bars": BARS}),
    )
    clips = tuple(ClipAgreement(f"clip {number}", 0.5) for number in range(2))
    for shown in (
        full,
        replace(full, intervals=None, fairness=None, circumstances=()),
        *(replace(full, measured=replace(full.measured, clips=clips[:count])) for count in range(3)),
    ):
        yield render_to_string("reports/questions.html", {"questions": shown, "request": _request()})


def _evidence() -> Iterator[str]:
    """The home page's answer on cohorts where all, all but one and none of them have evidence."""
    page = ModelPage.of(example_card())
    shipped = Questions.shipped(page)
    for without in (0, 1, shipped.cohorts.cohorts):
        questions = replace(shipped, cohorts=replace(shipped.cohorts, without=without))
        yield render_to_string("site/home/questions.html", {"page": page, "questions": questions})


def _said() -> Iterator[str]:
    """Words that the pages show of what a model's card, the specimen or a prospect happens to name."""
    for table, keys in (
        ("band", labels.BANDS),
        ("circumstance", labels.CIRCUMSTANCES),
        ("signal", labels.SIGNALS),
        ("side", labels.SIDES),
    ):
        yield from (labels.words(table, key) for key in keys)
    yield from map(labels.unit_name, ACTION_UNITS)
    yield from (str(told_rule(rule).reason) for outcome in _outcomes() for rule in _shown(outcome))


def _outcomes() -> Iterator[Outcome]:
    """Of all that can be chosen at the form."""
    form = SampleForm()
    offered = [[key for key, _label in form.fields[name].choices if key] for name in ("region", "setting")]  # type: ignore[attr-defined]
    for region, setting, purpose, person in product(*offered, asking.ROLES, ("", *PEOPLE)):
        people = (person,) if person else ()
        yield asking.judge(wanted(region=region, setting=setting, purpose=purpose, people=people))


def _shown(outcome: Outcome) -> list[Any]:
    if outcome.state == UseState.REFUSED:
        return list(outcome.rules)
    return [rule for rule in outcome.rules if told_rule(rule).confirms]


def _problems() -> Iterator[str]:
    for problem in OF_THE_SITE:
        yield text(error_pages.answer(_request(), problem))
    for refused in (links.no_desk(), too_many(60), too_many(600), _no_model(), _refused_use()):
        yield text(error_pages.refusal(_request(), refused))
    current.set("00000000-0000-4000-8000-000000000000")
    yield text(error_pages.server_error(_request()))
    current.set("")


def _no_model() -> UserError:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "shipped", _missing)
        with pytest.raises(UserError) as refused:
            model.model_page()
    return refused.value


def _refused_use() -> UserError:
    with pytest.raises(UserError) as refused:
        asked(people=("children",))
    return refused.value


def _missing() -> None:
    raise ModelsMissingError


def _request() -> Any:
    request = RequestFactory().get("/", headers={"referer": "http://testserver/before/"})
    request.user = User(email="grace@prospect.example")
    return request
