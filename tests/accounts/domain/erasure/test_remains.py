from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.domain.erasure import remains, things
from accounts.domain.erasure.registry import Job
from accounts.models import Erasure, LegalHold
from echodepth.tenancy import tenant
from tests.factories import ErasureFactory, LegalHoldFactory, OrganisationFactory


@pytest.fixture
def job(db):
    """Of something that is gone, by a worker whose lease is about to end."""
    place = OrganisationFactory()
    soon = timezone.now() + timedelta(seconds=1)
    erasure = ErasureFactory(organisation=place, lease=uuid4(), lease_until=soon, state="working")
    with tenant(place.pk):
        yield Job(erasure, erasure.kind, erasure.object_id)


def test_ids_are_found_wherever_they_stand():
    one, two, three = uuid4(), uuid4(), uuid4()
    told = [(str(one), {"key": f"a/{two}/b.json"}), f"Traceback: {three.hex.upper()}", 7, None, b"x"]
    assert remains.named_in(told) == {one.hex, two.hex, three.hex}


def test_every_page_is_seen_once_and_has_a_lease_of_its_own(job, monkeypatch):
    monkeypatch.setattr(remains, "CHUNK", 2)
    gone = {str(uuid4()) for _number in range(5)}
    with things.writing(job):
        for key in gone:
            things.note(job, "recording", key)
        things.note(job, "result", uuid4())
        things.note(job, "queue task", "7")
    pages = list(remains._pages(job))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {key for page in pages for _kind, key in page} == gone
    renewed = []
    monkeypatch.setattr(things, "renew", renewed.append)
    assert not remains.advance(job)
    assert len(renewed) >= len(pages)


def test_a_lease_is_renewed_by_its_worker_alone(job):
    things.renew(job.erasure)
    assert Erasure.objects.get().lease_until > timezone.now() + things.LEASE / 2
    job.erasure.lease = uuid4()
    with pytest.raises(things.LeaseLostError):
        things.renew(job.erasure)


def test_a_hold_that_is_over_goes_and_one_in_force_stays(job):
    more = {"organisation": job.erasure.organisation, "kind": job.kind, "object_id": job.object_id}
    LegalHoldFactory(**more, released_at=timezone.now())
    assert not remains.advance(job)
    assert not LegalHold.objects.exists()
    in_force = LegalHoldFactory(**more)
    assert not remains.advance(job)
    assert LegalHold.objects.get() == in_force
