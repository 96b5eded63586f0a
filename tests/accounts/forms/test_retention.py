from django.http import QueryDict

from accounts.domain.retention import limits
from accounts.enums import DataClass, RetentionStart
from accounts.forms.retention import ExtendForm, PolicyForm


def policy_form(data_class, sent=None):
    return PolicyForm(sent, data_class=data_class, limit=limits.of(data_class))


def test_days_are_bound_by_the_limits_of_the_class():
    assert policy_form(DataClass.LOGS, {"days": "180"}).is_valid()
    for days in ("179", "3651", "", "many"):
        assert list(policy_form(DataClass.LOGS, {"days": days}).errors) == ["days"]


def test_where_there_is_one_beginning_nothing_is_to_be_chosen():
    form = policy_form(DataClass.DOCUMENTS, {"days": "10", "counted_from": "interaction"})

    assert form.is_valid()
    assert form.start(limits.of(DataClass.DOCUMENTS)) == RetentionStart.UPLOAD
    assert "counted_from" not in form.fields


def test_where_there_are_several_one_of_them_is_chosen():
    form = policy_form(DataClass.MEDIA, {"days": "10", "counted_from": "report"})

    assert form.is_valid()
    assert form.start(limits.of(DataClass.MEDIA)) == RetentionStart.REPORT
    assert list(policy_form(DataClass.MEDIA, {"days": "10", "counted_from": "birth"}).errors) == [
        "counted_from"
    ]


def test_an_extension_wants_rows_and_a_day():
    form = ExtendForm(QueryDict("row=1&row=2&until=2027-01-01"))
    assert form.is_valid()
    assert form.cleaned_data["row"] == ["1", "2"]
    assert list(ExtendForm(QueryDict("until=2027-01-01")).errors) == ["row"]
    assert list(ExtendForm(QueryDict("row=1&until=soon")).errors) == ["until"]
