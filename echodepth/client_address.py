"""The network address a request came from, for whoever must write it down."""

from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

current: ContextVar[str] = ContextVar("client_address", default="")


def address_of(request: HttpRequest) -> str:
    """The client's address as the trusted proxies (ECHODEPTH_PROXIES) saw it; empty where it cannot be told.

    That is so where fewer proxies wrote down an address than are said to stand before the product.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):
        return ""
