"""Every address of the site, walked from the URLconf."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

API = "api/"


@dataclass(frozen=True)
class Address:
    """`name` with its namespace; `parts` are the names of what varies in it."""

    name: str
    route: str
    parts: tuple[str, ...]

    def path(self, values: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={part: values[part] for part in self.parts})


def addresses() -> list[Address]:
    """All but the API's; one without a name is an error."""
    found = [address for address in _walk(get_resolver(), "", "") if not address.route.startswith(API)]
    assert len({address.name for address in found}) == len(found), "a name stands for two addresses"
    return found


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            assert one.name, f"{route} has no name"
            converters = getattr(one.pattern, "converters", {}) or one.pattern.regex.groupindex
            parts = (*_parts(resolver), *converters)
            yield Address(space + one.name, route, tuple(dict.fromkeys((*_slug(before), *parts))))
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, route, inner)


def _parts(resolver: URLResolver) -> tuple[str, ...]:
    return tuple(resolver.pattern.converters)


def _slug(before: str) -> tuple[str, ...]:
    return ("organisation_slug",) if "<slug:organisation_slug>" in before else ()


def missing(value: Any) -> Any:
    """Of the same form, and nobody's."""
    if isinstance(value, UUID):
        return uuid4()
    return 0 if isinstance(value, int) else value
