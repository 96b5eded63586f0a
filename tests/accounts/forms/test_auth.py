import pytest

from accounts.forms import auth

FORMS = [auth.LoginForm, auth.ResetPasswordForm, auth.ResetPasswordKeyForm]


@pytest.mark.parametrize("form", FORMS)
def test_labels_are_ours_and_stay_when_one_types(form, rf):
    fields = form(request=rf.get("/")).fields if form is auth.LoginForm else form().fields

    assert all(str(fields[name].label) == str(label) for name, label in form.labels.items() if name in fields)
    assert set(form.labels) & set(fields)
    assert [name for name, field in fields.items() if "placeholder" in field.widget.attrs] == []


def test_the_link_to_forgotten_passwords_is_not_hidden_in_a_help_text(rf):
    assert auth.LoginForm(request=rf.get("/")).fields["password"].help_text == ""
