from uuid import uuid4

import pytest
from django.http import Http404
from django_q.models import OrmQ

from accounts.enums import OrganisationState
from accounts.models import AuditParty, AuditRecord
from analysis.domain.work.retries import run_again
from analysis.enums import RunState
from analysis.models import Run
from echodepth.errors import UserError
from tests.factories import OrganisationFactory, RunFactory
from tests.support.staff import platform_person
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return platform_person(email="admin@platform.example")


@pytest.fixture
def failed(organisation):
    run = RunFactory(recording__project__organisation=organisation, state=RunState.FAILED)
    return save(run, error_code="attempts_spent", attempts=3, neutral_start=1.0, neutral_end=2.0)


def test_the_recording_is_analysed_anew_and_the_failed_run_stays(admin, failed):
    new = run_again(admin, failed.organisation_id, failed.pk)

    assert (new.recording_id, new.state, new.attempts, new.neutral) == (
        failed.recording_id,
        RunState.REQUESTED,
        0,
        (1.0, 2.0),
    )
    assert new.requested_by_id is None  # no name of the platform's people on the organisation's pages
    assert fresh(failed).state == RunState.FAILED
    assert OrmQ.objects.count() == 1


def test_the_organisation_reads_who_did_it(admin, failed):
    new = run_again(admin, failed.organisation_id, failed.pk)

    lines = sorted(every(AuditRecord), key=lambda line: line.number)
    assert [line.action for line in lines] == ["run.requested", "run.retried"]
    assert lines[1].target == str(failed.pk)
    assert lines[1].facts == {"error": "attempts_spent", "new_run": str(new.pk)}
    names = {party.pk: party.name for party in every(AuditParty)}
    assert all("admin@platform.example" in names[line.actor] for line in lines)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.ANALYSING, RunState.CANCELLED])
def test_only_what_failed_is_run_again(admin, failed, state):
    save(failed, state=state)

    with pytest.raises(UserError) as refused:
        run_again(admin, failed.organisation_id, failed.pk)

    assert refused.value.code == "run_not_failed"
    assert [run.pk for run in every(Run)] == [failed.pk]


def test_what_somebody_has_begun_again_is_not_begun_twice(admin, failed):
    run_again(admin, failed.organisation_id, failed.pk)

    with pytest.raises(UserError) as refused:
        run_again(admin, failed.organisation_id, failed.pk)

    assert refused.value.code == "run_unfinished"
    assert len(every(Run)) == 2


def test_nothing_is_done_in_a_closed_organisation(admin, failed, organisation):
    save(organisation, state=OrganisationState.CLOSED)

    with pytest.raises(UserError) as refused:
        run_again(admin, failed.organisation_id, failed.pk)

    assert refused.value.code == "organisation_closed"
    assert [run.pk for run in every(Run)] == [failed.pk]


def test_a_run_of_another_organisation_is_not_there(admin, failed):
    elsewhere = OrganisationFactory()

    for organisation_id, run_id in ((elsewhere.pk, failed.pk), (failed.organisation_id, uuid4())):
        with pytest.raises(Http404):
            run_again(admin, organisation_id, run_id)

    assert [run.pk for run in every(Run)] == [failed.pk]
