import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.models import Run
from echodepth.tenancy import tenant
from reports.domain.samples import flags, free_mail
from reports.models import SampleRequest
from tests.support.sample_work import analysed, received
from tests.support.samples import desk
from tests.support.tenants import save

MEASURED = {"tracks": 1, "scored_seconds": 50.0, "signals": {}, "warnings": []}


def codes(sample):
    with tenant(sample.organisation_id):
        one = SampleRequest.objects.get(pk=sample.pk)
        runs = {run.recording_id: run for run in Run.objects.filter(recording=one.recording_id)}
        return [flag.code for flag in flags.of_all([one], runs)[one.pk]]


@pytest.fixture
def sample(db):
    made = received(company="Prospect Works", email="grace@prospect.example")
    analysed(made, summary=MEASURED, media_facts={"seconds": 60.0})
    return made


def test_a_good_recording_has_none(sample):
    assert codes(sample) == []


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        (MEASURED | {"scored_seconds": 29.0}, "poor_quality"),
        (MEASURED | {"tracks": 2}, "several_people"),
    ],
)
def test_what_the_analysis_found_is_flagged(sample, summary, code):
    with tenant(sample.organisation_id):
        Run.objects.update(summary=summary)

    assert codes(sample) == [code]


@pytest.mark.parametrize("email", ["grace@gmail.com", "grace@GMX.de"])
def test_an_address_that_anybody_can_have_is_flagged(sample, email):
    save(sample, email=email)

    assert codes(sample) == ["free_mail"]


@pytest.mark.parametrize(
    ("company", "email", "is_known"),
    [
        ("PROSPECT WORKS", "other@elsewhere.example", True),
        ("", "ada@Prospect.example", True),
        ("Other", "grace@other.example", False),
        ("Other", "grace@notprospect.example", False),
    ],
)
def test_who_asks_after_a_colleague_is_flagged(sample, company, email, is_known):
    later = received(sample.organisation, company=company, email=email)

    assert ("asked_before" in codes(later)) == is_known
    assert "asked_before" not in codes(sample)


def test_two_of_a_free_mail_service_are_not_of_one_company(db):
    at = desk()
    received(at, company="One", email="one@gmail.com")
    later = received(at, company="Two", email="two@gmail.com")

    assert "asked_before" not in codes(later)


def test_many_take_as_many_queries_as_one(db):
    at = desk()
    for number in range(6):
        received(at, company=f"Company {number}", email=f"a@company-{number}.example")
    with tenant(at.pk):
        samples = list(SampleRequest.objects.all())
        with CaptureQueriesContext(connection) as asked:
            found = flags.of_all(samples, {})
    assert [query["sql"] for query in asked if "samplerequest" not in query["sql"]] == []
    assert len(asked) == 1
    assert len(found) == 6


def test_a_free_mail_service_is_known_by_the_whole_domain():
    assert free_mail.is_free("a@outlook.com")
    assert not free_mail.is_free("a@notoutlook.com")
    assert not free_mail.is_free("outlook.com")
    assert not free_mail.is_free("")
