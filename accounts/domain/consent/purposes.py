"""Purposes that consent is asked for: those of the table of rules in which real people may be analysed."""

from collections.abc import Iterable

from django.utils.functional import Promise

from accounts.domain.lawful.choices import PURPOSES

OFFERED: dict[str, Promise] = {
    key: purpose.label for key, purpose in PURPOSES.items() if purpose.real and purpose.roles
}


def labels(keys: Iterable[str]) -> list[Promise | str]:
    """In words; a key that the table does not know any more stands for itself."""
    return [PURPOSES[key].label if key in PURPOSES else key for key in keys]


def choices(keys: Iterable[str]) -> list[tuple[str, Promise | str]]:
    """Key and words, as the person chooses among them."""
    return [(key, PURPOSES[key].label) for key in keys if key in PURPOSES]
