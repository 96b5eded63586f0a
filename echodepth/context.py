"""What every page may know."""

from django.conf import settings
from django.http import HttpRequest


def demo(request: HttpRequest) -> dict[str, bool]:  # noqa: ARG001 - a context processor's signature
    """Whether the page says that this is a demonstration."""
    return {"demo": settings.DEMO}
