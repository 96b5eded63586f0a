from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.utils import timezone
from django_q.models import OrmQ

from accounts.domain.quotas import Usage
from accounts.models import Subject
from analysis.domain.intake import uploads, usage
from analysis.enums import UploadState
from analysis.models import Document, Recording, Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests import factories
from tests.analysis.conftest import stored_files
from tests.support.tenants import fresh, save
from tests.support.uploads import another


def check(place, size, recordings=1):
    with tenant(place.organisation.pk), transaction.atomic():
        usage.claim_room(place.organisation.pk, size, recordings)


def refused(place, size, recordings=1):
    with pytest.raises(UserError) as caught:
        check(place, size, recordings)
    assert caught.value.status == 409
    return caught.value.code, str(caught.value.sentence).replace("\xa0", " ")


def send(place, clip, subject=""):
    with tenant(place.organisation.pk):
        return uploads.receive_recording(
            SimpleUploadedFile("a.mp4", clip, "video/mp4"), place.project, place.user, subject_label=subject
        )


def send_document(place, content):
    with tenant(place.organisation.pk):
        return uploads.receive_document(SimpleUploadedFile("a.txt", content), place.project, place.user)


def test_recordings_and_documents_of_one_organisation_count(acme, other):
    acme.recording(media=b"abc")
    acme.document(content=b"defg")
    other.recording(media=b"z" * 100)

    with tenant(acme.organisation.pk):
        assert usage.stored(acme.organisation.pk) == Usage(1, 7)
    assert usage.usages([acme.organisation.pk])[acme.organisation.pk] == Usage(1, 7)


def test_without_quotas_there_is_room(acme, django_assert_num_queries):
    with tenant(acme.organisation.pk), django_assert_num_queries(0):
        usage.check_room(acme.organisation, 10**15, 10**6)


def test_recordings_are_counted(acme):
    save(acme.organisation, quota_recordings=2)
    acme.recording()
    check(acme, 10**12)

    code, sentence = refused(acme, 1, recordings=2)
    assert code == "quota_recordings"
    assert "may keep 2 recordings, and keeps 1." in sentence
    assert "Delete recordings" in sentence
    acme.recording()
    check(acme, 5, recordings=0)
    assert refused(acme, 5)[0] == "quota_recordings"


def test_bytes_are_counted_to_the_last(acme):
    save(acme.organisation, quota_bytes=2048)
    acme.recording(media=b"a" * 1000)
    acme.document(content=b"d" * 24)
    check(acme, 1024)

    code, sentence = refused(acme, 1025)
    assert code == "quota_bytes"
    assert "may store 2.0 KB and stores 1.0 KB; this file has 1.0 KB." in sentence
    assert refused(acme, 1025, recordings=0)[0] == "quota_bytes"


def test_what_is_on_its_way_in_counts(acme, other):
    save(acme.organisation, quota_recordings=2, quota_bytes=2048)
    soon = timezone.now() + timedelta(hours=1)
    said = {"project": acme.project, "size": 1000, "expires_at": soon}
    coming = factories.UploadFactory(**said)
    factories.UploadFactory(**said, state=UploadState.CHECKING)
    for fields in (
        {"state": UploadState.DONE},
        {"state": UploadState.REFUSED},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ):
        factories.UploadFactory(**said | fields)
    factories.UploadFactory(project=other.project, size=1000)

    with tenant(acme.organisation.pk):
        assert usage.announced(acme.organisation.pk) == Usage(2, 2000)
        assert usage.announced(acme.organisation.pk, besides=coming.pk) == Usage(1, 1000)
    assert "What is being uploaded at the moment counts too." in refused(acme, 1)[1]
    assert refused(acme, 49, recordings=0)[0] == "quota_bytes"
    with tenant(acme.organisation.pk), transaction.atomic():
        usage.claim_room(acme.organisation.pk, 1048, besides=coming.pk)


def test_others_quotas_and_files_do_not_matter(acme, other):
    save(other.organisation, quota_recordings=0, quota_bytes=0)
    save(acme.organisation, quota_recordings=1)
    other.recording()

    check(acme, 10**12)


@pytest.mark.parametrize(
    ("quota", "code"), [({"quota_recordings": 0}, "quota_recordings"), ({"quota_bytes": 100}, "quota_bytes")]
)
def test_nothing_is_kept_of_a_recording_without_room(acme, storage, clip, quota, code):
    save(acme.organisation, **quota)

    with pytest.raises(UserError) as caught:
        send(acme, clip, subject="P-014")

    assert caught.value.code == code
    assert stored_files(storage) == []
    with tenant(acme.organisation.pk):
        for model in (Recording, Run, Subject):
            assert not model.objects.exists()
    assert not OrmQ.objects.exists()


def test_nothing_is_kept_of_a_document_without_room(acme, storage):
    save(acme.organisation, quota_bytes=4, quota_recordings=0)
    send_document(acme, b"four")

    with pytest.raises(UserError) as caught:
        send_document(acme, b"5")

    assert caught.value.code == "quota_bytes"
    with tenant(acme.organisation.pk):
        assert [document.size for document in Document.objects.all()] == [4]
    assert len(stored_files(storage)) == 1


def test_the_page_says_what_to_do(acme, storage, clip):
    save(acme.organisation, quota_recordings=0)
    address = acme.address("upload/")

    answer = acme.client().post(
        address,
        {
            "uploads": [SimpleUploadedFile("a.mp4", clip, "video/mp4")],
            "project": acme.project.pk,
            "subject": "",
            "title": "",
        },
        headers={"Accept": "application/json"},
    )

    assert answer.json()["code"] == "quota_recordings"
    assert "ask us for a larger quota" in answer.json()["sentence"]
    assert stored_files(storage) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_recordings_at_once_one_finds_the_room_taken(acme, storage, clip):
    save(acme.organisation, quota_recordings=1)
    together = Barrier(2)

    def upload(number):
        try:
            together.wait(timeout=30)
            send(acme, another(clip, number))
        except UserError as error:
            return error.code
        finally:
            connections.close_all()
        return "stored"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(upload, range(2)))

    assert answers == ["quota_recordings", "stored"]
    assert len(stored_files(storage)) == 1
    with tenant(acme.organisation.pk):
        assert Recording.objects.count() == 1
    assert fresh(acme.organisation).quota_recordings == 1
