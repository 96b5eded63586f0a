import hashlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile, TemporaryUploadedFile
from django_q.models import OrmQ

from accounts.models import AuditRecord, Subject
from analysis.domain.intake import uploads
from analysis.domain.work import runs
from analysis.enums import RunState
from analysis.models import Document, Recording, Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support import clips
from tests.support.uploads import another


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def on_disk(name, content):
    upload = TemporaryUploadedFile(name, "video/mp4", len(content), None)
    upload.write(content)
    upload.flush()
    return upload


def in_memory(name, content):
    return InMemoryUploadedFile(BytesIO(content), "uploads", name, "video/mp4", len(content), None)


def nothing_kept(storage):
    return (
        stored_files(storage) == []
        and not Recording.objects.exists()
        and not Document.objects.exists()
        and not Run.objects.exists()
        and not Subject.objects.exists()
        and not OrmQ.objects.exists()
    )


@pytest.mark.parametrize("kind", [on_disk, in_memory])
def test_a_recording_is_stored_with_a_requested_run(scoped, clip, kind):
    with kind("Speech one.mp4", clip) as upload:
        recording = uploads.receive_recording(upload, scoped.project, scoped.user)
    recording.refresh_from_db()
    assert (recording.title, recording.original_name) == ("Speech one", "Speech one.mp4")
    assert (recording.size, recording.sha256) == (len(clip), hashlib.sha256(clip).hexdigest())
    assert (recording.project, recording.uploaded_by, recording.subject) == (
        scoped.project,
        scoped.user,
        None,
    )
    assert recording.storage_key == f"{scoped.organisation.pk}/recordings/{recording.pk}/media"
    with default_storage.open(recording.storage_key) as stored:
        assert stored.read() == clip
    run = recording.runs.get()
    assert (run.state, run.requested_by) == (RunState.REQUESTED, scoped.user)
    assert (run.media_facts["width"], run.media_facts["height"], run.media_facts["codec"]) == (
        320,
        240,
        "h264",
    )
    assert run.media_facts["seconds"] == pytest.approx(1.0, abs=0.05)
    assert [task.task["args"] for task in OrmQ.objects.all()] == [(str(scoped.organisation.pk), str(run.pk))]


def test_a_subject_is_made_once_for_each_label(scoped, clip):
    contents = iter(range(9))

    def receive(label):
        content = another(clip, next(contents))
        return uploads.receive_recording(
            in_memory("a.mp4", content), scoped.project, scoped.user, "Talk", subject_label=label
        ).subject

    first = receive("P-014")
    assert receive(" p-014 ") == first
    assert receive("P-015") != first
    assert receive("  ") is None
    assert [subject.label for subject in Subject.objects.all()] == ["P-014", "P-015"]
    assert {subject.project for subject in Subject.objects.all()} == {scoped.project}


@pytest.fixture
def refused_files(tmp_path, clip):
    source = tmp_path / "source.mp4"
    source.write_bytes(clip)
    return {
        "empty_file": b"",
        "type_not_allowed": b"MZ\x90\0" + bytes(5000),
        "unreadable": b"This is a letter, not a video. " * 50,
        "no_video_stream": clips.sound_only(tmp_path / "sound.m4a").read_bytes(),
        "unsupported_codec": clips.with_codec_tag(tmp_path / "odd.mp4", source).read_bytes(),
    }


@pytest.mark.parametrize(
    "code", ["empty_file", "type_not_allowed", "unreadable", "no_video_stream", "unsupported_codec"]
)
def test_what_cannot_be_analysed_is_refused_at_once_and_not_kept(scoped, storage, refused_files, code):
    with pytest.raises(UserError) as refused, on_disk("a.mp4", refused_files[code]) as upload:
        uploads.receive_recording(upload, scoped.project, scoped.user, subject_label="P-1")
    assert refused.value.code == code
    assert str(refused.value.sentence).endswith(".")
    assert nothing_kept(storage)
    trail = AuditRecord.objects.get()
    assert (trail.action, trail.target) == ("upload.refused", str(scoped.project.pk))
    assert trail.facts == {"code": code, "size": len(refused_files[code])}


def test_the_same_content_is_recognised(scoped, storage, clip):
    first = uploads.receive_recording(in_memory("a.mp4", clip), scoped.project, scoped.user)
    with pytest.raises(UserError) as refused:
        uploads.receive_recording(
            in_memory("b.mov", clip), scoped.project, scoped.user, "Other", subject_label="P"
        )
    assert (refused.value.code, refused.value.facts) == ("already_uploaded", {"recording": str(first.pk)})
    assert stored_files(storage) == [first.storage_key]
    assert not Subject.objects.exists()


def test_a_recording_that_is_too_long_is_refused(scoped, storage, clip, settings):
    settings.MAX_SECONDS = 0.5
    with pytest.raises(UserError) as refused:
        uploads.receive_recording(in_memory("a.mp4", clip), scoped.project, scoped.user)
    assert refused.value.code == "too_long"
    assert nothing_kept(storage)


def test_a_file_over_the_limit_is_refused(scoped, storage, clip, settings):
    settings.MAX_UPLOAD_BYTES = len(clip) - 1
    with pytest.raises(UserError) as refused:
        uploads.receive_recording(in_memory("a.mp4", clip), scoped.project, scoped.user)
    assert (refused.value.code, refused.value.status) == ("too_large", 413)
    with pytest.raises(UserError):
        uploads.receive_document(in_memory("a.txt", clip), scoped.project, scoped.user)
    assert nothing_kept(storage)


def test_nothing_is_kept_when_the_run_cannot_be_requested(scoped, storage, clip, monkeypatch):
    class DownError(Exception):
        pass

    def refuse(*_args):
        raise DownError

    monkeypatch.setattr(runs, "request", refuse)
    with pytest.raises(DownError):
        uploads.receive_recording(in_memory("a.mp4", clip), scoped.project, scoped.user, subject_label="P")
    assert nothing_kept(storage)


@pytest.mark.parametrize(
    ("fault", "told"),
    [(ConnectionRefusedError(), ("storage_unavailable", 503)), (OSError(28, "full"), ("storage_full", 507))],
    ids=["away", "full"],
)
@pytest.mark.parametrize("receive", [uploads.receive_recording, uploads.receive_document])
def test_while_storage_is_down_nothing_is_kept_and_nobody_is_blamed(
    scoped, storage, clip, monkeypatch, receive, fault, told
):
    def down(*_args):
        raise fault

    name = "a.mp4" if receive is uploads.receive_recording else "a.txt"
    content = clip if name == "a.mp4" else b"notes"
    with monkeypatch.context() as patch:
        patch.setattr(uploads.objects, "store", down)
        with pytest.raises(UserError) as refused:
            receive(in_memory(name, content), scoped.project, scoped.user)
    assert (refused.value.code, refused.value.status) == told
    assert nothing_kept(storage)
    assert not AuditRecord.objects.exists()
    assert receive(in_memory(name, content), scoped.project, scoped.user).size == len(content)


def test_a_document_is_stored(scoped):
    content = "Notes: ä".encode()
    upload = SimpleUploadedFile("Notes of May.txt", content)
    document = uploads.receive_document(upload, scoped.project, scoped.user)
    document.refresh_from_db()
    assert (document.title, document.original_name) == ("Notes of May", "Notes of May.txt")
    assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with default_storage.open(document.storage_key) as stored:
        assert stored.read() == content
    assert document.storage_key == f"{scoped.organisation.pk}/documents/{document.pk}/file"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notes.txt", b"", "empty_file"),
        ("tool.exe", b"MZ", "type_not_allowed"),
        ("paper.pdf", b"MZ\0\0", "content_differs"),
    ],
)
def test_other_documents_are_refused_and_not_kept(scoped, storage, name, content, code):
    with pytest.raises(UserError) as refused:
        uploads.receive_document(in_memory(name, content), scoped.project, scoped.user)
    assert refused.value.code == code
    assert nothing_kept(storage)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("talk.mp4", "talk.mp4"),
        ("C:\\Users\\me\\talk.mp4", "talk.mp4"),
        ("../../etc/passwd", "passwd"),
        ("ta\x00l\u202ek.mp4", "talk.mp4"),
        ("a" * 300 + ".mp4", "a" * 196 + ".mp4"),
        ("", "unnamed"),
    ],
)
def test_file_names_are_made_plain(given, kept):
    upload = SimpleUploadedFile("x", b"")
    upload._name = given
    assert uploads.file_name(upload) == kept
