"""What becomes of a run, whatever the engine does; the engine itself is tested apart."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.domain import erasure, neutrals, objects
from analysis.domain.work import heartbeat, runs
from analysis.domain.work.execute import execute
from analysis.domain.work.interrupt import stop_asked
from analysis.domain.work.leases import ATTEMPTS
from analysis.engine.errors import UnsupportedCodecError
from analysis.engine.findings.cohorts import shipped
from analysis.engine.neutral_choice import Kept, Span
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.engines import FRAMES, fake_engine
from tests.support.erasing import erase_all, nobody_writes
from tests.support.results import example_result


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


@pytest.fixture
def stopping():
    stop_asked.set()
    yield
    stop_asked.clear()


good_engine = fake_engine()


def raising(error):
    """An engine whose pass 1 breaks off so."""

    def broken(*_args):
        raise error

    return fake_engine(segment=broken)


def scoring(finish):
    """An engine whose pass 2 is this."""
    return fake_engine(finish=lambda _plan, _parts, *rest: finish(*rest))


def well(folder, progress, config=None):
    (folder / "frames.parquet").write_bytes(FRAMES)
    progress("scoring", 1, 1)
    return example_result(60)


def stored(run):
    folder = default_storage.path(objects.run_folder(run.organisation_id, run.pk))
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def content(key):
    with default_storage.open(key) as handle:
        return handle.read()


def test_the_marked_neutral_reaches_the_engine(scoped):
    seen = []
    for marked in (None, (1.5, 3.0)):
        run = runs.request(scoped.recording(), None, {}, marked)
        execute(run.pk, noting(seen))
    assert seen == [None, Span(1.5, 3.0)]


def noting(seen):
    """An engine that notes the neutral it is given."""

    def finish(folder, progress, config):
        seen.append(config.neutral)
        return well(folder, progress)

    return scoring(finish)


@pytest.fixture
def kept(scoped):
    """A subject whose neutral is kept from a finished run; the run."""
    subject = SubjectFactory(project=scoped.project)
    run = scoped.run(scoped.recording("First", subject=subject))
    execute(run.pk, good_engine)
    runs.finish(run.pk)
    run.refresh_from_db()
    neutrals.keep(run, scoped.user)
    return run


def second(scoped, kept, marked=None):
    recording = scoped.recording("Second", subject=kept.recording.subject)
    return runs.request(recording, None, {}, marked)


def test_the_subjects_kept_neutral_reaches_the_engine(scoped, kept):
    seen = []
    execute(second(scoped, kept).pk, noting(seen))

    (given,) = seen
    assert given.result.frames_sha256 == example_result(60).frames_sha256


def test_a_mark_comes_before_what_is_kept(scoped, kept):
    seen = []
    run = second(scoped, kept, (1.5, 3.0))
    execute(run.pk, noting(seen))

    assert seen == [Span(1.5, 3.0)]
    assert run.kept_neutral is None


def test_a_run_keeps_to_what_was_kept_when_it_was_requested(scoped, kept):
    seen = []
    run = second(scoped, kept)
    neutrals.reset(kept.recording.subject, scoped.user)
    execute(run.pk, noting(seen))

    assert seen[0].result is not None


def test_a_kept_neutral_whose_recording_was_deleted_fails_nothing(scoped, kept):
    seen = []
    run = second(scoped, kept)
    erasure.erase_recording(kept.recording)
    nobody_writes()
    erase_all()
    execute(run.pk, noting(seen))

    assert seen == [Kept(None)]
    run.refresh_from_db()
    assert run.state == RunState.REPORTING


def test_a_storage_that_cannot_be_reached_is_tried_again(scoped, kept, monkeypatch):
    def broken(_run):
        raise OSError

    run = second(scoped, kept)
    monkeypatch.setattr("analysis.domain.results.load", broken)
    execute(run.pk, raising(AssertionError("must not be called")))

    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.REQUESTED, "storage_unavailable")


def test_the_declared_cohort_reaches_the_engine_and_its_version_stays_with_the_run(scoped):
    def finish(folder, progress, config):
        return replace(well(folder, progress), cohort=config.cohort)

    kept = []
    for cohort in ("il-he", "", "no-longer-listed"):
        declared = {"cohort": cohort, "cohort_declared_by": "analyst" if cohort else ""}
        subject = SubjectFactory(project=scoped.project, **declared)
        run = runs.request(scoped.recording(subject=subject), None, {})
        execute(run.pk, scoring(finish))
        run.refresh_from_db()
        kept.append((run.cohort, run.cohort_version))

    assert kept == [("il-he", shipped().version), ("", ""), ("no-longer-listed", "")]


def test_a_run_is_seen_through(scoped):
    seen = []

    def look(path, folder, *_rest):
        seen.append((path.read_bytes(), list(folder.iterdir())))

    run = scoped.run(scoped.recording(media=b"moving pictures"))
    execute(run.pk, fake_engine(segment=look))
    run.refresh_from_db()
    assert seen == [(b"moving pictures", [])]
    assert (run.state, run.lease, run.attempts) == (RunState.REPORTING, None, 1)
    assert run.frames_key.startswith(f"{run.organisation_id}/runs/{run.pk}/")
    assert content(run.frames_key) == FRAMES
    expected = example_result(60)
    assert content(run.result_key).decode() == to_json(expected)
    assert run.media_facts["seconds"] == expected.seconds
    assert run.media_facts["frames"] == 60
    first = expected.tracks[0]
    assert run.summary["tracks"] == len(expected.tracks)
    assert set(run.summary["signals"]) == {signal.key for signal in first.signals}
    trust = next(signal for signal in first.signals if signal.key == "trust").overall
    assert run.summary["signals"]["trust"] == {"value": trust.value, "low": trust.low, "high": trust.high}
    json.dumps(run.summary)


def test_what_is_measured_is_kept_in_the_data_folder_as_long_as_the_work_lasts(scoped, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    run = scoped.run()
    seen = []

    def look(path, folder, *_rest):
        run.refresh_from_db()
        seen.append(folder.parent == tmp_path / "work" / f"{run.organisation_id}.{run.lease}")

    execute(run.pk, fake_engine(segment=look))
    assert seen == [True]
    assert list((tmp_path / "work").iterdir()) == []


def test_what_is_not_there_to_claim_is_left_alone(scoped):
    run = scoped.run(state=RunState.DONE)
    execute(run.pk, raising(AssertionError("must not be called")))
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_an_engine_error_fails_the_run_with_its_code(scoped):
    run = scoped.run()
    execute(run.pk, raising(UnsupportedCodecError(codec="mpeg9")))
    run.refresh_from_db()
    assert (run.state, run.error_code, run.error_facts) == (
        RunState.FAILED,
        "unsupported_codec",
        {"codec": "mpeg9"},
    )
    assert stored(run) == []


def test_the_real_engine_without_its_models_fails_with_a_code(scoped, settings, tmp_path, clip):
    settings.MODELS_FOLDER = tmp_path / "none"
    run = scoped.run(scoped.recording(media=clip))
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "models_missing")


def test_an_unexpected_error_is_logged_and_tried_again(scoped, caplog):
    run = scoped.run()
    for attempt in range(1, ATTEMPTS + 1):
        with caplog.at_level(logging.ERROR):
            execute(run.pk, raising(ZeroDivisionError("secret detail")))
        run.refresh_from_db()
        assert run.attempts == attempt
        assert run.state == (RunState.REQUESTED if attempt < ATTEMPTS else RunState.FAILED)
    assert run.error_code == "internal_error"
    assert run.error_facts == {}
    assert caplog.text.count(f"run {run.pk}") == ATTEMPTS
    assert "ZeroDivisionError" in caplog.text


def test_missing_media_fail_the_run(scoped):
    recording = scoped.recording()
    run = scoped.run(recording)
    objects.erase(recording.storage_key)
    execute(run.pk, good_engine)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "media_missing")


def test_storage_that_cannot_be_written_is_tried_again(scoped, storage, caplog):
    run = scoped.run()
    blocked = storage / str(run.organisation_id) / "runs"
    blocked.write_bytes(b"a file where the folder would be")
    execute(run.pk, good_engine)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.REQUESTED, "storage_unavailable")
    assert str(run.pk) in caplog.text


def test_a_cancelled_run_stops_the_engine_and_keeps_nothing(scoped, monkeypatch):
    monkeypatch.setattr(heartbeat, "PROGRESS_SECONDS", 0.0)
    run = scoped.run()
    reached = []

    def cancelled(path, folder, plan, number, limits, progress):
        runs.cancel(run.pk)
        progress("analysing", 20, 60)
        reached.append("the end")

    execute(run.pk, fake_engine(segment=cancelled))
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert reached == []
    assert stored(run) == []


def test_a_run_lost_to_another_worker_at_the_end_keeps_only_the_others_result(scoped):
    run = scoped.run()

    def slow(folder, progress, config):
        result = well(folder, progress)
        Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        execute(run.pk, good_engine)
        return result

    execute(run.pk, scoring(slow))
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.REPORTING, 2)
    assert stored(run) == ["frames.parquet", "result.json"]
    assert default_storage.exists(run.frames_key)


def test_a_worker_that_must_stop_gives_the_run_back(scoped):
    run = scoped.run()

    def told_to_stop(path, folder, plan, number, limits, progress):
        stop_asked.set()
        progress("analysing", 2, 60)

    try:
        execute(run.pk, fake_engine(segment=told_to_stop))
    finally:
        stop_asked.clear()
    run.refresh_from_db()
    assert (run.state, run.attempts, run.lease, run.frames_done) == (RunState.REQUESTED, 0, None, 0)


@pytest.mark.usefixtures("stopping")
def test_a_worker_that_must_stop_takes_nothing_new(scoped):
    run = scoped.run()
    execute(run.pk, raising(AssertionError("must not be called")))
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.REQUESTED, 0)
