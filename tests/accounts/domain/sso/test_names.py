import pytest

from accounts.domain.sso.names import PUBLIC, domain_name, domain_of
from echodepth.errors import UserError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org", "example.org"),
        (" @Harbour.Example. ", "harbour.example"),
        ("exämple.org", "xn--exmple-cua.org"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER E}xample.org", "example.org"),
    ],
)
def test_a_domain_is_kept_in_one_form(typed, kept):
    assert domain_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "example", "127.0.0.1", "::1", "a b.org", "a_b.org", "-a.org", "a..org", "x@example.org", "a.123"],
)
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(UserError) as caught:
        domain_name(typed)
    assert caught.value.code == "domain_malformed"


@pytest.mark.parametrize("typed", ["gmail.com", "GMX.de", "@outlook.com"])
def test_where_anybody_has_an_address_is_nobodys_own(typed):
    with pytest.raises(UserError) as caught:
        domain_name(typed)
    assert caught.value.code == "domain_public"
    assert all(domain_of(f"x@{name}") == name for name in PUBLIC)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("Ada@Harbour.Example", "harbour.example"),
        ('"a@elsewhere.example"@harbour.example', "harbour.example"),
        ("ada", ""),
        ("ada@", ""),
        ("", ""),
    ],
)
def test_the_domain_of_an_address(email, domain):
    assert domain_of(email) == domain
