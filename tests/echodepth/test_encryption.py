import pytest

from echodepth.encryption import UnreadableError, decrypt, encrypt


def test_what_was_encrypted_is_read_for_the_same_purpose_alone():
    token = encrypt("a secret", "second factor")

    assert "secret" not in token
    assert decrypt(token, "second factor") == "a secret"
    with pytest.raises(UnreadableError):
        decrypt(token, "sso client secret")


def test_the_same_text_is_never_encrypted_alike():
    assert encrypt("a", "x") != encrypt("a", "x")


def test_an_earlier_key_still_reads_and_a_forgotten_one_does_not(settings):
    settings.SECRET_KEY = "old"
    token = encrypt("a secret", "x")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert decrypt(token, "x") == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(UnreadableError):
        decrypt(token, "x")


@pytest.mark.parametrize("token", ["", "x", "gAAAAA==", "ä"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(UnreadableError):
        decrypt(token, "x")
