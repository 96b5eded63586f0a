"""What the client asked for."""

from django.http import HttpRequest


def wants_json(request: HttpRequest) -> bool:
    """Whether the client would rather have JSON than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
