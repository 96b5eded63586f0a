from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.domain import tenants
from accounts.enums import ErasureReason, ErasureState, OrganisationState, Role
from accounts.models import Erasure, Invitation, Organisation, Project
from analysis.models import Recording
from analysis.signals import swept
from echodepth.tenancy import tenant
from reports.domain.samples import unaccepted
from reports.enums import SampleState
from tests.factories import InvitationFactory, MembershipFactory, OrganisationFactory, RecordingFactory
from tests.support.erasing import erase_all
from tests.support.sample_work import received
from tests.support.tenants import every, fresh, save

LONG_AGO = timedelta(days=30, minutes=1)


@pytest.fixture
def became(db):
    """What a prospect became a month ago, with the recording in it; nobody accepted."""
    made = OrganisationFactory(name="Prospect Works")
    RecordingFactory(project__organisation=made, title="Face of Grace")
    InvitationFactory(organisation=made, role=Role.OWNER, expires_at=timezone.now() - timedelta(days=23))
    ago = timezone.now() - LONG_AGO
    save(made, created_at=ago)
    received(state=SampleState.CONVERTED, became=made.pk, ended_at=ago)
    return made


def swept_once() -> int:
    cache.delete(unaccepted.LOOKED)
    return unaccepted.sweep()


def test_what_nobody_accepted_is_erased_whole_after_a_month(became):
    assert swept_once() == 1

    (erasure,) = every(Erasure)
    assert (erasure.kind, erasure.object_id) == ("organisation", became.pk)
    assert (erasure.reason, erasure.organisation_id) == (ErasureReason.POLICY, became.pk)
    assert fresh(became).state == OrganisationState.SUSPENDED
    with tenant(became.pk):
        erase_all()
        assert not Recording.objects.exists()
        assert not Project.objects.exists()
        assert Erasure.objects.get().state == ErasureState.DONE
    assert fresh(became).erased_at
    assert fresh(became).name != "Prospect Works"
    assert len(every(Recording)) == 1  # the desk's own, which goes on its own day
    assert swept_once() == 0
    assert len(every(Erasure)) == 1


def test_it_is_asked_for_once(became):
    assert (swept_once(), swept_once()) == (1, 0)
    assert len(every(Erasure)) == 1


@pytest.mark.parametrize("why", ["young", "owned", "was owned", "invited again"])
def test_what_is_young_or_was_accepted_or_may_be_stays(became, why):
    if why == "young":
        save(became, created_at=timezone.now() - timedelta(days=29))
    elif why == "owned":
        MembershipFactory(organisation=became, role=Role.OWNER)
    else:
        with tenant(became.pk):
            now = timezone.now()
            changes = {"accepted_at": now} if why == "was owned" else {"expires_at": now + timedelta(days=7)}
            Invitation.objects.update(**changes)

    assert swept_once() == 0
    assert every(Erasure) == []
    assert fresh(became).state == OrganisationState.ACTIVE


def test_an_organisation_that_was_no_sample_is_left_alone(became):
    other = OrganisationFactory(name="Other")
    save(other, created_at=timezone.now() - LONG_AGO)

    assert swept_once() == 1
    assert fresh(other).state == OrganisationState.ACTIVE


def test_what_fails_with_one_keeps_no_other_from_its_end(became, monkeypatch):
    second = OrganisationFactory()
    save(second, created_at=timezone.now() - LONG_AGO)
    (desk,) = [one for one in every(Organisation) if one.is_desk]
    facts = {"state": SampleState.CONVERTED, "ended_at": timezone.now() - LONG_AGO}
    received(at=desk, became=second.pk, **facts)
    real = tenants.has_owner

    def broken(organisation):
        if organisation.pk == became.pk:
            raise ValueError("broken")
        return real(organisation)

    monkeypatch.setattr(unaccepted, "has_owner", broken)

    assert swept_once() == 1
    assert fresh(second).state == OrganisationState.SUSPENDED
    assert fresh(became).state == OrganisationState.ACTIVE


def test_the_sweep_looks_now_and_then(became):
    cache.delete(unaccepted.LOOKED)
    swept.send(None)
    assert [one.kind for one in every(Erasure)] == ["organisation"]
    with tenant(became.pk):
        Erasure.objects.all().delete()

    assert unaccepted.sweep() == 0
    assert every(Erasure) == []
