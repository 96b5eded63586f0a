from accounts.domain.lawful.choices import PURPOSES
from accounts.enums import SubjectRole
from accounts.forms.uses import ConfirmationForm, UseForm

USE = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu"}


def test_every_purpose_is_offered_and_those_that_are_refused_say_so_and_come_last():
    offered = list(UseForm().fields["purpose"].choices)
    says_so = [">refused<" in label for _key, label in offered]

    assert [key for key, _label in offered] == list(PURPOSES)
    assert says_so == sorted(says_so)
    assert {key for key, label in offered if ">refused<" in label} == {
        "recruitment",
        "worker_monitoring",
        "education_assessment",
        "law_enforcement",
        "lie_detection",
        "covert",
        "decisions",
    }


def test_a_use_is_taken_as_the_table_knows_it():
    form = UseForm(USE | {"people": ["own_staff", "children"], "details": "Calls"})

    assert form.is_valid()
    assert form.cleaned_data == USE | {"people": ["own_staff", "children"], "details": "Calls"}


def test_what_the_table_does_not_know_is_not_taken():
    form = UseForm({"purpose": "mind_reading", "setting": "", "region": "eu", "people": ["ghosts"]})

    assert set(form.errors) == {"purpose", "setting", "people"}


def test_nobody_unknown_is_named():
    keys = [key for key, _label in UseForm().fields["people"].choices]

    assert SubjectRole.UNKNOWN.value not in keys
    assert {"own_staff", "applicants"} <= set(keys)


def test_a_confirmation_wants_a_name_and_the_tick():
    assert ConfirmationForm({"name": "R. Esponsible", "responsible": "on"}).is_valid()
    assert set(ConfirmationForm({"name": "  "}).errors) == {"name", "responsible"}
