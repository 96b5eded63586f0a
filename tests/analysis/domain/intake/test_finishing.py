import errno
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import AuditRecord, Subject
from analysis.domain import objects
from analysis.domain.intake import admission, finishing, incoming
from analysis.domain.intake.finishing import finish
from analysis.domain.work import runs
from analysis.enums import UploadState
from analysis.models import Recording, Run, Upload
from echodepth.errors import UserError
from echodepth.storage.chosen import part_store
from echodepth.storage.local import LocalParts
from echodepth.storage.parts import MIB, PART_SIZE
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support import object_stores
from tests.support.no_videos import no_videos
from tests.support.tenants import save
from tests.support.uploads import PART, announce, another, receive, send_part, send_parts


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def refused(code, work, *args):
    with pytest.raises(UserError) as error:
        work(*args)
    assert error.value.code == code
    assert str(error.value.sentence).endswith(".")
    return error.value


def sent(place, content, **told):
    """An upload whose content came in one piece."""
    upload = announce(place, len(content), subject_label="P-9", **told)
    receive(upload, content)
    return upload


def check_nothing_kept(storage, upload, code):
    """Of a refused upload: its code and sentence, and nothing else."""
    upload.refresh_from_db()
    assert (upload.state, upload.error_code) == (UploadState.REFUSED, code)
    assert upload.error_sentence
    assert stored_files(storage) == []
    assert not part_store().unfinished(str(upload.organisation_id))
    for model in (Recording, Run, Subject, OrmQ):
        assert not model.objects.exists()
    trail = AuditRecord.objects.get(action="upload.refused")
    assert (trail.facts["code"], trail.target) == (code, str(upload.project_id))


def test_a_recording_comes_in_parts(scoped, storage, clip):
    upload = announce(scoped, len(clip), name="Talk.mp4", subject_label="P-1", title="Talk")
    send_parts(upload, clip)
    assert not Recording.objects.exists()

    recording = finish(upload)

    assert (recording.title, recording.original_name, recording.size) == ("Talk", "Talk.mp4", len(clip))
    assert recording.sha256 == hashlib.sha256(clip).hexdigest()
    assert (recording.project, recording.subject.label) == (scoped.project, "P-1")
    assert recording.uploaded_by == scoped.user
    assert [str(recording.runs.get().pk)] == [task.task["args"][1] for task in OrmQ.objects.all()]
    assert recording.storage_key == f"{scoped.organisation.pk}/recordings/{upload.pk}/media"
    assert stored_files(storage) == [recording.storage_key]
    assert (storage / recording.storage_key).read_bytes() == clip
    row = Upload.objects.get()
    assert (row.recording, row.state, row.parts_id) == (recording, UploadState.DONE, "")
    assert AuditRecord.objects.get(action="recording.uploaded").target == str(recording.pk)


def test_a_recording_comes_in_one_piece(scoped, storage, clip):
    recording = finish(sent(scoped, clip))
    assert (storage / recording.storage_key).read_bytes() == clip
    assert stored_files(storage) == [recording.storage_key]


def test_finished_again_it_is_the_same_recording(scoped, clip):
    upload = sent(scoped, clip)
    read_before = Upload.objects.get()
    recording = finish(upload)
    assert finish(upload) == finish(read_before) == finish(Upload.objects.get()) == recording
    assert Run.objects.count() == 1
    recording.delete()
    refused("upload_finished", finish, Upload.objects.get())


def test_nothing_is_finished_before_the_content_is_there(scoped, clip):
    upload = announce(scoped, len(clip))
    refused("content_missing", finish, upload)
    send_parts(upload, clip, leave_out=(2,))
    refused("parts_missing", finish, upload)
    assert Upload.objects.get().state == UploadState.OPEN
    send_part(upload, 2, clip[PART : 2 * PART])
    assert finish(Upload.objects.get()).size == len(clip)


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory, clip):
    return no_videos(tmp_path_factory.mktemp("bad"), clip)


@pytest.mark.parametrize("way", ["one piece", "parts"])
@pytest.mark.parametrize(
    "kind", ["letter", "executable", "zip bomb", "playlist", "sound", "odd codec", "cut off", "crafted"]
)
def test_nothing_is_kept_of_what_is_no_video(scoped, storage, bad_files, kind, way):
    content, code = bad_files[kind]
    if way == "one piece":
        upload = sent(scoped, content)
    else:
        upload = announce(scoped, len(content), subject_label="P-9")
        send_parts(upload, content)
    with pytest.raises(UserError) as error:
        finish(upload)
    assert error.value.code == (code or error.value.code)
    check_nothing_kept(storage, upload, error.value.code)
    again = refused(error.value.code, finish, Upload.objects.get())
    assert str(again.sentence) == str(error.value.sentence)
    assert AuditRecord.objects.filter(action="upload.refused").count() == 1


def test_what_lies_there_must_be_as_long_as_was_announced(scoped, storage, clip):
    upload = sent(scoped, clip)
    (storage / upload.storage_key).write_bytes(another(clip))
    refused("size_differs", finish, upload)
    check_nothing_kept(storage, upload, "size_differs")


def test_a_part_must_be_as_long_as_it_was_announced(scoped, storage, clip):
    upload = announce(scoped, len(clip), subject_label="P-9")
    send_parts(upload, clip)
    part_store().receive(upload.storage_key, upload.parts_id, 2, 5, BytesIO(b"short").read)
    refused("size_differs", finish, upload)
    check_nothing_kept(storage, upload, "size_differs")


def test_there_may_not_be_more_parts_than_were_announced(scoped, storage):
    upload = announce(scoped, PART, subject_label="P-9")
    send_part(upload, 1, bytes(PART))
    part_store().receive(upload.storage_key, upload.parts_id, 2, PART, BytesIO(bytes(PART)).read)
    refused("size_differs", finish, upload)
    check_nothing_kept(storage, upload, "size_differs")


def test_the_content_must_be_what_was_announced(scoped, storage, clip):
    upload = sent(scoped, another(clip), sha256=hashlib.sha256(clip).hexdigest())
    refused("content_differs", finish, upload)
    check_nothing_kept(storage, upload, "content_differs")
    told = sent(scoped, clip, sha256=hashlib.sha256(clip).hexdigest().upper())
    assert finish(told).sha256 == hashlib.sha256(clip).hexdigest()


def test_a_recording_that_is_too_long_is_refused(scoped, storage, clip, settings):
    settings.MAX_SECONDS = 0.5
    upload = sent(scoped, clip)
    refused("too_long", finish, upload)
    check_nothing_kept(storage, upload, "too_long")


@pytest.mark.parametrize(
    ("quota", "code"), [({"quota_recordings": 0}, "quota_recordings"), ({"quota_bytes": 100}, "quota_bytes")]
)
def test_a_quota_that_shrank_meanwhile_is_kept_to(scoped, storage, clip, quota, code):
    upload = sent(scoped, clip)
    save(scoped.organisation, **quota)
    assert refused(code, finish, upload).status == 409
    check_nothing_kept(storage, upload, code)


def test_what_was_announced_has_its_room(scoped, clip):
    save(scoped.organisation, quota_recordings=1, quota_bytes=len(clip))
    assert finish(sent(scoped, clip)).size == len(clip)


def test_the_same_content_is_recognised(scoped, storage, clip):
    first = finish(sent(scoped, clip, title="First"))
    upload = sent(scoped, clip, name="renamed.mov", title="Second")
    error = refused("already_uploaded", finish, upload)
    assert (error.status, error.facts) == (409, {"recording": str(first.pk)})
    assert "“First”" in str(error.sentence)
    assert stored_files(storage) == [first.storage_key]
    assert Recording.objects.get() == first
    upload.refresh_from_db()
    assert admission.known(upload.sha256, scoped.project) == first
    first.delete()
    assert finish(sent(scoped, clip)).size == len(clip)


def test_another_organisations_same_content_is_not_recognised(acme, other, clip):
    for place in (acme, other):
        with tenant(place.organisation.pk):
            finish(sent(place, clip))
            assert Recording.objects.count() == 1


def test_while_another_checks_it_nobody_else_does(scoped, storage, clip):
    upload = sent(scoped, clip)
    until = timezone.now() + timedelta(minutes=1)
    save(upload, state=UploadState.CHECKING, checking_until=until)
    error = refused("upload_checking", finish, Upload.objects.get())
    assert (error.status, error.retry_after > 0) == (409, True)
    assert stored_files(storage) == [upload.storage_key]
    assert Upload.objects.get().checking_until == until


def test_after_a_crash_another_begins_anew(scoped, storage, clip, monkeypatch):
    """However far the first one got: here the parts were one object already, and the row did not say so."""
    upload = announce(scoped, len(clip))
    send_parts(upload, clip)
    part_store().finish(upload.storage_key, upload.parts_id, incoming.sent(upload).parts)
    over = timezone.now() - timedelta(seconds=1)
    save(upload, state=UploadState.CHECKING, checking_until=over)
    assert incoming.sent(upload).whole
    recording = finish(Upload.objects.get())
    assert (storage / recording.storage_key).read_bytes() == clip


@pytest.mark.parametrize("off", [timedelta(days=-2), timedelta(days=2)], ids=["behind", "ahead"])
def test_the_right_to_check_is_given_by_the_databases_clock(scoped, clip, monkeypatch, off):
    """Whoever comes meanwhile, on a machine whose clock is right or wrong, waits."""
    right, seen = timezone.now, []
    upload = sent(scoped, clip)

    def look(*args):
        seen.append(Upload.objects.get().checking_until - right())
        for now in (right, lambda: right() + off):
            monkeypatch.setattr(timezone, "now", now)
            refused("upload_checking", finish, Upload.objects.get())
        return admission.look(*args)

    monkeypatch.setattr(finishing, "look", look)
    monkeypatch.setattr(timezone, "now", lambda: right() + off)

    assert finish(upload) == Recording.objects.get()
    assert timedelta() <= finishing.CHECK - seen[0] < timedelta(minutes=1)


def test_who_lost_the_right_to_check_keeps_and_erases_nothing(scoped, storage, clip, monkeypatch):
    upload = sent(scoped, clip)
    over = timezone.now() - timedelta(seconds=1)

    def look_slowly(*_args):
        monkeypatch.undo()
        Upload.objects.update(checking_until=over)
        finish(Upload.objects.get())
        return admission.look(*_args)

    monkeypatch.setattr(finishing, "look", look_slowly)
    with pytest.raises(UserError):
        finish(upload)
    recording = Recording.objects.get()
    assert stored_files(storage) == [recording.storage_key]
    assert Upload.objects.get().state == UploadState.DONE
    assert not AuditRecord.objects.filter(action="upload.refused").exists()


def test_a_long_check_goes_on_having_the_right(scoped, clip, monkeypatch):
    upload = sent(scoped, clip)
    monkeypatch.setattr(finishing, "CHECK", timedelta(seconds=0.2))
    seen = []

    def fetch(key, _folder, tick):
        for _ in range(4):
            later = timezone.now() + timedelta(seconds=0.1)
            while timezone.now() < later:
                pass
            tick()
            seen.append(Upload.objects.get().checking_until)
        monkeypatch.undo()
        return default_storage.path(key)

    monkeypatch.setattr(finishing.objects, "local_file", lambda *args: Path(fetch(*args)))
    finish(upload)
    assert len(set(seen)) > 2


def test_while_storage_is_down_the_upload_waits(scoped, storage, clip, monkeypatch):
    def down(*_args):
        raise ConnectionRefusedError

    upload = announce(scoped, len(clip))
    send_parts(upload, clip)
    for name in ("received", "finish"):
        with monkeypatch.context() as patch:
            patch.setattr(LocalParts, name, down)
            assert refused("storage_unavailable", finish, Upload.objects.get()).status == 503
        assert Upload.objects.get().state == UploadState.OPEN
    assert finish(Upload.objects.get()).size == len(clip)


def test_content_that_is_gone_from_storage_is_sent_again(scoped, storage, clip):
    upload = sent(scoped, clip)
    (storage / upload.storage_key).unlink()
    refused("content_missing", finish, upload)
    again = Upload.objects.get()
    assert (again.state, again.storage_key) == (UploadState.OPEN, "")
    send_parts(again, clip)
    assert finish(again).size == len(clip)


def test_when_the_run_cannot_be_requested_all_is_as_before(scoped, storage, clip, monkeypatch):
    class DownError(Exception):
        pass

    def refuse(*_args):
        raise DownError

    upload = sent(scoped, clip)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "request", refuse)
        with pytest.raises(DownError):
            finish(upload)
    assert not Recording.objects.exists()
    assert not Subject.objects.exists()
    assert finish(Upload.objects.get()).size == len(clip)


def test_a_large_file_is_not_read_into_memory(scoped, clip, monkeypatch):
    """No read of it asks for more than a few megabytes."""
    asked = []
    digest = admission._digest

    class Watched:
        def __init__(self, handle):
            self._handle = handle

        def seek(self, place):
            return self._handle.seek(place)

        def read(self, size):
            asked.append(size)
            return self._handle.read(size)

    monkeypatch.setattr(admission, "_digest", lambda handle, tick: digest(Watched(handle), tick))
    finish(sent(scoped, clip))
    assert 0 < min(asked) <= max(asked) <= 4 * 1024 * 1024


@pytest.fixture(scope="module")
def moto():
    with object_stores.moto() as url:
        yield object_stores.with_bucket(url, "AES256")


@pytest.fixture
def in_object_store(scoped, settings, moto):
    """What there is in the bucket: keys of objects, and of what has begun."""
    settings.STORAGES = settings.STORAGES | {"default": moto.storages()}

    def listed():
        objects = moto.client.list_objects_v2(Bucket=moto.bucket).get("Contents", [])
        begun = moto.client.list_multipart_uploads(Bucket=moto.bucket).get("Uploads", [])
        return [one["Key"] for one in objects], [one["Key"] for one in begun]

    return listed


def send_by_links(upload, content):
    numbers = list(range(1, len(incoming.parts_of(upload)) + 1))
    size = incoming.part_bytes(upload)
    for link in incoming.links(upload, numbers):
        piece = content[(link.number - 1) * size : link.number * size]
        status, _etag = object_stores.send(link, piece, **link.headers)
        assert status == 200


def test_in_an_object_store_too(scoped, clip, in_object_store):
    tail = 9 * MIB
    long = clip + (tail + 8).to_bytes(4, "big") + b"free" + bytes(tail)
    upload = save(announce(scoped, len(long)), part_size=PART_SIZE)
    send_by_links(upload, long)
    assert [part.number for part in incoming.sent(upload).parts] == [1, 2]
    recording = finish(upload)
    assert recording.sha256 == hashlib.sha256(long).hexdigest()
    assert in_object_store() == ([recording.storage_key], [])

    whole = finish(sent(scoped, clip))
    kept = sorted([recording.storage_key, whole.storage_key])
    assert in_object_store() == (kept, [])

    bad, again, unwanted = announce(scoped, 6), sent(scoped, clip), announce(scoped, 3)
    send_by_links(bad, b"letter")
    send_by_links(unwanted, b"abc")
    refused("unreadable", finish, bad)
    refused("already_uploaded", finish, again)
    late = announce(scoped, 3)
    incoming.links(late, [1])
    with pytest.raises(UserError):
        receive(late, b"ab", 3)
    incoming.abort(unwanted)
    save(late, expires_at=timezone.now() - timedelta(seconds=1))
    assert incoming.sweep() == 1
    assert in_object_store() == (kept, [])


def test_of_an_object_store_two_files_are_looked_at_at_a_time(scoped, clip, in_object_store, monkeypatch):
    uploads = [sent(scoped, another(clip, number)) for number in range(3)]
    told = []

    def look(*args):
        """Another person finishes another file meanwhile."""
        if len(told) < 2:
            told.append("")
            try:
                finish(Upload.objects.get(pk=uploads[len(told)].pk))
            except UserError as error:
                told[0] = (error.code, error.status, error.retry_after > 0)
        return admission.look(*args)

    monkeypatch.setattr(finishing, "look", look)
    finish(uploads[0])

    assert told[0] == ("checks_busy", 503, True)
    states = [Upload.objects.get(pk=upload.pk).state for upload in uploads]
    assert states == [UploadState.DONE, UploadState.DONE, UploadState.OPEN]
    assert finish(Upload.objects.get(pk=uploads[2].pk)).size == len(another(clip))
    assert set(Recording.objects.values_list("storage_key", flat=True)) <= set(in_object_store()[0])


def test_a_full_disk_is_no_fault_of_the_file(scoped, clip, in_object_store, monkeypatch):
    upload = sent(scoped, clip)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(objects, "_fetch", full)
        assert refused("storage_full", finish, Upload.objects.get()).status == 507
    assert Upload.objects.get().state == UploadState.OPEN
    assert finish(upload).size == len(clip)


def at_once(works):
    together = Barrier(len(works))

    def one(work):
        try:
            together.wait(timeout=30)
            return work()
        except UserError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_of_the_same_content_at_once_one_wins(acme, storage, clip):
    with tenant(acme.organisation.pk):
        uploads = [sent(acme, clip), sent(acme, clip)]

    def work(upload):
        with tenant(acme.organisation.pk):
            finish(Upload.objects.get(pk=upload.pk))
        return "stored"

    answers = at_once([lambda one=one: work(one) for one in uploads])

    assert answers == ["already_uploaded", "stored"]
    with tenant(acme.organisation.pk):
        assert stored_files(storage) == [Recording.objects.get().storage_key]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_finish_one_upload_at_once_one_makes_the_recording(acme, storage, clip):
    with tenant(acme.organisation.pk):
        upload = sent(acme, clip)

    def work():
        with tenant(acme.organisation.pk):
            finish(Upload.objects.get(pk=upload.pk))
        return "stored"

    answers = at_once([work, work])

    assert answers in (["stored", "upload_checking"], ["stored", "stored"])
    with tenant(acme.organisation.pk):
        assert Run.objects.count() == 1
        assert stored_files(storage) == [Recording.objects.get().storage_key]
