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
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from echodepth.storage import configuration

TAG = "echodepth"
LEAST_TASKS = 50


@register(TAG)
def check_queue(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The queue's retry clock starts when a worker fetches a task, not when it begins it."""
    queue = settings.Q_CLUSTER
    if queue["retry"] > queue["timeout"] * (queue["queue_limit"] + 2):
        return []
    return [Error(_("Q_CLUSTER: retry must exceed timeout * (queue_limit + 2)."), id="echodepth.E001")]


@register(TAG)
def check_broker(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A wake-up is committed together with what it is for; Redis moreover loses what a killed worker had."""
    queue = settings.Q_CLUSTER
    others = {"redis", "django_redis", "iron_mq", "sqs", "mongo"} & set(queue)
    if queue.get("orm") == "default" and not others and _is_orm(queue.get("broker_class")):
        return []
    message = _("Q_CLUSTER: the queue must be in the product's database: orm is default, no other broker.")
    return [Error(message, id="echodepth.E010")]


@register(TAG)
def check_attempts(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """The run's row counts attempts; the queue never counts a worker that died, and repeats for ever."""
    wanted = {"ack_failures": True, "max_attempts": 1, "bulk": 1, "sync": False}
    default = {"ack_failures": False, "max_attempts": 0, "bulk": 1, "sync": False}
    wrong = [name for name, value in wanted.items() if settings.Q_CLUSTER.get(name, default[name]) != value]
    message = _("Q_CLUSTER: %(name)s must be %(value)s.")
    return [Error(message % {"name": name, "value": wanted[name]}, id="echodepth.E011") for name in wrong]


@register(TAG)
def check_recycling(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A worker replaced now and then cannot grow for ever; one replaced too often loads networks all day."""
    if settings.Q_CLUSTER.get("recycle", 500) >= LEAST_TASKS:
        return []
    message = _("Q_CLUSTER: recycle must be at least %(least)s tasks.")
    return [Error(message % {"least": LEAST_TASKS}, id="echodepth.E012")]


def _is_orm(broker_class: str | None) -> bool:
    """Whether a broker is django-q2's own on Django's database, or made of it."""
    if broker_class is None:
        return True
    from django_q.brokers.orm import ORM  # noqa: PLC0415 - it reads models, which are there only now

    return issubclass(import_string(broker_class), ORM)


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


@register(TAG)
def check_storage(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Half a description of an S3 server would be found out by the first customer's upload."""
    return [Error(fault, id="echodepth.E013") for fault in configuration.faults(https=settings.HTTPS)]
