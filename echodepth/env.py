"""Every environment variable the product reads, with its default and what it means.

`docs/settings.md` is this table written out; a test holds the two together.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Variable:
    """`kind` is a Python type or the word `database_url` for django-environ's URL form."""

    name: str
    kind: type
    default: Any
    description: str


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "ECHODEPTH_DEMO",
        bool,
        False,
        "Demonstration mode: mail goes to the outbox page, and the pages say so. `./run` turns it on.",
    ),
    Variable("ECHODEPTH_DEBUG", bool, False, "Django's debug pages. Never in production."),
    Variable(
        "ECHODEPTH_BASE_URL",
        str,
        "",
        "The address people type, for example `https://echodepth.example.org`; links in mails begin with it. "
        "When empty, `http://` and ECHODEPTH_BIND.",
    ),
    Variable(
        "ECHODEPTH_ALLOWED_HOSTS",
        list,
        ["127.0.0.1", "localhost"],
        "Host names the server answers to, separated by commas; the one of ECHODEPTH_BASE_URL is added.",
    ),
    Variable("ECHODEPTH_BIND", str, "127.0.0.1:8000", "Address and port the web server listens on."),
    Variable("ECHODEPTH_WEB_THREADS", int, 8, "Threads of the web server."),
    Variable("ECHODEPTH_WORKERS", int, 1, "Worker processes that analyse recordings."),
    Variable(
        "ECHODEPTH_DATA_FOLDER",
        str,
        str(BASE_DIR / "var"),
        "Database, storage, outbox and secret key of the embedded default.",
    ),
    Variable(
        "ECHODEPTH_MODELS_FOLDER", str, str(BASE_DIR / ".models"), "Where the prepared face networks lie."
    ),
    Variable(
        "ECHODEPTH_SECRET_KEY",
        str,
        "",
        "Secret for signing; when empty, one is made and kept in the data folder.",
    ),
    Variable(
        "ECHODEPTH_SECRET_KEY_FALLBACKS",
        list,
        [],
        "Earlier secrets that still verify while a rotation is under way, separated by commas.",
    ),
    Variable(
        "DATABASE_URL",
        str,
        "",
        "Database as a URL (`postgres://user:password@host/name`); when empty, SQLite in the data folder.",
    ),
    Variable(
        "ECHODEPTH_EMAIL_HOST",
        str,
        "",
        "SMTP server; when empty, mail is written to the data folder's outbox.",
    ),
    Variable("ECHODEPTH_EMAIL_PORT", int, 587, "SMTP port."),
    Variable("ECHODEPTH_EMAIL_USER", str, "", "SMTP user."),
    Variable("ECHODEPTH_EMAIL_PASSWORD", str, "", "SMTP password."),
    Variable("ECHODEPTH_EMAIL_TLS", bool, True, "STARTTLS with the SMTP server."),
    Variable("ECHODEPTH_EMAIL_FROM", str, "EchoDepth <no-reply@localhost>", "Sender of the product's mails."),
    Variable("ECHODEPTH_MAX_UPLOAD_BYTES", int, 5_000_000_000, "Largest file that may be uploaded."),
    Variable("ECHODEPTH_MAX_SECONDS", int, 10_800, "Longest recording that is analysed, in seconds."),
    Variable(
        "ECHODEPTH_TIME_ZONE",
        str,
        "UTC",
        "Zone in which a new organisation's times are shown; times are stored in UTC.",
    ),
    Variable(
        "ECHODEPTH_PROXIES",
        int,
        0,
        "How many proxies of yours stand before the web server, each adding to `X-Forwarded-For`. Sign-in is "
        "slowed down by the address this tells.",
    ),
    Variable(
        "ECHODEPTH_HTTPS",
        bool,
        False,
        "The site is served over HTTPS: secure cookies, HSTS, redirects. On in production.",
    ),
)

_env = environ.Env(**{variable.name: (variable.kind, variable.default) for variable in VARIABLES})


def read(name: str) -> Any:
    """The variable's value in its declared type; raises KeyError for an undeclared name."""
    if all(variable.name != name for variable in VARIABLES):
        raise KeyError(name)
    return _env(name)


def database(default_file: Path) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL, or SQLite in `default_file`."""
    url = read("DATABASE_URL")
    return dict(_env.db_url_config(url or f"sqlite:///{default_file}"))
