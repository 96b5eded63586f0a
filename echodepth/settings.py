"""Django settings; everything that differs between installations comes from `env.VARIABLES`."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from echodepth.env import BASE_DIR, database, read
from echodepth.secret import secret_key

DEMO: bool = read("ECHODEPTH_DEMO")
DEBUG: bool = read("ECHODEPTH_DEBUG")
BIND: str = read("ECHODEPTH_BIND")
BASE_URL: str = read("ECHODEPTH_BASE_URL") or f"http://{BIND}"
DATA_FOLDER = Path(read("ECHODEPTH_DATA_FOLDER"))
MODELS_FOLDER = Path(read("ECHODEPTH_MODELS_FOLDER"))
MAX_UPLOAD_BYTES: int = read("ECHODEPTH_MAX_UPLOAD_BYTES")
MAX_SECONDS: int = read("ECHODEPTH_MAX_SECONDS")
WEB_THREADS: int = read("ECHODEPTH_WEB_THREADS")

SECRET_KEY = secret_key(read("ECHODEPTH_SECRET_KEY"), DATA_FOLDER)
SECRET_KEY_FALLBACKS: list[str] = read("ECHODEPTH_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS: list[str] = [*read("ECHODEPTH_ALLOWED_HOSTS"), urlsplit(BASE_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "echodepth",  # first: its createsuperuser stands before Django's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_q",
    "accounts",
    "analysis",
    "reports",
]

MIDDLEWARE = [
    "echodepth.middleware.request_id",
    "echodepth.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "echodepth.middleware.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "echodepth.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "echodepth.middleware.Refusals",
]

CSRF_FAILURE_VIEW = "echodepth.error_pages.csrf_failure"
FORM_RENDERER = "echodepth.forms.FormRenderer"
ROOT_URLCONF = "echodepth.urls"
WSGI_APPLICATION = "echodepth.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "echodepth.context.demo",
            ],
        },
    },
]

DATABASES = {"default": database(DATA_FOLDER / "echodepth.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Web and worker write at once: without WAL and IMMEDIATE, SQLite answers "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.auth.LoginForm",
    "reset_password": "accounts.forms.auth.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.auth.ResetPasswordKeyForm",
    "change_password": "accounts.forms.auth.ChangePasswordForm",
    "set_password": "accounts.forms.auth.SetPasswordForm",
    "reauthenticate": "accounts.forms.auth.ReauthenticateForm",
    "add_email": "accounts.forms.auth.AddEmailForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT: int = read("ECHODEPTH_PROXIES")
PASSWORD_RESET_TIMEOUT = 3 * 86_400
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https") else "http"

EMAIL_HOST: str = read("ECHODEPTH_EMAIL_HOST")
EMAIL_PORT: int = read("ECHODEPTH_EMAIL_PORT")
EMAIL_HOST_USER: str = read("ECHODEPTH_EMAIL_USER")
EMAIL_HOST_PASSWORD: str = read("ECHODEPTH_EMAIL_PASSWORD")
EMAIL_USE_TLS: bool = read("ECHODEPTH_EMAIL_TLS")
DEFAULT_FROM_EMAIL: str = read("ECHODEPTH_EMAIL_FROM")
EMAIL_FILE_PATH = DATA_FOLDER / "outbox"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_ORGANISATION_TIME_ZONE: str = read("ECHODEPTH_TIME_ZONE")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_FOLDER / "storage"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# A run may take hours; our own lease, heartbeat and sweep decide what is stale (analysis.domain.runs),
# so the queue's retry only has to be longer than anything it prefetches could take:
# retry > timeout * (queue_limit + 2), held by a system check.
Q_CLUSTER = {
    "name": "echodepth",
    "orm": "default",
    "workers": read("ECHODEPTH_WORKERS"),
    "timeout": 6 * 3600,
    "queue_limit": 1,
    "retry": 20 * 3600,
    "max_attempts": 1,
    "ack_failures": True,
    "poll": 0.5,
    "save_limit": 200,
    "catch_up": False,
    "label": "EchoDepth",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "echodepth.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "echodepth.request_id.UtcFormatter",
            "format": "%(asctime)sZ %(levelname)s %(name)s request=%(request_id)s %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # The terminal of the demonstration is for its reader; elsewhere every task is worth a line.
        "django-q": {"level": "WARNING" if DEMO else "INFO"},
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "level": "INFO"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}

HTTPS: bool = read("ECHODEPTH_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both reach beyond this host and cannot be taken back at once, so HTTPS alone does not turn them on.
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = HTTPS and read("ECHODEPTH_HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD: bool = HTTPS and read("ECHODEPTH_HSTS_PRELOAD")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
