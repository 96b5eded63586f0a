"""What keeps an analysis from beginning, told so that somebody can do something about it."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a project's declaration requires and that is not there."""

    code: str
    """Stable: `declaration_missing`, `use_refused`, `use_unconfirmed`, `consent_missing`, and so on."""
    sentence: str | Promise
    """What is missing and what to do about it."""
    url: str = ""
    """Path of the page where it is done; empty where this person cannot."""
