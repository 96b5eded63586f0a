"""What the texts of the sales desk say where the templates leave something to be filled in.

Templates, no legal advice: whoever runs the desk reads them, and publishes other ones under Texts.
"""

import re

from accounts.domain.consent.templates import BLANK, TEMPLATES
from accounts.enums import TextKind

_PART = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SAID = (
    ("Name and address of your organisation", "{name} ({contact})"),
    ("Name of your organisation", "{name}"),
    ("say what happens instead", "no sample analysis is made then"),
    ("the occasions", "the occasion that the recording shows, which was made before and was sent to us"),
    (
        "Who receives the results",
        "The person who asked for this sample analysis, and the people at {name} who review its report.",
    ),
    (
        "the time your retention policy sets",
        "at most 30 days after the report was delivered, or until you withdraw",
    ),
    ("name of the authority", "that of the country in which you live, where there is one"),
    ("Name of a person, e-mail address", "{name}, {contact}"),
    ("the purpose", "a free sample analysis that shows somebody what this product describes, and what not"),
    ("name, e-mail address", "{name}, {contact}"),
)
"""Beginnings of the parts, and what stands there."""


def filled(kind: TextKind, name: str, contact: str) -> tuple[str, str]:
    """Title and body of a text, complete. Raises ValueError for a part that nothing is known of."""
    template = TEMPLATES[kind]

    def say(part: re.Match[str]) -> str:
        for beginning, words in _SAID:
            if part[1].startswith(beginning):
                return words.format(name=name, contact=contact)
        raise ValueError(part[1])

    # Names that somebody gave are put in last, so that nothing in them is taken for a part.
    if BLANK in name + contact:
        raise ValueError(name)
    return template.title, _PART.sub(say, template.body)
