import pytest

from accounts.enums import Role
from accounts.forms.sso import DomainForm, ProviderForm, StartForm
from accounts.models import IdentityProvider

GIVEN = {
    "name": "Okta",
    "issuer": "https://login.harbour.example/",
    "client_id": "client",
    "client_secret": " secret ",
    "role": "viewer",
}


def test_the_start_wants_an_address():
    assert StartForm({"email": "ada"}).errors["email"]
    assert StartForm({"email": "ada@harbour.example"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "code"), [("nothing", "domain_malformed"), ("gmail.com", "domain_public"), ("", "required")]
)
def test_what_is_wrong_with_a_domain_stands_at_its_field(typed, code):
    form = DomainForm({"name": typed})

    assert [error.code for error in form.errors.as_data()["name"]] == [code]


def test_a_domain_is_read_in_one_form():
    form = DomainForm({"name": " @Harbour.Example "})

    assert form.is_valid()
    assert form.cleaned_data["name"] == "harbour.example"


def test_the_issuer_is_kept_to_its_last_slash():
    form = ProviderForm(GIVEN, provider=None)

    assert form.is_valid()
    facts = form.facts()
    assert (facts.issuer, facts.client_secret, facts.role) == (
        "https://login.harbour.example/",
        "secret",
        Role.VIEWER,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"issuer": "http://login.harbour.example"}, "issuer"),
        ({"issuer": "login.harbour.example"}, "issuer"),
        ({"client_secret": ""}, "client_secret"),
        ({"role": "owner"}, "role"),
        ({"role": "admin"}, "role"),
        ({"role": "guest"}, "role"),
    ],
)
def test_what_is_wrong_with_a_provider_stands_at_its_field(change, field):
    assert list(ProviderForm(GIVEN | change, provider=None).errors) == [field]


def test_the_secret_that_is_kept_is_neither_asked_for_nor_shown():
    kept = IdentityProvider(name="Okta", issuer="https://x.example", client_id="c", client_secret="SEALED")
    kept.role = Role.ANALYST

    assert ProviderForm(GIVEN | {"client_secret": ""}, provider=kept).is_valid()
    shown = str(ProviderForm(provider=kept))
    assert "SEALED" not in shown
    assert "https://x.example" in shown
    assert "SEALED" not in str(ProviderForm(GIVEN | {"client_secret": "SEALED", "role": "x"}, provider=kept))
