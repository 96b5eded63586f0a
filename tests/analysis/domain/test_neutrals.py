import dataclasses

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from analysis.domain import erasure, neutrals
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import SubjectNeutral
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.erasing import erase_all
from tests.support.results import example_result, unscored_track


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


@pytest.fixture
def subject(scoped):
    return SubjectFactory(project=scoped.project, label="Speaker 1")


def finished(scoped, subject, result=None, title="Interview"):
    """A run of a recording of the subject, with its result in storage."""
    run = scoped.run(scoped.recording(title, subject=subject), state=RunState.DONE)
    text = to_json(result or example_result(60)) if not isinstance(result, str) else result
    name = f"{run.organisation_id}/runs/{run.pk}/lease/result.json"
    run.result_key = default_storage.save(name, ContentFile(text.encode())) if text else ""
    run.save()
    return run


def with_source(source):
    result = example_result(60)
    neutral = dataclasses.replace(result.tracks[0].neutral, source=source)
    return dataclasses.replace(result, tracks=(dataclasses.replace(result.tracks[0], neutral=neutral),))


def test_a_results_neutral_is_kept_for_its_subject(scoped, subject):
    run = finished(scoped, subject)
    neutrals.keep(run, scoped.user)

    kept = neutrals.current(subject.pk)
    assert (kept.run, kept.subject, kept.kept_by) == (run, subject, scoped.user)
    assert kept.ended_at is None
    assert neutrals.kept_result(kept.pk).frames_sha256 == example_result(60).frames_sha256


def test_nothing_is_kept_of_others(scoped, subject):
    neutrals.keep(finished(scoped, subject), scoped.user)

    assert neutrals.current(SubjectFactory(project=scoped.project).pk) is None
    assert neutrals.current(None) is None


def test_another_one_takes_its_place_and_the_first_stays_on_record(scoped, subject):
    first = neutrals.keep(finished(scoped, subject), scoped.user)
    second = neutrals.keep(finished(scoped, subject, with_source("marked")), scoped.user)

    assert neutrals.current(subject.pk) == second
    first.refresh_from_db()
    assert first.ended_by == scoped.user
    assert first.kept_at <= first.ended_at


def test_reset(scoped, subject):
    kept = neutrals.keep(finished(scoped, subject), scoped.user)

    assert neutrals.reset(subject, scoped.user)
    assert neutrals.current(subject.pk) is None
    kept.refresh_from_db()
    assert kept.ended_by == scoped.user
    assert not neutrals.reset(subject, scoped.user)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (lambda: with_source("carried"), "neutral_carried"),
        (lambda: dataclasses.replace(example_result(60), tracks=(unscored_track(60),)), "no_neutral"),
        (lambda: '{"schema": 0}', "result_missing"),
        (lambda: "", "result_missing"),
        (lambda: '{"schema": 1, "tracks": []}', "result_missing"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(scoped, subject, result, code):
    kept = neutrals.keep(finished(scoped, subject), scoped.user)
    run = finished(scoped, subject, result())

    with pytest.raises(UserError) as caught:
        neutrals.keep(run, scoped.user)

    assert caught.value.code == code
    assert neutrals.current(subject.pk) == kept


def test_without_a_subject_there_is_nobody_to_keep_it_for(scoped):
    with pytest.raises(UserError) as caught:
        neutrals.keep(finished(scoped, None), scoped.user)

    assert caught.value.code == "no_subject"
    assert not SubjectNeutral.objects.exists()


def test_a_deleted_recording_leaves_the_record_and_no_result(scoped, subject):
    run = finished(scoped, subject)
    kept = neutrals.keep(run, scoped.user)
    erasure.erase_recording(run.recording)
    erase_all()

    kept.refresh_from_db()
    assert (kept.run, kept.kept_by) == (None, scoped.user)
    assert neutrals.kept_result(kept.pk) is None
    assert neutrals.current(subject.pk) == kept


def test_a_subject_never_has_two(scoped, subject):
    neutrals.keep(finished(scoped, subject), scoped.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectNeutral.objects.create(organisation=scoped.organisation, subject=subject)


def test_another_organisation_does_not_find_it(scoped, subject, other):
    neutrals.keep(finished(scoped, subject), scoped.user)

    with tenant(other.organisation.pk):
        assert neutrals.current(subject.pk) is None
