from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.http import Http404, UnreadablePostError
from django.utils import timezone

from accounts.models import AuditRecord
from analysis import tasks
from analysis.access import access_own_upload
from analysis.domain.intake import incoming
from analysis.domain.intake.finishing import finish
from analysis.domain.intake.uploads import Announced
from analysis.domain.intake.usage import announced
from analysis.enums import UploadState
from analysis.models import Recording, Upload
from echodepth.errors import UserError
from echodepth.storage.chosen import part_store
from echodepth.storage.local import LocalParts
from echodepth.tenancy import tenant
from tests import factories
from tests.analysis.conftest import stored_files
from tests.support.tenants import save
from tests.support.uploads import PART, announce, another, receive, send_part, send_parts


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def refused(code, work, *args, **more):
    with pytest.raises(UserError) as error:
        work(*args, **more)
    assert error.value.code == code
    return error.value


def down(*_args, **_more):
    raise ConnectionRefusedError


@pytest.mark.parametrize(("content", "length"), [(b"ab", None), (b"abcd", None), (b"ab", 3), (b"abc", -1)])
def test_what_is_not_as_long_as_announced_is_not_kept(scoped, storage, content, length):
    upload = announce(scoped, 3)
    refused("size_differs", receive, upload, content, length)
    assert stored_files(storage) == []
    upload.refresh_from_db()
    assert upload.storage_key == ""


def test_no_more_is_read_than_was_announced(scoped, storage):
    body = BytesIO(b"abcd")
    incoming.receive(announce(scoped, 3), body, 3)
    assert body.read() == b"d"


def test_a_client_that_goes_away_leaves_nothing(scoped, storage):
    class Broken(BytesIO):
        def read(self, _size=-1):
            raise UnreadablePostError("gone")

    refused("size_differs", incoming.receive, announce(scoped, 3), Broken(), 3)
    assert stored_files(storage) == []


def test_content_sent_again_takes_the_place_of_the_first(scoped, storage):
    upload = announce(scoped, 3)
    receive(upload, b"abc")
    receive(upload, b"xyz")
    (kept,) = stored_files(storage)
    assert (storage / kept).read_bytes() == b"xyz"
    assert kept.startswith(f"{scoped.organisation.pk}/recordings/{upload.pk}/media")


def test_two_who_send_at_once_do_not_mix(scoped, storage):
    upload, other = announce(scoped, 3), Upload.objects.get()
    receive(upload, b"abc")
    refused("upload_replaced", receive, other, b"xyz")
    (kept,) = stored_files(storage)
    assert (storage / kept).read_bytes() == b"abc"


def test_parts_come_in_any_order_and_again(scoped):
    content = bytes(range(256)) * 10
    upload = announce(scoped, len(content))
    assert incoming.sent(upload) == incoming.Sent([], whole=False, size=0)
    send_parts(upload, content, leave_out=(2,))
    sent = incoming.sent(Upload.objects.get())
    assert [(part.number, part.size) for part in sent.parts] == [(1, PART), (3, 512)]
    assert (sent.whole, sent.size) == (False, 1536)
    send_part(upload, 2, content[PART : 2 * PART])
    send_part(upload, 2, content[PART : 2 * PART])
    assert incoming.sent(upload).whole


def test_links_are_given_for_the_parts_that_there_are(scoped):
    upload = announce(scoped, 2 * PART + 1)
    assert [link.number for link in incoming.links(upload, [3, 1])] == [3, 1]
    begun = upload.parts_id
    assert begun
    incoming.links(upload, [2])
    assert upload.parts_id == begun
    for numbers in ([], [0], [4], [1] * 101):
        assert refused("part_unknown", incoming.links, upload, numbers).status == 400


def test_parts_that_storage_threw_away_are_begun_anew(scoped):
    upload = announce(scoped, 2 * PART)
    send_part(upload, 1, bytes(PART))
    lost = upload.parts_id
    part_store().abandon(upload.storage_key, lost)
    assert incoming.sent(upload).size == 0
    incoming.links(upload, [1])
    assert upload.parts_id not in {"", lost}
    assert incoming.sent(upload) == incoming.Sent([], whole=False, size=0)


def test_of_two_who_begin_at_once_one_does(scoped, monkeypatch):
    upload, late = announce(scoped, PART), Upload.objects.get()
    incoming.links(upload, [1])
    refused("upload_replaced", incoming.links, late, [1])
    (left,) = part_store().unfinished(f"{scoped.organisation.pk}/")
    assert left.parts_id == upload.parts_id


def test_one_piece_takes_the_place_of_parts_and_then_no_parts_are_taken(scoped, storage):
    upload = announce(scoped, PART)
    send_part(upload, 1, bytes(PART))
    receive(upload, b"x" * PART)
    assert not part_store().unfinished(str(scoped.organisation.pk))
    (kept,) = stored_files(storage)
    assert (storage / kept).read_bytes() == b"x" * PART
    refused("content_received", incoming.links, upload, [1])


def test_what_a_link_is_asked_for_stays_another_day(scoped):
    upload = announce(scoped, PART)
    soon = timezone.now() + timedelta(minutes=1)
    Upload.objects.update(expires_at=soon)
    incoming.links(upload, [1])
    assert Upload.objects.get().expires_at > soon + timedelta(hours=20)
    Upload.objects.update(expires_at=soon)
    incoming.links(upload, [1])
    assert Upload.objects.get().expires_at > soon + timedelta(hours=20)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": UploadState.DONE}, "upload_finished"),
        ({"state": UploadState.REFUSED, "error_code": "no_frames"}, "no_frames"),
        ({"state": UploadState.CHECKING}, "upload_checking"),
    ],
)
def test_bytes_are_taken_by_open_uploads_alone(scoped, storage, fields, code):
    until = timezone.now() + timedelta(minutes=1)
    upload = save(announce(scoped, 3), checking_until=until, **fields)
    assert refused(code, receive, upload, b"abc").status == 409
    assert refused(code, incoming.links, upload, [1]).status == 409
    assert stored_files(storage) == []


def test_after_a_check_that_broke_off_it_is_open_again(scoped):
    late = timezone.now() - timedelta(seconds=1)
    upload = save(announce(scoped, PART), state=UploadState.CHECKING, checking_until=late)
    assert incoming.state_of(upload) == UploadState.OPEN
    incoming.links(upload, [1])
    assert Upload.objects.get().state == UploadState.OPEN


def test_while_storage_is_down_nothing_changes(scoped, monkeypatch):
    upload = announce(scoped, PART)
    send_part(upload, 1, bytes(PART))
    for name in ("received", "begin", "abandon"):
        monkeypatch.setattr(LocalParts, name, down)
    monkeypatch.setattr(type(default_storage._wrapped), "save", down)
    for work in (
        lambda: incoming.links(upload, [1]),
        lambda: incoming.sent(upload),
        lambda: receive(upload, bytes(PART)),
    ):
        error = refused("storage_unavailable", work)
        assert (error.status, error.retry_after > 0) == (503, True)
    monkeypatch.undo()
    assert incoming.sent(Upload.objects.get()).whole


def test_a_person_goes_on_with_the_same_file(scoped):
    def again(size=PART, key="k1", project=scoped.project, user=scoped.user, title=""):
        return incoming.resumed(user, project, Announced("a.mp4", title), size, key)

    upload = announce(scoped, PART, client_key="k1")
    assert again(title="Now") == upload
    assert Upload.objects.get().title == "Now"
    other_project = factories.ProjectFactory(organisation=scoped.organisation)
    colleague = factories.MembershipFactory(organisation=scoped.organisation).user
    assert again(key="") is again(key="k2") is again(size=PART + 1) is None
    assert again(project=other_project) is again(user=colleague) is None
    save(upload, state=UploadState.REFUSED)
    assert again() is None


def test_a_person_sees_what_they_began(scoped):
    mine = announce(scoped)
    colleague = factories.MembershipFactory(organisation=scoped.organisation).user
    for fields in (
        {"created_by": colleague},
        {"state": UploadState.DONE},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ):
        save(announce(scoped), **fields)
    assert list(incoming.of_person(scoped.user)) == [mine]


def test_quotas_count_what_is_announced(scoped):
    save(scoped.organisation, quota_recordings=2, quota_bytes=1000)
    announce(scoped, 600)
    refused("quota_bytes", announce, scoped, 500)
    announce(scoped, 100)
    refused("quota_recordings", announce, scoped, 1)
    assert Upload.objects.count() == 2


def test_a_file_that_is_too_large_and_too_many_uploads_are_refused(scoped, settings, monkeypatch):
    settings.MAX_UPLOAD_BYTES = 10
    assert refused("too_large", announce, scoped, 11).status == 413
    monkeypatch.setattr(incoming, "MOST_OPEN", 1)
    announce(scoped, 10)
    refused("too_many_uploads", announce, scoped, 10)


def test_five_gigabytes_are_taken_where_nothing_else_is_set(scoped):
    upload = incoming.announce(scoped.user, scoped.project, Announced("a.mp4"), 5_000_000_000)
    assert sum(incoming.parts_of(upload)) == 5_000_000_000
    refused("too_large", announce, scoped, 5_000_000_001)


@pytest.mark.parametrize("send", [lambda upload: receive(upload, b"abc"), lambda u: send_part(u, 1, b"abc")])
def test_an_upload_is_given_up_with_its_bytes(scoped, storage, send):
    upload = announce(scoped, 3)
    send(upload)
    incoming.abort(upload)
    assert stored_files(storage) == []
    assert not Upload.objects.exists()
    assert not AuditRecord.objects.exists()


def test_giving_up_what_was_finished_leaves_the_recording(scoped, storage, clip):
    upload = announce(scoped, len(clip))
    late = Upload.objects.get()
    receive(upload, clip)
    recording = finish(upload)
    incoming.abort(late)
    assert stored_files(storage) == [recording.storage_key]
    assert Recording.objects.get() == recording
    assert not Upload.objects.exists()


def test_what_storage_does_not_give_up_is_given_up_later(scoped, storage, monkeypatch):
    upload = announce(scoped, 3)
    receive(upload, b"abc")
    monkeypatch.setattr(type(default_storage._wrapped), "delete", down)
    refused("storage_unavailable", incoming.abort, upload)
    assert incoming.state_of(Upload.objects.get()) == UploadState.REFUSED
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert incoming.sweep() == 0
    monkeypatch.undo()
    assert incoming.sweep() == 1
    assert stored_files(storage) == []


@pytest.mark.parametrize("off", [timedelta(days=-2), timedelta(days=2)], ids=["behind", "ahead"])
def test_how_long_an_upload_lives_the_databases_clock_tells(scoped, monkeypatch, off):
    """Not that of the machine, which may be wrong."""
    right = timezone.now
    soon, past = right() + timedelta(minutes=5), right() - timedelta(seconds=1)
    save(scoped.organisation, quota_recordings=4, quota_bytes=1000)
    live, gone = save(announce(scoped), expires_at=soon), save(announce(scoped), expires_at=past)
    monkeypatch.setattr(timezone, "now", lambda: right() + off)

    made = announce(scoped)
    kept = announce(scoped, client_key="k1")
    again = incoming.resumed(scoped.user, scoped.project, Announced("a.mp4"), 3, "k1")
    assert again == kept
    incoming.links(live, [1])

    for upload in (made, again, live):
        row = Upload.objects.get(pk=upload.pk)
        assert row.expires_at == upload.expires_at
        assert abs(row.expires_at - right() - incoming.LIFE) < timedelta(minutes=5)
        assert access_own_upload(upload.pk, scoped.user) == upload
    with pytest.raises(Http404):
        access_own_upload(gone.pk, scoped.user)
    assert set(incoming.of_person(scoped.user)) == {made, kept, live}
    assert announced(scoped.organisation.pk).recordings == 3
    assert incoming.sweep() == 1
    assert set(Upload.objects.all()) == {made, kept, live}


@pytest.mark.parametrize("off", [timedelta(days=-2), timedelta(days=2)], ids=["behind", "ahead"])
@pytest.mark.parametrize(
    ("until", "state"),
    [
        (timedelta(minutes=1), UploadState.CHECKING),
        (timedelta(seconds=-1), UploadState.OPEN),
        (3 * incoming.CHECK, UploadState.OPEN),
    ],
    ids=["ahead", "past", "from before the clock jumped back"],
)
def test_how_long_a_check_lasts_the_databases_clock_tells(scoped, monkeypatch, off, until, state):
    right = timezone.now
    upload = save(announce(scoped), state=UploadState.CHECKING, checking_until=right() + until)
    monkeypatch.setattr(timezone, "now", lambda: right() + off)

    assert incoming.state_of(upload) == state

    if state == UploadState.CHECKING:
        refused("upload_checking", receive, upload, b"abc")
    else:
        receive(upload, b"abc")
        assert incoming.sent(Upload.objects.get()).whole


def late(upload, **fields):
    return save(upload, expires_at=timezone.now() - timedelta(minutes=1), **fields)


def test_what_expired_is_swept_in_every_organisation(acme, other, storage):
    kept = []
    for place in (acme, other):
        with tenant(place.organisation.pk):
            gone, parts, live = announce(place), announce(place), announce(place)
            for upload in (gone, live):
                receive(upload, b"abc")
            send_part(parts, 1, b"abc")
            late(gone)
            late(parts)
            kept.append(live.storage_key)

    tasks.sweep()

    assert stored_files(storage) == sorted(kept)
    for place in (acme, other):
        with tenant(place.organisation.pk):
            assert Upload.objects.count() == 1


def test_what_a_broken_check_left_is_swept_and_not_what_is_being_checked(scoped, storage):
    now = timezone.now()
    broken, live = announce(scoped), announce(scoped)
    for upload in (broken, live):
        receive(upload, b"abc")
    late(broken, state=UploadState.CHECKING, checking_until=now - timedelta(seconds=1))
    late(live, state=UploadState.CHECKING, checking_until=now + timedelta(minutes=1))
    # A request that was killed while it received left what no row names.
    folder = live.storage_key.rpartition("/")[0].replace(str(live.pk), str(broken.pk))
    default_storage.save(f"{folder}/media-1", BytesIO(b"half"))

    assert incoming.sweep() == 1

    assert Upload.objects.get() == live
    assert stored_files(storage) == [live.storage_key]


def test_the_notes_of_what_was_finished_are_swept_and_not_the_recordings(scoped, storage, clip):
    done, deleted = announce(scoped, len(clip)), announce(scoped, len(clip) + 16)
    receive(done, clip)
    receive(deleted, another(clip))
    recording, gone = finish(done), finish(deleted)
    gone.delete()
    for upload in Upload.objects.all():
        late(upload)
    default_storage.save(f"{recording.storage_key}-half", BytesIO(b"half"))

    assert incoming.sweep() == 2

    assert stored_files(storage) == [recording.storage_key]
    assert Recording.objects.get() == recording
    assert not Upload.objects.exists()
