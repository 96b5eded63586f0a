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

from echodepth.kinds import (
    ADDRESS,
    CACHE,
    CLASS_DAYS,
    DATABASE,
    GRID_FRAMES,
    ITEMS,
    NUMBER,
    POSITIVE,
    SWITCH,
    TEXT,
    WEB_ADDRESS,
    Kind,
    one_of,
)

BASE_DIR = Path(__file__).resolve().parent.parent


ENGINES = {
    "django.db.backends.sqlite3": "django.db.backends.sqlite3",
    "django.db.backends.postgresql": "echodepth.postgresql",
}
"""Ours tells PostgreSQL which organisation is in scope."""


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
        "ECHODEPTH_LEASE_SECONDS",
        POSITIVE,
        90,
        "How long a worker may be silent before another one takes its work; the same on every machine.",
    ),
    Variable(
        "ECHODEPTH_SEGMENT_FRAMES",
        GRID_FRAMES,
        3_840,
        "Frames in a segment of a long recording: what a worker takes at a time, what is lost "
        "when it dies, and "
        "how long a short recording may have to wait. Results do not depend on it.",
    ),
    Variable(
        "ECHODEPTH_ASSIGNING_DAYS",
        POSITIVE,
        7,
        "Days for which an analysis waits to be told who is who in a recording, then it is cancelled; "
        "face geometry stays in storage meanwhile.",
    ),
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
        "ECHODEPTH_S3_BUCKET",
        TEXT,
        "",
        "Bucket of an S3-compatible server for all files ([storage](storage.md)); when empty, "
        "they are in the "
        "data folder.",
    ),
    Variable(
        "ECHODEPTH_S3_ENDPOINT",
        WEB_ADDRESS,
        "",
        "Address of the server, such as `https://s3.example.org`; when empty, Amazon's of the region.",
    ),
    Variable(
        "ECHODEPTH_S3_PUBLIC_ENDPOINT",
        WEB_ADDRESS,
        "",
        "The same server as browsers reach it, who send their uploads there; when empty, "
        "ECHODEPTH_S3_ENDPOINT.",
    ),
    Variable("ECHODEPTH_S3_REGION", TEXT, "us-east-1", "The bucket's region."),
    Variable(
        "ECHODEPTH_S3_ADDRESSING",
        one_of("auto", "path", "virtual"),
        "auto",
        "Whether the bucket is named in the path or in the host name; `auto`: in the path "
        "with an endpoint of "
        "your own, in the host name at Amazon's.",
    ),
    Variable(
        "ECHODEPTH_S3_ACCESS_KEY",
        TEXT,
        "",
        "Access key; when it and the secret key are empty, the credentials of the machine's own role.",
    ),
    Variable("ECHODEPTH_S3_SECRET_KEY", TEXT, "", "Secret key.", secret=True),
    Variable(
        "ECHODEPTH_S3_ENCRYPTION",
        one_of("AES256", "aws:kms", "none"),
        "AES256",
        "How the server is told to encrypt what it stores; nothing is written to one that "
        "then does not. `none` "
        "is for a server whose disks you encrypt yourself.",
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
        "ECHODEPTH_OWNER_DATABASE_URL",
        DATABASE,
        "",
        "The same PostgreSQL database as its owner, who migrates; DATABASE_URL is then a role that owns "
        "nothing ([roles](operating.md#postgresql)). Web server and workers need not know it.",
        secret=True,
    ),
    Variable(
        "ECHODEPTH_CACHE_URL",
        CACHE,
        "",
        "Redis as a URL (`redis://:password@host:6379/0`), in which all processes count attempts to sign in "
        "and requests; when empty, the database.",
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
    Variable(
        "ECHODEPTH_API_REQUESTS_A_MINUTE",
        POSITIVE,
        300,
        "Requests an API token may make a minute; the next one is answered 429.",
    ),
    Variable("ECHODEPTH_MAX_SECONDS", POSITIVE, 10_800, "Longest recording that is analysed, in seconds."),
    Variable(
        "ECHODEPTH_RETENTION_NOTICE_DAYS",
        POSITIVE,
        14,
        "How many days before data are erased by policy the people who manage retention are told "
        "([retention](retention.md)).",
    ),
    Variable(
        "ECHODEPTH_RETENTION_DAYS",
        CLASS_DAYS,
        {},
        "How long classes of data are kept where an organisation chose nothing, such as "
        "`media=90,findings=365`, in days; the others keep the product's own "
        "([classes](retention.md#classes)).",
    ),
    Variable(
        "ECHODEPTH_RETENTION_MOST_DAYS",
        CLASS_DAYS,
        {},
        "The most days an organisation may choose for classes of data, in the same form.",
    ),
    Variable(
        "ECHODEPTH_BACKUP_DAYS",
        NUMBER,
        35,
        "How many days backups of the database and the storage are kept at most. A certificate of erasure "
        "states until when what was erased may still lie in one; the product does not delete them.",
    ),
    Variable(
        "ECHODEPTH_CERTIFICATE_KEYS",
        ITEMS,
        [],
        "Public keys, in hexadecimal, of certificates of erasure that were signed under secret keys which "
        "are gone, separated by commas: they verify then too.",
    ),
    Variable(
        "ECHODEPTH_TIME_ZONE",
        TEXT,
        "UTC",
        "Zone in which a new organisation's times are shown; times are stored in UTC.",
    ),
    Variable(
        "ECHODEPTH_SSO_PRIVATE_HOSTS",
        ITEMS,
        [],
        "Host names of identity providers that may lie in a private network, separated by commas. Every "
        "other host that an organisation names for single sign-on must have public addresses alone.",
    ),
    Variable(
        "ECHODEPTH_DNS_SERVERS",
        ITEMS,
        [],
        "Name servers asked whether a domain is an organisation's, each an address or address:port, "
        "separated by commas; when empty, the system's.",
    ),
    Variable(
        "ECHODEPTH_LOG_FORMAT",
        one_of("line", "json"),
        "line",
        "How the log is written: `line` for people, `json` for machines, one object a line "
        "([log](operating.md#the-log)).",
    ),
    Variable(
        "ECHODEPTH_METRICS_TOKEN",
        TEXT,
        "",
        "Who sends it as a bearer token may read `/metrics` "
        "([metrics](operating.md#metrics)); when empty, this "
        "machine alone may, and nobody where ECHODEPTH_PROXIES is set.",
        secret=True,
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
    return _database("DATABASE_URL", read("DATABASE_URL") or f"sqlite:///{default_file}")


def owner_database() -> dict[str, Any]:
    """The same for the owner of the tables; empty where none is set."""
    url = read("ECHODEPTH_OWNER_DATABASE_URL")
    return _database("ECHODEPTH_OWNER_DATABASE_URL", url) if url else {}


def caches() -> dict[str, Any]:
    """Django's cache settings: Redis, or a table of the database; raises SettingError.

    Every process must see the same counts, so no cache in memory is offered.
    """
    url = read("ECHODEPTH_CACHE_URL")
    if url:
        return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    # Django counts the rows at each write and, above the most, throws entries out whether expired or not.
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "echodepth_cache",
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    }


def _database(name: str, url: str) -> dict[str, Any]:
    try:
        engine = ENGINES[environ.Env.DB_SCHEMES[urlsplit(url).scheme]]
        return dict(environ.Env.db_url_config(url)) | {"ENGINE": engine}
    except (KeyError, ValueError, ImproperlyConfigured):
        pass  # said below, without the value, which may hold a password
    raise SettingError(name, "its value", DATABASE.form)
