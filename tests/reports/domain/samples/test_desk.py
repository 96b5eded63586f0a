import pytest

from accounts import doors
from accounts.domain.consent import texts
from accounts.domain.consent.templates import BLANK
from accounts.enums import OrganisationState, TextKind
from accounts.models import AuditRecord, Organisation, PrivacyText, Project, Subject
from analysis.models import Recording, Run
from echodepth.tenancy import tenant
from reports.domain.samples import desk, desk_texts
from tests.support.samples import asked
from tests.support.tenants import every, fresh, save


@pytest.fixture
def prepared(db):
    return desk.prepare("Example samples", "privacy@samples.example", "Europe/London")[0]


def test_the_desk_takes_requests_from_now_on(prepared):
    assert doors.DESK.open() == [(prepared.pk, prepared.slug)]
    assert (prepared.name, prepared.time_zone) == ("Example samples", "Europe/London")
    assert fresh(prepared).privacy_contact == "privacy@samples.example"

    sample = asked().sample
    assert sample.organisation_id == prepared.pk
    with tenant(prepared.pk):
        assert Project.objects.filter(pk=sample.project_id).exists()


def test_its_texts_are_published_and_nothing_in_them_is_left_to_be_filled_in(prepared):
    with tenant(prepared.pk):
        found = {text.kind: text for kind in TextKind for text in texts.current(kind)}
    assert set(found) == set(TextKind)
    for text in found.values():
        assert BLANK not in text.title + text.body
        assert "]]" not in text.body
        assert "Example samples" in text.body
        assert "privacy@samples.example" in text.body


def test_nothing_is_uploaded_or_analysed_for_it(prepared):
    for model in (Project, Recording, Run):
        assert every(model) == []


def test_again_changes_nothing(prepared):
    def there():
        return [every(model) for model in (Organisation, PrivacyText, Project, Subject, AuditRecord)]

    before = there()
    again, is_new = desk.prepare("Another name", "else@samples.example", "UTC")

    assert (again, is_new) == (prepared, False)
    assert fresh(again).name == "Example samples"
    assert there() == before


def test_what_was_lost_of_it_is_made_again(prepared):
    with tenant(prepared.pk):
        PrivacyText.objects.filter(kind=TextKind.NOTICE).delete()

    desk.prepare("Example samples", "privacy@samples.example", "UTC")

    assert {text.kind for text in every(PrivacyText)} == set(TextKind)


def test_a_part_that_is_not_known_is_not_left_out_silently(monkeypatch):
    assert desk_texts.filled(TextKind.NOTICE, "A", "b@c.example")[1].count("b@c.example") == 1
    with pytest.raises(ValueError, match="A"):
        desk_texts.filled(TextKind.NOTICE, "A [[", "b@c.example")

    monkeypatch.setattr(desk_texts, "_SAID", desk_texts._SAID[:2])
    with pytest.raises(ValueError, match="the purpose"):
        desk_texts.filled(TextKind.NOTICE, "A", "b@c.example")


def test_a_suspended_desk_takes_none(prepared):
    save(prepared, state=OrganisationState.SUSPENDED)

    assert doors.DESK.open() == []
    assert doors.DESK_KEPT.open() == [(prepared.pk, prepared.slug)]
    again, is_new = desk.prepare("Another", "else@samples.example", "UTC")
    assert (again.pk, is_new) == (prepared.pk, False)
