from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.domain.offboarding import exports
from accounts.enums import DataClass, ErasureReason, ErasureState, OffboardingState
from accounts.models import ErasedThing, Offboarding, Retention
from echodepth.storage.verify import listed
from echodepth.tenancy import tenant
from tests.factories import DocumentFactory, MembershipFactory, RecordingFactory, SubjectFactory
from tests.support.erasing import erase_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording():
    subject = SubjectFactory(label="Quirina")
    made = RecordingFactory(project=subject.project, subject=subject)
    default_storage.save(made.storage_key, ContentFile(b"Quirina speaks"))
    return made


@pytest.fixture
def export(recording):
    """Everything of the organisation, ready to be downloaded."""
    owner = MembershipFactory(organisation=recording.organisation, role="owner")
    with tenant(recording.organisation_id):
        row = exports.begin(recording.organisation, owner.user)
        for _turn in range(10):
            exports.work(row.pk)
        row.refresh_from_db()
        assert (row.state, row.parts.count()) == (OffboardingState.READY, 2)
    return row


def left(organisation_id):
    """Objects in storage, exports and their due dates."""
    with tenant(organisation_id):
        rows = Offboarding.objects.count(), Retention.objects.filter(kind=exports.KIND).count()
    return len(list(listed(f"{organisation_id}/offboarding/"))), *rows


def asked(kind, object_id, organisation_id, **more):
    return erasures.request(ErasureReason.REQUEST, kind, object_id, organisation_id, **more)


@pytest.mark.parametrize("kind", ["subject", "recording", "document", "project"])
def test_what_is_erased_does_not_live_on_in_an_export(recording, export, kind):
    document = DocumentFactory(project=recording.project)
    of = {"recording": recording.pk, "document": document.pk, "subject": recording.subject_id}
    assert left(export.organisation_id) == (2, 1, 1)
    with tenant(export.organisation_id):
        erasure = asked(kind, of.get(kind, recording.project_id), export.organisation_id)
        erase_all()
        told = dict(ErasedThing.objects.filter(erasure=erasure).values_list("kind", "count"))
    assert left(export.organisation_id) == (0, 0, 0)
    assert (told["export"], told["offboarding"]) == (2, 1)


def test_an_export_has_a_due_date_and_goes_by_it(export):
    with tenant(export.organisation_id):
        [row] = Retention.objects.filter(kind=exports.KIND)
        assert row.data_class == DataClass.EXPORTS
        assert abs(row.due_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
        asked(exports.KIND, export.pk, export.organisation_id, data_class=DataClass.EXPORTS)
        erase_all()
    assert left(export.organisation_id) == (0, 0, 0)


def test_a_worker_that_is_at_it_is_stopped_and_waited_for(recording, export):
    soon = timezone.now() + timedelta(seconds=30)
    with tenant(export.organisation_id):
        Offboarding.objects.update(state=OffboardingState.EXPORTING, lease_until=soon)
        erasure = asked("recording", recording.pk, export.organisation_id)
        erasures.work(erasure.pk)
        erasure.refresh_from_db()
        assert (erasure.state, Offboarding.objects.get().state) == (ErasureState.WORKING, "failed")
        assert erasure.rest_until > timezone.now()
        Offboarding.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        type(erasure).objects.update(rest_until=None)
        erase_all()
    assert left(export.organisation_id) == (0, 0, 0)


def test_another_organisations_export_stays(export):
    other = RecordingFactory()
    with tenant(other.organisation_id):
        asked("recording", other.pk, other.organisation_id)
        erase_all()
    assert left(export.organisation_id) == (2, 1, 1)
