import pytest

from echodepth import kinds


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000),
        ("localhost:80", "localhost", 80),
        ("[::1]:65535", "::1", 65535),
    ],
)
def test_host_and_port_are_told_apart(text, host, port):
    assert kinds.split_address(text) == (host, port)


@pytest.mark.parametrize(
    "text",
    ["localhost", ":8000", "localhost:", "localhost:0", "localhost:65536", "::1:8000", "a:b", "http://a:1"],
)
def test_what_is_no_address_and_port_is_refused(text):
    with pytest.raises(ValueError, match=text.replace("[", r"\[")):
        kinds.ADDRESS.parse(text)


@pytest.mark.parametrize("text", ["example.org", "ftp://example.org", "http://", "http://[x", "http://a:b"])
def test_what_is_no_web_address_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - urllib's own words for some of them
        kinds.WEB_ADDRESS.parse(text)


def test_the_slash_at_the_end_of_a_web_address_goes():
    assert kinds.WEB_ADDRESS.parse("https://example.org:8443/") == "https://example.org:8443"


def test_a_switch_that_says_neither_is_refused_instead_of_taken_for_off():
    assert [kinds.SWITCH.parse(text) for text in ("True", "on", "1", "no", "FALSE")] == [True] * 3 + [
        False
    ] * 2
    with pytest.raises(ValueError, match="ture"):
        kinds.SWITCH.parse("ture")


def test_whole_numbers_have_a_least():
    assert (kinds.NUMBER.parse("0"), kinds.POSITIVE.parse("1")) == (0, 1)
    for kind, text in ((kinds.NUMBER, "-1"), (kinds.POSITIVE, "0"), (kinds.POSITIVE, "x")):
        with pytest.raises(ValueError):  # noqa: PT011 - int's own words for some of them
            kind.parse(text)


def test_items_stand_between_commas():
    assert kinds.ITEMS.parse("a, b,,c ") == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["redis", "http://host", "redis://", "memcached://host"])
def test_what_is_no_address_of_redis_is_refused(text):
    assert kinds.CACHE.parse("rediss://:secret@host:6379/1") == "rediss://:secret@host:6379/1"
    with pytest.raises(ValueError, match=text):
        kinds.CACHE.parse(text)


def test_one_of_a_few_words_and_nothing_else():
    kind = kinds.one_of("line", "json")

    assert (kind.parse("json"), kind.name, kind.form) == ("json", "line or json", "one of line, json")
    with pytest.raises(ValueError, match="xml"):
        kind.parse("xml")


def test_days_by_class_are_read_and_what_is_no_class_is_refused():
    assert kinds.CLASS_DAYS.parse("media=90, findings = 365") == {"media": 90, "findings": 365}
    for text in ("media", "media=0", "faces=3", "media=a"):
        with pytest.raises(ValueError):  # noqa: PT011 - int's own words for some of them
            kinds.CLASS_DAYS.parse(text)
