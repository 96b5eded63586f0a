import pytest

from accounts.domain.staff import REASON_LENGTH
from accounts.domain.tenants import Quotas
from accounts.forms.platform import CloseForm, NewOrganisationForm, QuotaForm, ReasonForm, StaffSessionForm
from accounts.models import Organisation

REASON = "They asked why an analysis failed."


def quotas(**typed):
    form = QuotaForm({"members": "", "recordings": "", "gigabytes": ""} | typed)
    assert form.is_valid(), form.errors
    return form.quotas()


def test_an_empty_field_is_no_limit_and_nought_is_one():
    assert quotas() == Quotas()
    assert quotas(members="0", recordings="0", gigabytes="0") == Quotas(0, 0, 0)
    assert quotas(members="25", gigabytes="1.5") == Quotas(25, None, 1_610_612_736)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("members", "-1"),
        ("members", "1.5"),
        ("recordings", "2147483648"),
        ("gigabytes", "-0.1"),
        ("gigabytes", "1000001"),
        ("gigabytes", "many"),
    ],
)
def test_what_is_no_quota_is_refused(field, typed):
    form = QuotaForm({field: typed})

    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_what_is_set_is_filled_in_and_comes_back():
    organisation = Organisation(quota_members=3, quota_bytes=5 * 1024**3 // 2)

    filled = QuotaForm.filled(organisation)

    assert filled == {"members": 3, "recordings": None, "gigabytes": 2.5}
    assert QuotaForm.filled(Organisation())["gigabytes"] is None
    typed = {name: "" if value is None else str(value) for name, value in filled.items()}
    assert quotas(**typed) == Quotas(3, None, organisation.quota_bytes)


def test_a_session_wants_a_reason_and_a_duration_from_the_list():
    assert StaffSessionForm({"reason": REASON, "minutes": "60"}).is_valid()
    form = StaffSessionForm({"reason": "x" * REASON_LENGTH, "minutes": "240"})
    assert form.is_valid()
    assert form.cleaned_data["minutes"] == 240


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("reason", "x" * (REASON_LENGTH - 1)),
        ("reason", "x" + " " * REASON_LENGTH),
        ("reason", "x" * 501),
        ("minutes", "300"),
        ("minutes", ""),
    ],
)
def test_a_session_without_them_is_refused(field, typed):
    form = StaffSessionForm({"reason": REASON, "minutes": "60", field: typed})

    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_closing_wants_the_address_of_this_organisation():
    assert CloseForm({"reason": "They left.", "confirmation": "harbour"}, slug="harbour").is_valid()
    form = CloseForm({"reason": "They left.", "confirmation": "Harbour"}, slug="harbour")
    assert "Type harbour" in str(form.errors["confirmation"])
    assert "Type harbour" in str(form.fields["confirmation"].help_text)
    assert set(CloseForm({"reason": "", "confirmation": ""}, slug="harbour").errors) == {
        "reason",
        "confirmation",
    }


def test_a_suspension_has_a_reason_that_fits():
    assert not ReasonForm({"reason": "  "}).is_valid()
    assert not ReasonForm({"reason": "x" * 301}).is_valid()
    assert ReasonForm({"reason": "The invoice is open."}).is_valid()


def test_an_organisation_has_a_name_a_zone_and_an_owner():
    typed = {"name": "Sea Office", "time_zone": "Europe/Berlin", "owner_email": "owner@sea.example"}
    assert NewOrganisationForm(typed).is_valid()
    for field, wrong in (("name", ""), ("time_zone", "Mars/North"), ("owner_email", "owner")):
        assert set(NewOrganisationForm(typed | {field: wrong}).errors) == {field}
