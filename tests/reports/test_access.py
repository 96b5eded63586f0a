from uuid import uuid4

import pytest
from django.http import Http404

from accounts.actor import acting
from accounts.enums import Role
from analysis.enums import RunState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.access import access_result, access_shown, has_result
from reports.enums import ReviewOutcome
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory, RunFactory
from tests.support.people import actor
from tests.support.tenants import save


@pytest.fixture
def run(organisation):
    return RunFactory(recording__project__organisation=organisation, state=RunState.DONE)


def test_a_result_comes_with_its_report(organisation, run):
    with tenant(organisation.pk):
        assert access_result(run.pk) == (run, None)
    report = ReportFactory(run=run)
    with tenant(organisation.pk):
        assert access_result(run.pk) == (run, report)


def test_a_run_that_is_not_scored_is_shown_and_has_no_result(organisation, run):
    save(run, state=RunState.ANALYSING)

    with tenant(organisation.pk):
        assert not has_result(access_shown(run.pk))
        with pytest.raises(Http404):
            access_result(run.pk)


def test_another_organisations_run_is_not_there(organisation):
    theirs = RunFactory(state=RunState.DONE)

    with tenant(organisation.pk):
        for attempt in (access_shown, access_result):
            for run_id in (theirs.pk, uuid4()):
                with pytest.raises(Http404):
                    attempt(run_id)


def test_a_result_that_was_retracted_is_shown_to_nobody(organisation, run):
    ReportFactory(run=run)
    save(run, retracted=[2])

    with tenant(organisation.pk):
        for attempt in (access_shown, access_result):
            with pytest.raises(UserError, match="result_retracted"):
                attempt(run.pk)


def test_a_guest_reaches_one_run_and_a_member_every_one(organisation, run):
    other = RunFactory(recording__project__organisation=organisation, state=RunState.DONE)
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=run.pk)
    viewer = MembershipFactory(organisation=organisation, role=Role.VIEWER)

    report = ReportFactory(run=run)
    ReviewFactory(report=report)

    with tenant(organisation.pk), acting(actor(guest)):
        assert access_result(run.pk) == (run, report)
        for attempt in (access_shown, access_result):
            with pytest.raises(Http404):
                attempt(other.pk)
    with tenant(organisation.pk), acting(actor(viewer)):
        assert access_shown(other.pk) == other


@pytest.mark.parametrize("outcome", [None, ReviewOutcome.RETURNED])
def test_a_guest_does_not_reach_a_draft(organisation, run, outcome):
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=run.pk)
    report = ReportFactory(run=run)
    if outcome:
        ReviewFactory(report=report, outcome=outcome)

    with tenant(organisation.pk), acting(actor(guest)):
        for attempt in (access_shown, access_result):
            with pytest.raises(UserError, match="not_signed"):
                attempt(run.pk)


def test_another_draft_is_for_a_guest_as_if_it_were_not_there(organisation, run):
    other = RunFactory(recording__project__organisation=organisation, state=RunState.DONE)
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=run.pk)

    with tenant(organisation.pk), acting(actor(guest)), pytest.raises(Http404):
        access_shown(other.pk)
