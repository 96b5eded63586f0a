import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import SubjectNeutral
from tests.factories import SubjectFactory
from tests.support.results import example_result, unscored_track
from tests.support.tenants import every, save


@pytest.fixture
def subject(acme):
    return SubjectFactory(project=acme.project, label="Speaker 1")


def finished(acme, subject, **changes):
    run = acme.run(acme.recording("Talk", subject=subject), state=RunState.DONE)
    text = to_json(example_result(60, **changes))
    run.result_key = default_storage.save(f"{run.pk}/result.json", ContentFile(text.encode()))
    save(run)
    return run


def keep(acme, run, **options):
    return acme.client().post(acme.address(f"runs/{run.pk}/neutral/keep/"), **options)


def reset(acme, subject, **options):
    address = acme.address(f"projects/{subject.project_id}/subjects/{subject.pk}/neutral/reset/")
    return acme.client().post(address, **options)


def rows():
    return sorted(every(SubjectNeutral), key=lambda row: row.kept_at)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_analyst_keeps_a_results_neutral(acme, subject):
    run = finished(acme, subject)

    answer = keep(acme, run)

    assert (answer.status_code, answer.url) == (302, acme.address(f"results/{run.pk}/"))
    (kept,) = rows()
    assert (kept.subject_id, kept.run_id) == (subject.pk, run.pk)
    assert (kept.kept_by, kept.ended_at) == (acme.user, None)


def test_what_cannot_be_kept_is_refused_in_words(acme, subject):
    answer = keep(acme, finished(acme, subject, tracks=(unscored_track(60),)))

    assert answer.status_code == 409
    assert "No frame of this recording was scored: it has no neutral." in text_of(answer)
    assert rows() == []


def test_an_analyst_resets_it(acme, subject):
    keep(acme, finished(acme, subject))

    answer = reset(acme, subject, follow=True)

    assert "No neutral is kept for Speaker 1 any more." in text_of(answer)
    (kept,) = rows()
    assert kept.ended_by == acme.user
    assert "any more" not in text_of(reset(acme, subject, follow=True))
