import hashlib

import pytest

from accounts.domain.lawful import declarations
from accounts.models import AuditRecord
from analysis import confined
from analysis.domain.intake import admission
from analysis.domain.intake.uploads import Announced, facts_of
from analysis.models import Recording, Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory
from tests.support.tenants import save


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


@pytest.fixture
def path(tmp_path, clip):
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip)
    return path


def recording(place):
    return Recording(**facts_of(Announced("a.mp4"), place.project, place.user), storage_key="key")


def test_size_and_digest_are_our_own(path, clip):
    ticks = []
    looked = admission.look(path, lambda: ticks.append(1))
    assert (looked.size, looked.sha256) == (len(clip), hashlib.sha256(clip).hexdigest())
    assert (looked.info.width, looked.info.codec) == (320, "h264")
    assert ticks


def test_what_is_plainly_something_else_is_opened_by_no_decoder(path, monkeypatch):
    monkeypatch.setattr(confined, "probe", None)
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(UserError) as refused:
        admission.look(path)
    assert refused.value.code == "type_not_allowed"


@pytest.mark.parametrize(("reason", "tries"), [("time", 2), ("crash", 1)])
def test_a_decoder_that_was_too_slow_is_tried_once_more(path, monkeypatch, reason, tries):
    tried = []

    def fail(*_args):
        tried.append(1)
        raise confined.DecoderFailedError(reason=reason)

    monkeypatch.setattr(confined, "probe", fail)
    with pytest.raises(UserError) as refused:
        admission.look(path)
    assert refused.value.code == "decoder_failed"
    assert len(tried) == tries


def test_a_recording_is_made_with_its_run(scoped, path):
    looked = admission.look(path)
    made = recording(scoped)
    admission.admit(made, looked, " P-1 ")
    made.refresh_from_db()
    assert (made.sha256, made.subject.label) == (looked.sha256, "P-1")
    assert made.runs.get().media_facts["width"] == 320
    assert AuditRecord.objects.filter(action="recording.uploaded").count() == 1


def test_neither_the_same_content_nor_more_than_there_is_room_for(scoped, path):
    looked = admission.look(path)
    first = recording(scoped)
    admission.admit(first, looked, "")
    with pytest.raises(UserError) as refused:
        admission.admit(recording(scoped), looked, "P-2")
    assert refused.value.facts == {"recording": str(first.pk)}
    save(scoped.organisation, quota_recordings=1)
    with pytest.raises(UserError) as refused:
        admission.admit(recording(scoped), looked, "P-2")
    assert refused.value.code == "quota_recordings"
    assert (Recording.objects.count(), Run.objects.count()) == (1, 1)
    assert not scoped.project.subjects.exists()


def test_another_organisations_content_is_not_known(acme, other, path):
    sha256 = admission.look(path).sha256
    with tenant(other.organisation.pk):
        save(other.recording(), sha256=sha256)
    with tenant(acme.organisation.pk):
        admission.refuse_known(sha256, acme.project)
        assert admission.known(sha256, acme.project) is None
    with tenant(other.organisation.pk), pytest.raises(UserError):
        admission.refuse_known(sha256, other.project)


def test_what_may_not_be_analysed_yet_is_kept_and_waits(scoped, path):
    scoped.project = ProjectFactory(organisation=scoped.organisation, declared=False)
    kept = recording(scoped)

    admission.admit(kept, admission.look(path), "P-01")

    assert (kept.analysis_wanted, kept.subject.label) == (True, "P-01")
    assert kept.media_facts["width"] == 320
    assert not Run.objects.exists()
    actions = list(AuditRecord.objects.order_by("number").values_list("action", "facts"))
    assert actions[-1] == ("run.refused", {"missing": "declaration_missing"})


def test_what_may_be_analysed_is_requested_under_its_declaration(scoped, path):
    kept = recording(scoped)

    admission.admit(kept, admission.look(path), "")

    assert not kept.analysis_wanted
    run = Run.objects.get()
    assert run.declaration == declarations.current(scoped.project)
    assert run.media_facts == kept.media_facts
