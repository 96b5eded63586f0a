"""Request bodies."""

from typing import Any, NoReturn


class Unreadable:
    """A body that fails the test as soon as it is read."""

    def read(self, _size: int = -1) -> NoReturn:
        raise AssertionError("the body was read")

    readline = read


def claimed(size: int) -> dict[str, Any]:
    """What a test client's `post` is given for a form of this many bytes, none of which may be read."""
    return {
        "content_type": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(size),
        "wsgi.input": Unreadable(),
    }
