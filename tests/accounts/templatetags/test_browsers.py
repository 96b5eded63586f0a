import pytest

from accounts.templatetags.browsers import browser

X = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (X.format("X11; Linux x86_64", "Chrome/140.0 Safari/537.36"), "Chrome on Linux"),
        (X.format("Windows NT 10.0; Win64", "Chrome/140.0 Safari/537.36 Edg/140.0"), "Edge on Windows"),
        (X.format("Macintosh; Intel Mac OS X 10_15_7", "Version/18 Safari/605.1"), "Safari on macOS"),
        (X.format("iPhone; CPU iPhone OS 18_0 like Mac OS X", "CriOS/140 Safari/604.1"), "Chrome on iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("curl/8.0", "curl/8.0"),
        ("x" * 500, "x" * 60),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_two_words(said, shown):
    assert browser(said) == shown
