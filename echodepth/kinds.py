"""What an environment variable's text may say, and how it is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ADDRESS_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):(?P<port>[0-9]{1,5})")
HIGHEST_PORT = 65_535
YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})

RETENTION_CLASSES = frozenset(
    {"media", "frames", "findings", "reports", "documents", "consents", "logs", "exports"}
)
"""Classes of data for which times are set (`accounts.enums.DataClass`; a test holds them together)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` for the page of settings; `form` says what is wanted; `parse` raises ValueError for the rest."""

    name: str
    form: str
    parse: Callable[[str], Any]


def split_address(text: str) -> tuple[str, int]:
    """Host, without the brackets of an IPv6 address, and port of `host:port`; else ValueError."""
    found = ADDRESS_AND_PORT.fullmatch(text)
    if not found or not 0 < int(found["port"]) <= HIGHEST_PORT:
        raise ValueError(text)
    return found["host"].strip("[]"), int(found["port"])


def _address(text: str) -> str:
    split_address(text)
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    # Reading the port is what refuses one that is none.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError(text)
    return text.rstrip("/")


def _cache(text: str) -> str:
    if urlsplit(text).scheme not in {"redis", "rediss"} or not urlsplit(text).hostname:
        raise ValueError(text)
    return text


def _switch(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _class_days(text: str) -> dict[str, int]:
    days: dict[str, int] = {}
    for item in _items(text):
        name, _equals, number = item.partition("=")
        if name.strip() not in RETENTION_CLASSES:
            raise ValueError(text)
        days[name.strip()] = _whole(1)(number)
    return days


def _whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if number < least:
            raise ValueError(text)
        return number

    return parse


def _multiple(unit: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = _whole(unit)(text)
        if number % unit:
            raise ValueError(text)
        return number

    return parse


def one_of(*words: str) -> Kind:
    """One of these words and nothing else."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Kind(", ".join(words[:-1]) + f" or {words[-1]}", "one of " + ", ".join(words), parse)


TEXT = Kind("text", "text", str)
ITEMS = Kind("list, by commas", "values separated by commas", _items)
SWITCH = Kind("true or false", "true or false", _switch)
NUMBER = Kind("whole number", "a whole number, 0 or more", _whole(0))
POSITIVE = Kind("whole number", "a whole number, 1 or more", _whole(1))
GRID_FRAMES = Kind("whole number", "a multiple of 256, 256 or more", _multiple(256))
ADDRESS = Kind("address:port", "an address and a port, such as 127.0.0.1:8000", _address)
WEB_ADDRESS = Kind("address", "a web address, such as https://echodepth.example.org", _web_address)
DATABASE = Kind("database URL", "a URL such as postgres://user:password@host/name", str)
CACHE = Kind("cache URL", "a URL such as redis://host:6379/0", _cache)
CLASS_DAYS = Kind("days by class", "classes of data with days, such as media=90,findings=365", _class_days)
