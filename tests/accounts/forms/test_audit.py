import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record_as
from accounts.domain.audit_search import Filters
from accounts.forms.audit import GROUPS, AuditForm, action_choices
from echodepth.tenancy import tenant


def test_every_action_stands_in_a_group_and_once():
    empty, *groups = action_choices()

    assert empty[0] == ""
    assert [heading for heading, _actions in groups] == [str(heading) for heading, _areas in GROUPS]
    listed = [key for _heading, actions in groups for key, _label in actions]
    assert sorted(listed) == sorted(AuditAction.values)


@pytest.mark.django_db
def test_persons_of_the_organisation_can_be_chosen_and_one_whose_name_is_gone(owner, outsider):
    gone = "00000000-0000-0000-0000-000000000007"
    for membership in (owner, outsider):
        with tenant(membership.organisation_id):
            record_as(membership.user, AuditAction.LIST_READ)

    with tenant(owner.organisation_id):
        form = AuditForm({"person": gone})
        assert form.is_valid()
        labels = [str(label) for _key, label in form.fields["person"].widget.choices]
        assert str(form.filters().person) == gone

    assert labels == [
        "Everybody",
        f"{owner.user.full_name} <owner@harbour.example>",
        "A person not in this list",
    ]


@pytest.mark.django_db
def test_without_a_question_nothing_is_filtered(organisation):
    with tenant(organisation.pk):
        form = AuditForm({"text": "  "})
        assert form.is_valid()
        assert form.filters() == Filters()
        assert form.filters().is_empty
