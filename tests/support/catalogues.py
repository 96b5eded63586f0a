"""Catalogues of the languages: which messages pages ask for, and what the files of a catalogue say."""

import ast
import gettext
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.utils import translation
from django.utils.translation import trans_real

from echodepth.env import BASE_DIR

Key = tuple[str, str]
"""Context (empty for none) and message; of a message with a plural, its singular."""
Catalogue = dict[Key, tuple[str, ...]]
"""What a message reads in the language: one text, or one for each of its plural forms."""
Asked = dict[Key, str]
"""Messages with their plurals; empty for those that have none."""

_LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? )?(".*")$')


@contextmanager
def recorded(code: str) -> Iterator[Asked]:
    """The messages that were asked for while the language was active."""
    asked: Asked = {}

    def noting(name: str) -> Callable[..., str]:
        real = getattr(trans_real, name)

        def look_up(*told: Any) -> str:
            context, *texts = map(str, told) if "p" in name else ("", *map(str, told))
            if translation.get_language() == code and texts[0]:
                asked[(context, texts[0])] = texts[1] if name.startswith("n") else ""
            found: str = real(*told)
            return found

        return look_up

    with pytest.MonkeyPatch.context() as patch:
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            patch.setattr(f"django.utils.translation._trans.{name}", noting(name), raising=False)
        yield asked


def written(code: str) -> tuple[Catalogue, Asked]:
    """What django.po says, which people write, and for which messages; without its head."""
    entries = [*map(_entry, _blocks((folder(code) / "django.po").read_text(encoding="utf-8")))]
    texts = {key: told for key, _plural, told in entries if key[1]}
    return texts, {key: plural for key, plural, _told in entries if key[1]}


def block(key: Key, plural: str = "", texts: tuple[str, ...] = ("", "")) -> str:
    """An entry as django.po has it; as it is added there, without texts."""
    told = [("msgctxt", key[0])] if key[0] else []
    told.append(("msgid", key[1]))
    told += [("msgid_plural", plural)] if plural else []
    told += [(f"msgstr[{at}]", texts[at]) for at in range(2)] if plural else [("msgstr", texts[0])]
    return "\n".join(f"{name} {json.dumps(text, ensure_ascii=False)}" for name, text in told)


def compiled(code: str) -> Catalogue:
    """What django.mo says, which the product reads."""
    return _read(folder(code) / "django.mo")


def of_django(code: str) -> Catalogue:
    """What Django itself says: the errors of fields, the months."""
    return _read(Path(django.__file__).parent / "conf" / "locale" / code / "LC_MESSAGES" / "django.mo")


def folder(code: str) -> Path:
    return BASE_DIR / "locale" / code / "LC_MESSAGES"


def _blocks(text: str) -> Iterator[list[str]]:
    for block in text.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines:
            yield lines


def _entry(lines: list[str]) -> tuple[Key, str, tuple[str, ...]]:
    """A block of the file. Raises ValueError at a line that is none of it."""
    parts: list[tuple[str, str]] = []
    for line in lines:
        found = _LINE.match(line)
        if not found:
            raise ValueError(line)
        told = ast.literal_eval(found[2])
        if found[1]:
            parts.append((found[1], told))
        else:
            parts[-1] = (parts[-1][0], parts[-1][1] + told)
    named = dict(parts)
    texts = tuple(told for name, told in parts if name == "msgstr")
    return (named.get("msgctxt", ""), named["msgid"]), named.get("msgid_plural", ""), texts


def _read(path: Path) -> Catalogue:
    with path.open("rb") as file:
        catalogue: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for key in sorted(catalogue, key=str):
        message = key[0] if isinstance(key, tuple) else key
        found.setdefault(message, []).append(catalogue[key])
    return {_key(message): tuple(texts) for message, texts in found.items() if message}


def _key(message: str) -> Key:
    context, apart, rest = message.rpartition("\x04")
    return (context, rest) if apart else ("", message)
