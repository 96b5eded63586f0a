from datetime import timedelta

import av
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditRecord
from analysis.domain.intake import incoming
from analysis.domain.intake.uploads import Announced
from analysis.models import Document, Recording, Run, Upload
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import asking, receiving
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.factories import DocumentFactory, ProjectFactory, RecordingFactory, SampleRequestFactory
from tests.support.clips import portrait_clip
from tests.support.samples import asked, desk
from tests.support.tenants import every, fresh, save
from tests.support.uploads import another, send_parts

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    return portrait_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", frames=30).read_bytes()


@pytest.fixture
def sample() -> SampleRequest:
    """Asked for, and not confirmed."""
    desk()
    return asked().sample


def long_clip(path, seconds: int) -> bytes:
    """Small pictures, one a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 32
        for number in range(seconds):
            picture = np.full((32, 32, 3), number % 250, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    return path.read_bytes()


def take(sample, content, name="Our pitch.mp4", **more):
    with tenant(sample.organisation_id):
        return receiving.take(sample, SimpleUploadedFile(name, content), **{"is_document": False} | more)


def announce(sample, content, key="k1"):
    with tenant(sample.organisation_id):
        said = Announced("Our pitch.mp4", subject_label=sample.reference)
        return receiving.announce(sample, said, len(content), key)


def confirm(sample):
    with tenant(sample.organisation_id):
        asking.confirm(sample)


def trail():
    return [line.action for line in every(AuditRecord)]


def test_nothing_is_analysed_before_the_address_is_confirmed_and_then_it_begins(
    sample, clip, django_capture_on_commit_callbacks, mailoutbox
):
    recording = take(sample, clip)
    before = fresh(sample), every(Run), len(mailoutbox)

    with django_capture_on_commit_callbacks(execute=True):
        confirm(sample)

    assert (before[0].state, before[0].recording_id, before[0].due_on) == (
        SampleState.UNCONFIRMED,
        recording.pk,
        None,
    )
    assert before[1:] == ([], 0)
    (run,) = every(Run)
    stored = fresh(sample)
    assert (run.recording_id, stored.state) == (recording.pk, SampleState.RECEIVED)
    assert timezone.now() - stored.received_at < timedelta(minutes=1)
    assert stored.due_on > timezone.localdate()
    (mail,) = mailoutbox
    assert mail.to == ["grace@prospect.example"]
    assert sample.reference in mail.subject
    assert f"{stored.due_on:%A}, {stored.due_on.day} {stored.due_on:%B %Y}" in mail.body
    assert trail().count("sample.received") == 1


def test_a_file_of_a_confirmed_request_begins_its_days_at_once(sample, clip):
    confirm(sample)

    recording = take(sample, clip)

    assert (fresh(sample).state, fresh(sample).recording_id) == (SampleState.RECEIVED, recording.pk)
    assert [run.recording_id for run in every(Run)] == [recording.pk]
    assert (recording.uploaded_by_id, recording.original_name) == (None, "Our pitch.mp4")


def test_settling_again_changes_nothing(sample, clip):
    confirm(sample)
    take(sample, clip)
    save(fresh(sample), due_on=timezone.localdate())

    with tenant(sample.organisation_id):
        receiving.settle(fresh(sample))

    assert fresh(sample).due_on == timezone.localdate()
    assert trail().count("sample.received") == 1


def test_a_mail_server_that_is_away_keeps_nothing_from_being_received(
    sample, clip, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    def away(*_args, **_more):
        raise ConnectionRefusedError

    confirm(sample)
    monkeypatch.setattr(receiving.mails, "send", away)

    with django_capture_on_commit_callbacks(execute=True):
        take(sample, clip)

    assert fresh(sample).state == SampleState.RECEIVED
    assert "was not taken" in caplog.text
    assert "grace" not in caplog.text


def test_a_recording_comes_in_parts(sample, clip):
    confirm(sample)
    upload = announce(sample, clip)
    upload.part_size = 1024
    with tenant(sample.organisation_id):
        upload.save()
        send_parts(upload, clip)
        recording = receiving.finish(sample, upload)
        again = receiving.finish(sample, upload)

    assert recording.pk == again.pk == fresh(sample).recording_id
    assert [found.pk for found in every(Recording)] == [recording.pk]
    assert fresh(sample).state == SampleState.RECEIVED


def test_a_second_file_takes_the_place_of_one_that_was_begun_and_the_same_goes_on(sample, clip):
    first = announce(sample, clip)
    same = announce(sample, clip)
    second = announce(sample, another(clip), key="k2")

    assert same.pk == first.pk
    assert [upload.pk for upload in every(Upload)] == [second.pk]


def test_one_file_is_taken_and_no_more(sample, clip):
    recording = take(sample, clip)

    for send in (
        lambda: take(sample, another(clip)),
        lambda: take(sample, b"notes", "notes.txt", is_document=True),
        lambda: announce(sample, another(clip)),
    ):
        with pytest.raises(UserError) as refusal:
            send()
        assert (refusal.value.code, refusal.value.status) == ("sample_has_file", 409)
    assert fresh(sample).recording_id == recording.pk
    assert (len(every(Recording)), every(Document), every(Upload)) == (1, [], [])


@pytest.mark.parametrize("state", [SampleState.DECLINED, SampleState.WITHDRAWN, SampleState.DELIVERED])
def test_a_request_that_is_over_takes_none(sample, clip, state):
    with pytest.raises(UserError) as refusal:
        take(save(sample, state=state), clip)
    assert refusal.value.code == "sample_has_file"
    assert every(Recording) == []


def test_a_document_is_received_and_told_as_one(sample):
    confirm(sample)

    document = take(sample, b"Our speech, word by word.", "speech.txt", is_document=True)

    stored = fresh(sample)
    assert (stored.document_id, stored.recording_id, stored.state) == (
        document.pk,
        None,
        SampleState.RECEIVED,
    )
    assert every(Run) == []


def test_a_recording_that_is_too_long_leaves_nothing(sample, tmp_path):
    content = long_clip(tmp_path / "long.mp4", 603)
    upload = announce(sample, content)

    with pytest.raises(UserError) as by_form:
        take(sample, content)
    upload.part_size = 1024
    with tenant(sample.organisation_id):
        upload.save()
        send_parts(upload, content)
        with pytest.raises(UserError) as in_parts:
            receiving.finish(sample, upload)

    assert by_form.value.code == in_parts.value.code == "sample_too_long"
    assert "10 minutes" in str(in_parts.value.sentence)
    assert (every(Recording), fresh(sample).recording_id) == ([], None)
    assert (fresh(upload).state, fresh(upload).error_code) == ("refused", "sample_too_long")
    assert stored_of(tmp_path) == []


def stored_of(tmp_path):
    return [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "document", "code"),
    [
        (b"This is not a video. " * 20, "pitch.mp4", False, "unreadable"),
        (b"%PDF-1.7 " * 40, "pitch.mp4", False, "type_not_allowed"),
        (b"", "pitch.mp4", False, "empty_file"),
        (b"MZ\x90\x00" * 40, "notes.pdf", True, "content_differs"),
        (b"", "notes.txt", True, "empty_file"),
        (b"\x00\x01" * 100, "notes.md", True, "content_differs"),
    ],
)
def test_hostile_files_are_refused_as_in_the_portal_and_leave_nothing(
    sample, tmp_path, content, name, document, code
):
    with pytest.raises(UserError) as refusal:
        take(sample, content, name, is_document=document)

    assert refusal.value.code == code
    assert (every(Recording), every(Document), stored_of(tmp_path)) == ([], [], [])
    assert (fresh(sample).recording_id, fresh(sample).document_id) == (None, None)


def test_files_that_are_too_large_are_refused_before_they_come(sample, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BYTES", 10)
    monkeypatch.setattr(receiving, "MOST_DOCUMENT_BYTES", 5)

    for send in (
        lambda: announce(sample, b"x" * 11),
        lambda: take(sample, b"x" * 11),
        lambda: take(sample, b"x" * 6, "a.txt", is_document=True),
    ):
        with pytest.raises(UserError) as refusal:
            send()
        assert (refusal.value.code, refusal.value.status) == ("too_large", 413)
    assert (every(Upload), every(Document)) == ([], [])


def test_two_prospects_may_send_the_same_and_neither_is_told_of_the_other(sample, clip):
    other = asked(email="ada@other.example").sample
    take(other, clip, "Secret of others.mp4")

    mine = take(sample, clip)

    assert fresh(sample).recording_id == mine.pk
    assert len(every(Recording)) == 2


def test_what_staff_put_into_the_project_is_found():
    place = desk()
    project = ProjectFactory(organisation=place)
    sample = SampleRequestFactory(project=project)
    RecordingFactory(project=ProjectFactory(organisation=place))
    document = DocumentFactory(project=project)

    with tenant(sample.organisation_id):
        receiving.settle(sample)

    stored = fresh(sample)
    assert (stored.document_id, stored.recording_id, stored.state) == (
        document.pk,
        None,
        SampleState.RECEIVED,
    )


def silent_clip(path, seconds: int) -> bytes:
    """Such as browsers record: WebM that does not say how long it is."""
    options = {"live": "1"}
    with av.open(str(path), "w", format="webm", options=options) as container:
        stream = container.add_stream("libvpx", rate=1)
        stream.width = stream.height = 32
        for number in range(seconds):
            picture = np.full((32, 32, 3), number % 250, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    with av.open(str(path)) as container:
        assert container.duration is None
    return path.read_bytes()


def test_one_that_does_not_say_how_long_it_is_is_looked_through(sample, tmp_path):
    with pytest.raises(UserError) as refusal:
        take(sample, silent_clip(tmp_path / "long.webm", 603), "Our pitch.webm")
    assert refusal.value.code == "sample_too_long"
    assert every(Recording) == []

    recording = take(sample, silent_clip(tmp_path / "short.webm", 20), "Our pitch.webm")
    assert fresh(sample).recording_id == recording.pk


def sent_in_parts(sample, content, key="k1"):
    upload = announce(sample, content, key)
    upload.part_size = 1024
    with tenant(sample.organisation_id):
        upload.save()
        send_parts(upload, content)
    return upload


def test_what_was_begun_is_given_up_when_another_file_comes(sample, clip, tmp_path):
    upload = sent_in_parts(sample, clip)

    document = take(sample, b"Our speech, word by word.", "speech.txt", is_document=True)

    assert every(Upload) == []
    with tenant(sample.organisation_id), pytest.raises(UserError) as refusal:
        receiving.finish(fresh(sample), upload)
    assert refusal.value.code == "sample_has_file"
    assert (every(Recording), fresh(sample).document_id) == ([], document.pk)
    assert len(stored_of(tmp_path)) == 1


@pytest.mark.parametrize("meanwhile", ["declined", "another file"])
def test_what_happens_during_the_check_keeps_the_file_out(sample, clip, tmp_path, monkeypatch, meanwhile):
    upload = sent_in_parts(sample, clip)
    looked = receiving.is_longer
    save(sample, state=SampleState.OPEN)

    def later(*told):
        rows = SampleRequest.objects.filter(pk=sample.pk)
        if meanwhile == "declined":
            rows.update(state=SampleState.DECLINED)
        else:
            rows.update(document=DocumentFactory(project=sample.project))
        return looked(*told)

    monkeypatch.setattr(receiving, "is_longer", later)
    with tenant(sample.organisation_id), pytest.raises(UserError) as refusal:
        receiving.finish(fresh(sample), upload)

    assert refusal.value.code == "sample_has_file"
    assert (every(Recording), every(Run), fresh(sample).recording_id) == ([], [], None)
    assert (fresh(upload).state, fresh(upload).error_code) == ("refused", "sample_has_file")
    assert not [path for path in stored_of(tmp_path) if str(upload.pk) in str(path)]


@pytest.mark.parametrize("document", [True, False])
def test_of_two_forms_at_once_the_second_finds_no_place(sample, clip, tmp_path, document):
    """Both looked when none was there."""
    stale = fresh(sample)
    recording = take(sample, clip)
    content = b"Our speech, word by word." if document else another(clip)

    with pytest.raises(UserError) as refusal:
        take(stale, content, "speech.txt" if document else "b.mp4", is_document=document)

    assert refusal.value.code == "sample_has_file"
    assert [found.pk for found in every(Recording)] == [recording.pk]
    assert (every(Document), len(stored_of(tmp_path))) == ([], 1)


def test_those_who_only_asked_keep_nobody_out(sample, clip, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_OPEN", 1)
    first, second = announce(asked(email="ada@other.example").sample, clip), announce(sample, clip)
    assert {upload.pk for upload in every(Upload)} == {first.pk, second.pk}


def test_a_file_that_was_deleted_may_be_sent_again_and_the_days_begin_anew(sample, clip):
    with tenant(sample.organisation_id):
        asking.confirm(sample)
    take(sample, clip)
    first = save(fresh(sample), due_on=timezone.localdate() - timedelta(days=9), pauses=[["a", "b"]])
    with tenant(sample.organisation_id):
        Recording.objects.all().delete()
    again = fresh(first)
    take(again, clip)

    stored = fresh(sample)
    assert (stored.state, stored.pauses) == (SampleState.RECEIVED, [])
    assert stored.recording_id == every(Recording)[0].pk
    assert stored.due_on > timezone.localdate()
    assert stored.received_at > first.received_at


def test_a_question_still_waits_for_its_answer_when_a_file_is_sent_again(sample, clip):
    save(sample, state=SampleState.ASKED, paused_at=timezone.now(), due_on=timezone.localdate())
    take(sample, clip)

    stored = fresh(sample)
    assert (stored.state, stored.due_on) == (SampleState.ASKED, sample.due_on)
    assert stored.recording_id
