"""Every environment variable the product reads, with its default and what it means.

`docs/settings.md` is this table written out; a test holds the two together.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from echodepth.kinds import ADDRESS, DATABASE, ITEMS, NUMBER, POSITIVE, SWITCH, TEXT, WEB_ADDRESS, Kind

BASE_DIR = Path(__file__).resolve().parent.parent


DATABASES = {f"django.db.backends.{name}" for name in ("sqlite3", "postgresql")}


class SettingError(Exception):
    """A variable says what cannot be used: one line with its name, its value and the form that is wanted.

    Raised while the settings are read, when nothing can be translated yet; `manage.py` prints it and ends
    with exit status 2.
    """

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}: {value} cannot be used; it must be {wanted}. docs/settings.md tells more.")


@dataclass(frozen=True, slots=True)
class Variable:
    """One that is unset or empty has its default. The value of a secret one is never shown."""

    name: str
    kind: Kind
    default: Any
    description: str
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "ECHODEPTH_DEMO",
        SWITCH,
        False,
        "Demonstration mode: mail goes to the outbox page, and the pages say so. `./run` turns it on.",
    ),
    Variable("ECHODEPTH_DEBUG", SWITCH, False, "Django's debug pages. Never in production."),
    Variable(
        "ECHODEPTH_BASE_URL",
        WEB_ADDRESS,
        "",
        "The address people type, for example `https://echodepth.example.org`; links in mails begin with it. "
        "When empty, `http://` and ECHODEPTH_BIND.",
    ),
    Variable(
        "ECHODEPTH_ALLOWED_HOSTS",
        ITEMS,
        ["127.0.0.1", "localhost"],
        "Host names the server answers to, separated by commas; the one of ECHODEPTH_BASE_URL is added.",
    ),
    Variable("ECHODEPTH_BIND", ADDRESS, "127.0.0.1:8000", "Address and port the web server listens on."),
    Variable("ECHODEPTH_WEB_THREADS", POSITIVE, 8, "Threads of the web server."),
    Variable("ECHODEPTH_WORKERS", POSITIVE, 1, "Worker processes that analyse recordings."),
    Variable(
        "ECHODEPTH_DATA_FOLDER",
        TEXT,
        str(BASE_DIR / "var"),
        "Database, storage, outbox and secret key of the embedded default.",
    ),
    Variable(
        "ECHODEPTH_MODELS_FOLDER", TEXT, str(BASE_DIR / ".models"), "Where the prepared face networks lie."
    ),
    Variable(
        "ECHODEPTH_SECRET_KEY",
        TEXT,
        "",
        "Secret for signing; when empty, one is made and kept in the data folder.",
        secret=True,
    ),
    Variable(
        "ECHODEPTH_SECRET_KEY_FALLBACKS",
        ITEMS,
        [],
        "Earlier secrets that still verify while a rotation is under way, separated by commas.",
        secret=True,
    ),
    Variable(
        "DATABASE_URL",
        DATABASE,
        "",
        "Database as a URL (`postgres://user:password@host/name`); when empty, SQLite in the data folder.",
        secret=True,
    ),
    Variable(
        "ECHODEPTH_EMAIL_HOST",
        TEXT,
        "",
        "SMTP server; when empty, mail is written to the data folder's outbox.",
    ),
    Variable("ECHODEPTH_EMAIL_PORT", POSITIVE, 587, "SMTP port."),
    Variable("ECHODEPTH_EMAIL_USER", TEXT, "", "SMTP user."),
    Variable("ECHODEPTH_EMAIL_PASSWORD", TEXT, "", "SMTP password.", secret=True),
    Variable("ECHODEPTH_EMAIL_TLS", SWITCH, True, "STARTTLS with the SMTP server."),
    Variable(
        "ECHODEPTH_EMAIL_FROM", TEXT, "EchoDepth <no-reply@localhost>", "Sender of the product's mails."
    ),
    Variable("ECHODEPTH_MAX_UPLOAD_BYTES", POSITIVE, 5_000_000_000, "Largest file that may be uploaded."),
    Variable("ECHODEPTH_MAX_SECONDS", POSITIVE, 10_800, "Longest recording that is analysed, in seconds."),
    Variable(
        "ECHODEPTH_TIME_ZONE",
        TEXT,
        "UTC",
        "Zone in which a new organisation's times are shown; times are stored in UTC.",
    ),
    Variable(
        "ECHODEPTH_PROXIES",
        NUMBER,
        0,
        "How many proxies of yours stand before the web server, each adding to `X-Forwarded-For`. Sign-in is "
        "slowed down by the address this tells.",
    ),
    Variable(
        "ECHODEPTH_HTTPS",
        SWITCH,
        False,
        "The site is served over HTTPS: secure cookies, redirects, and browsers told to use nothing else "
        "with this host for a year (HSTS). On in production.",
    ),
    Variable(
        "ECHODEPTH_HSTS_SUBDOMAINS",
        SWITCH,
        False,
        "With ECHODEPTH_HTTPS: binds every subdomain of the host to HTTPS for a year, other services' too.",
    ),
    Variable(
        "ECHODEPTH_HSTS_PRELOAD",
        SWITCH,
        False,
        "With ECHODEPTH_HTTPS: allows browsers to ship the host in their lists; undoing that takes months.",
    ),
)


def read(name: str) -> Any:
    """The variable's value, by its kind.

    Raises SettingError for a value of another form, KeyError for an undeclared name.
    """
    variable = {variable.name: variable for variable in VARIABLES}[name]
    text = os.environ.get(name, "").strip()
    try:
        return variable.kind.parse(text) if text else variable.default
    except ValueError:
        shown = "its value" if variable.secret else f'"{text}"'
        raise SettingError(name, shown, variable.kind.form) from None


def database(default_file: Path) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL, or SQLite in `default_file`; raises SettingError."""
    url = read("DATABASE_URL") or f"sqlite:///{default_file}"
    try:
        if environ.Env.DB_SCHEMES.get(urlsplit(url).scheme) in DATABASES:
            return dict(environ.Env.db_url_config(url))
    except (ValueError, ImproperlyConfigured):
        pass  # said below, without the value, which may hold a password
    raise SettingError("DATABASE_URL", "its value", DATABASE.form)
