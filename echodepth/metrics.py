"""Prometheus metrics: what this process counts itself, and what the apps count in the database when asked.

Labels name views, states and codes, never an organisation or a person. The product runs one web process a
machine; each machine is asked by itself. What comes from the database is the same whichever is asked, and
outlives every restart.
"""

import ipaddress
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

logger = logging.getLogger(__name__)

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
"""Of our own: the apps' collectors are registered here when they are ready."""
ProcessCollector(registry=REGISTRY)

REQUESTS = Counter(
    "echodepth_http_requests", "Answered requests.", ["view", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "echodepth_http_request_seconds",
    "From the first middleware to the answer; a download's or stream's bytes are not waited for.",
    ["view", "method"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
    registry=REGISTRY,
)
IN_PROGRESS = Gauge("echodepth_http_requests_in_progress", "Requests being answered now.", registry=REGISTRY)
STORAGE_ERRORS = Counter(
    "echodepth_storage_errors",
    "Calls to storage that failed in this process.",
    ["operation"],
    registry=REGISTRY,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNSAID = frozenset({"healthz", "readyz", "metrics", "static"})
"""Views that are asked all the time: only what goes wrong with them is worth a line of the log."""
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What a proxy adds: a request that it passes on comes from its own machine in looks alone."""


def storage_error(operation: str) -> None:
    """Count a failed call, such as `read`, `store`, `erase`."""
    STORAGE_ERRORS.labels(operation).inc()


class Measured:
    """Counts each request by its view's name, and logs it where the log is for machines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        with IN_PROGRESS.track_inprogress():
            response = self.get_response(request)
        _count(request, response.status_code, time.perf_counter() - started)
        return response


def _view(request: HttpRequest, status: int) -> str:
    """Its name; `static` for a file that no view gave out, `none` for an address that leads nowhere.

    Whoever asks chooses path and method: only words of ours become labels.
    """
    if request.resolver_match:
        return request.resolver_match.view_name
    return "static" if status < HTTPStatus.MULTIPLE_CHOICES else "none"


def _count(request: HttpRequest, status: int, seconds: float) -> None:
    view = _view(request, status)
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(view, method, str(status)).inc()
    SECONDS.labels(view, method).observe(seconds)
    if view in UNSAID and status < HTTPStatus.BAD_REQUEST:
        return
    organisation = getattr(request, "organisation", None)
    logger.info(
        "%s %s %s in %d ms",
        method,
        view,
        status,
        seconds * 1000,
        extra={"status_code": status, "tenant_id": str(organisation.pk) if organisation else ""},
    )


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything in Prometheus' text format, for who may read it; for everybody else it is not there."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(token, settings.METRICS_TOKEN)
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or any(name in request.META for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
