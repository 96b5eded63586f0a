"""What a person may be told when something is refused."""

from django.utils.functional import Promise


class UserError(Exception):
    """A refusal with a stable code and a sentence that says what to do; never a stack trace."""

    def __init__(self, code: str, sentence: str | Promise, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status = status
