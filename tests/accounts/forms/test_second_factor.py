import pytest
from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage

from accounts.forms import second_factor as forms
from echodepth.errors import UserError
from tests.factories import UserFactory
from tests.support.sign_in import code, passkey, second_factor


@pytest.fixture
def request_of(rf):
    """The request that allauth's forms look for."""
    request = rf.post("/")
    request.session = {}
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        yield request


@pytest.fixture
def person(db):
    person = UserFactory()
    second_factor(person)
    return person


@pytest.mark.parametrize("form", [forms.AuthenticateForm, forms.ReauthenticateForm])
def test_a_code_works_once_even_while_it_would_still_be_accepted(form, person, request_of, monkeypatch):
    now = code()

    assert form(user=person, data={"code": now}).is_valid()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_facts: True)
    again = form(user=person, data={"code": f"{now[:3]} {now[3:]}"})

    assert not again.is_valid()
    assert again.errors["code"] == ["Incorrect code."]


@pytest.mark.parametrize(("steps", "accepted"), [(-1, True), (0, True), (1, True), (-3, False), (3, False)])
def test_a_clock_may_be_half_a_minute_off(person, request_of, steps, accepted):
    assert forms.AuthenticateForm(user=person, data={"code": code(steps=steps)}).is_valid() is accepted


def test_somebody_elses_code_opens_nothing(person, request_of):
    other = UserFactory()
    codes = RecoveryCodes.activate(other).get_unused_codes()

    assert not forms.AuthenticateForm(user=person, data={"code": codes[0]}).is_valid()
    assert forms.AuthenticateForm(user=other, data={"code": codes[0]}).is_valid()
    assert not forms.AuthenticateForm(user=other, data={"code": codes[0]}).is_valid()


def test_five_wrong_codes_are_enough(person, request_of):
    for _ in range(5):
        assert not forms.AuthenticateForm(user=person, data={"code": "000000"}).is_valid()

    with pytest.raises(UserError) as caught:
        forms.AuthenticateForm(user=person, data={"code": code()}).is_valid()

    assert (caught.value.code, caught.value.retry_after) == ("too_many_requests", 900)


def test_the_phone_offers_digits(person, request_of):
    for form in (forms.AuthenticateForm, forms.ReauthenticateForm, forms.ActivateTOTPForm):
        attributes = form(user=person).fields["code"].widget.attrs
        assert (attributes["inputmode"], attributes["autocomplete"]) == ("numeric", "one-time-code")
        assert "placeholder" not in attributes


def test_a_passkey_has_a_name_of_eighty_letters_at_most(person, request_of):
    form = forms.EditPasskeyForm(instance=passkey(person), data={"name": "n" * 81})

    assert not form.is_valid()
    assert list(form.errors) == ["name"]
    add = forms.AddPasskeyForm(user=person, data={"name": "n" * 81, "credential": ""})
    assert "name" in add.errors
    assert forms.AddPasskeyForm(user=person).fields["passwordless"].initial is True
