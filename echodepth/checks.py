"""What must hold before the product starts; each message says what to do."""

import os
from collections.abc import Sequence
from ctypes.util import find_library
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name
from django.utils.translation import gettext as _

TAG = "echodepth"


@register(TAG)
def check_queue(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The queue's retry clock starts when a worker fetches a task, not when it begins it."""
    queue = settings.Q_CLUSTER
    if queue["retry"] > queue["timeout"] * (queue["queue_limit"] + 2):
        return []
    return [Error(_("Q_CLUSTER: retry must exceed timeout * (queue_limit + 2)."), id="echodepth.E001")]


@register(TAG)
def check_pool(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Forked workers would share the pool's connections and read each other's answers."""
    pooled = [name for name, facts in settings.DATABASES.items() if facts.get("OPTIONS", {}).get("pool")]
    message = _("Database %(name)s: take `pool` out of its options.")
    return [Error(message % {"name": name}, id="echodepth.E002") for name in pooled]


@register(TAG)
def check_debug(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Django's debug pages show settings and source."""
    if settings.DEBUG and settings.HTTPS:
        message = _("ECHODEPTH_DEBUG and ECHODEPTH_HTTPS are both on: turn one off.")
        return [Error(message, id="echodepth.E003")]
    return []


@register(TAG)
def check_data_folder(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The folder, or the nearest one above it that exists, takes files."""
    folder = Path(settings.DATA_FOLDER).absolute()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    message = _("The data folder %(folder)s cannot be written; set ECHODEPTH_DATA_FOLDER to one that can.")
    return [Error(message % {"folder": folder}, id="echodepth.E004")]


@register(TAG)
def check_pango(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Reports are laid out with Pango; without it, everything but the PDF works."""
    if find_library("pango-1.0") or find_library("pango-1.0-0"):
        return []
    message = _(
        "Pango is not installed: no PDF can be made. On Debian: libpango-1.0-0 and libpangoft2-1.0-0."
    )
    return [Warning(message, id="echodepth.W001")]


@register(TAG)
def check_open_base_url(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Links in mails would be refused by the browser's secure cookies otherwise."""
    if settings.HTTPS and not settings.BASE_URL.startswith("https://"):
        message = _("ECHODEPTH_HTTPS is on, so ECHODEPTH_BASE_URL must begin with https://.")
        return [Error(message, id="echodepth.E005")]
    return []


@register(TAG)
def check_time_zone(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A new organisation takes it over."""
    if settings.DEFAULT_ORGANISATION_TIME_ZONE in available_timezones():
        return []
    return [Error(_("ECHODEPTH_TIME_ZONE is no zone such as Europe/Berlin."), id="echodepth.E006")]


@register(TAG)
def check_mail(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The demonstration shows its outbox as a page; elsewhere nobody looks there."""
    if settings.DEMO or settings.EMAIL_HOST:
        return []
    message = _(
        "No mail is sent: links to choose or reset a password are written to %(folder)s, where the people "
        "they are for cannot read them. Set ECHODEPTH_EMAIL_HOST to an SMTP server."
    )
    return [Warning(message % {"folder": settings.EMAIL_FILE_PATH}, id="echodepth.W002")]
