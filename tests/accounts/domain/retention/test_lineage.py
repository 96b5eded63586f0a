from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.domain.retention import lineage
from echodepth.tenancy import tenant
from tests.factories import (
    ConsentFactory,
    DocumentFactory,
    RecordingFactory,
    RightsRequestFactory,
    RunFactory,
    SubjectFactory,
)

pytestmark = pytest.mark.django_db


def test_the_way_up_leads_to_the_organisation():
    subject = SubjectFactory()
    run = RunFactory(recording=RecordingFactory(project=subject.project, subject=subject))

    with tenant(run.organisation_id):
        found = lineage.ancestors("run", run.pk)

    assert found == [
        ("recording", run.recording_id),
        ("subject", subject.pk),
        ("project", subject.project_id),
        ("organisation", run.organisation_id),
    ]


def test_the_way_down_leads_to_what_has_due_dates():
    subject = SubjectFactory()
    run = RunFactory(recording=RecordingFactory(project=subject.project, subject=subject))
    RunFactory(recording=RecordingFactory(project=subject.project))

    with tenant(run.organisation_id):
        found = lineage.descendants("subject", subject.pk)

    assert found == [("recording", run.recording_id), ("run", run.pk)]


def test_what_is_unknown_gone_or_anothers_has_nothing_above_it():
    foreign = DocumentFactory()
    own = SubjectFactory()
    with tenant(own.organisation_id):
        assert lineage.ancestors("document", foreign.pk) == []
        assert lineage.ancestors("document", uuid4()) == []
        assert lineage.ancestors("nonsense", own.pk) == []
        assert lineage.describe([("document", foreign.pk), ("nonsense", own.pk)]) == {}


def test_every_kind_is_shown_with_an_address_that_there_is():
    subject = SubjectFactory(label="P-01")
    consent, asked = ConsentFactory(subject=subject), RightsRequestFactory(subject=subject)
    recording = RecordingFactory(project=subject.project, subject=subject)
    run, document = RunFactory(recording=recording), DocumentFactory(project=subject.project)
    things = [
        ("organisation", subject.organisation_id),
        ("project", subject.project_id),
        ("subject", subject.pk),
        ("consent", consent.pk),
        ("rights_request", asked.pk),
        ("recording", recording.pk),
        ("run", run.pk),
        ("document", document.pk),
    ]

    with tenant(subject.organisation_id):
        shown = lineage.describe(things)

    assert list(shown) == things
    assert shown["consent", consent.pk].title == "P-01"
    for one in shown.values():
        assert reverse(one.url_name, kwargs={"organisation_slug": "a", **one.arguments})
