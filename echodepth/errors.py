"""What a person may be told when something is refused."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


NO_SUCCESS = _("This did not work")


class Way(NamedTuple):
    """What helps: a button on the page of the refusal."""

    label: Text
    url: str


class UserError(Exception):
    """A refusal with a stable code and a sentence that says what to do; never a stack trace.

    `heading` stands over its page, `way` is a button on it, `retry_after` are the seconds until it is worth
    trying again, which the client is told in the header of that name. `facts` are ids and codes that programs
    are told beside the sentence.
    """

    def __init__(
        self,
        code: str,
        sentence: Text,
        status: int = 400,
        *,
        heading: Text = NO_SUCCESS,
        way: Way | None = None,
        retry_after: int = 0,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.heading = heading
        self.way = way
        self.retry_after = retry_after
        self.facts = dict(facts or {})
