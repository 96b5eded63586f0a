"""What an erasure takes of requests: the words and the copy; of a copy whose time is over, the copy alone."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.erasure import erasures
from accounts.domain.rights import copies
from accounts.enums import ConsentState, ErasureReason, RightsKind, RightsState
from accounts.models import Consent, ErasedThing
from echodepth.tenancy import tenant
from tests.factories import ConsentFactory, RightsRequestFactory, SubjectFactory
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    options = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}


def asked(subject=None):
    made = RightsRequestFactory(
        subject=subject or SubjectFactory(), words="I am Quirina", answer="Here it is"
    )
    key = default_storage.save(
        f"{copies.folder(made.organisation_id, made.pk)}/copy.zip", ContentFile(b"all of it")
    )
    return save(made, export_key=key, export_sha256="ab" * 32)


def erased(reason, kind, object_id, organisation_id, **more):
    with tenant(organisation_id):
        assert erasures.work(erasures.request(reason, kind, object_id, organisation_id, **more).pk)


def test_a_copy_goes_when_its_time_is_over_and_the_request_stays():
    request, other = asked(), asked()
    erased(ErasureReason.POLICY, "rights_request", request.pk, request.organisation_id, data_class="exports")
    kept = fresh(request)
    assert (kept.export_key, kept.export_sha256, kept.words) == ("", "", "I am Quirina")
    assert not default_storage.exists(request.export_key)
    assert default_storage.exists(other.export_key)
    assert {thing.kind for thing in every(ErasedThing)} == {"copy of personal data"}


def test_with_the_person_every_request_is_emptied_and_nobody_elses():
    request = asked()
    sibling = asked(SubjectFactory(project=request.subject.project))
    erased(ErasureReason.WITHDRAWAL, "subject", request.subject_id, request.organisation_id)
    kept = fresh(request)
    assert (kept.subject_id, kept.words, kept.answer, kept.export_key) == (None, "", "", "")
    assert not default_storage.exists(request.export_key)
    assert (fresh(sibling).words, fresh(sibling).export_key) == ("I am Quirina", sibling.export_key)


def test_who_withdrew_and_asks_to_be_erased_besides_is_erased_by_name_too():
    """The erasure that the withdrawal began takes the request over, and is its answer."""
    consent = ConsentFactory(signer="Quirina Quast", state=ConsentState.WITHDRAWN)
    subject = consent.subject
    request = RightsRequestFactory(subject=subject, kind=RightsKind.ERASURE)
    other = RightsRequestFactory(subject=subject, kind=RightsKind.ACCESS)
    wanted = ("subject", subject.pk, subject.organisation_id)
    with tenant(subject.organisation_id):
        first = erasures.request(ErasureReason.WITHDRAWAL, *wanted)
        same = erasures.request(ErasureReason.REQUEST, *wanted, rights_request=request.pk)
        assert same.pk == first.pk
        assert erasures.request(ErasureReason.WITHDRAWAL, *wanted).reason == ErasureReason.REQUEST
        assert erasures.work(first.pk)
    done = fresh(first)
    assert (done.reason, done.rights_request) == (ErasureReason.REQUEST, request.pk)
    assert fresh(request).state == RightsState.DONE
    assert fresh(other).state == RightsState.DECLINED
    assert [consent.signer for consent in every(Consent)] in ([], [""])


def test_a_request_to_be_erased_is_done_whatever_the_erasure_was_for():
    request = RightsRequestFactory(subject=SubjectFactory(), kind=RightsKind.ERASURE)
    erased(ErasureReason.WITHDRAWAL, "subject", request.subject_id, request.organisation_id)
    assert fresh(request).state == RightsState.DONE
