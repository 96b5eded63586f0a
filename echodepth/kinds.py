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


def _switch(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if number < least:
            raise ValueError(text)
        return number

    return parse


TEXT = Kind("text", "text", str)
ITEMS = Kind("list, by commas", "values separated by commas", _items)
SWITCH = Kind("true or false", "true or false", _switch)
NUMBER = Kind("whole number", "a whole number, 0 or more", _whole(0))
POSITIVE = Kind("whole number", "a whole number, 1 or more", _whole(1))
ADDRESS = Kind("address:port", "an address and a port, such as 127.0.0.1:8000", _address)
WEB_ADDRESS = Kind("address", "a web address, such as https://echodepth.example.org", _web_address)
DATABASE = Kind("database URL", "a URL such as postgres://user:password@host/name", str)
