"""Reading an answer as a person would."""

from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    """The page's source with every stretch of white space as one blank."""
    return " ".join(response.content.decode().split())
