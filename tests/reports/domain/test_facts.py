import pytest

from analysis.models import Run
from echodepth.tenancy import tenant
from reports.domain import facts
from reports.domain.facts import draft_source, recording_facts
from tests.factories import RunFactory, SubjectFactory


@pytest.fixture
def run(organisation):
    made = RunFactory(recording__project__organisation=organisation, recording__title="Interview")
    with tenant(organisation.pk):
        yield made


def renamed(run, **names):
    """As it is read anew by whoever signs."""
    for field, value in names.items():
        setattr(run.recording, field, value)
    run.recording.save()
    return Run.objects.get(pk=run.pk)


def test_it_says_whose_recording_it_is(run):
    told = recording_facts(run)

    assert (told.title, told.organisation, told.subject) == ("Interview", "Harbour Institute", "")
    assert (told.run_id, told.time_zone, told.signature) == (str(run.pk), "Europe/Berlin", None)


def test_what_a_draft_is_made_from_is_the_same_until_a_name_changes(run):
    before = draft_source(run)

    assert draft_source(Run.objects.get(pk=run.pk)) == before
    assert draft_source(renamed(run, title="Called otherwise")) != before
    assert draft_source(renamed(run, title="Interview")) == before
    assert draft_source(renamed(run, subject=SubjectFactory(project=run.recording.project))) != before


def test_another_program_makes_another_draft(run, monkeypatch):
    before = draft_source(run)

    monkeypatch.setattr(facts, "__version__", "99.0")

    assert draft_source(run) != before
