"""Django settings; everything that differs between installations comes from `env.VARIABLES`."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from echodepth.api.configuration import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - Django's settings
from echodepth.env import BASE_DIR, caches, database, owner_database, read
from echodepth.secret import secret_key
from echodepth.static_headers import let_the_card_be_shown
from echodepth.storage.configuration import chosen_storage

DEMO: bool = read("ECHODEPTH_DEMO")
DEBUG: bool = read("ECHODEPTH_DEBUG")
BIND: str = read("ECHODEPTH_BIND")
BASE_URL: str = read("ECHODEPTH_BASE_URL") or f"http://{BIND}"
DATA_FOLDER = Path(read("ECHODEPTH_DATA_FOLDER"))
MODELS_FOLDER = Path(read("ECHODEPTH_MODELS_FOLDER"))
MAX_UPLOAD_BYTES: int = read("ECHODEPTH_MAX_UPLOAD_BYTES")
MAX_SECONDS: int = read("ECHODEPTH_MAX_SECONDS")
RETENTION_NOTICE_DAYS: int = read("ECHODEPTH_RETENTION_NOTICE_DAYS")
RETENTION_DAYS: dict[str, int] = read("ECHODEPTH_RETENTION_DAYS")
RETENTION_MOST_DAYS: dict[str, int] = read("ECHODEPTH_RETENTION_MOST_DAYS")
BACKUP_DAYS: int = read("ECHODEPTH_BACKUP_DAYS")
CERTIFICATE_KEYS: list[str] = read("ECHODEPTH_CERTIFICATE_KEYS")
WEB_THREADS: int = read("ECHODEPTH_WEB_THREADS")
LEASE_SECONDS: int = read("ECHODEPTH_LEASE_SECONDS")
SEGMENT_FRAMES: int = read("ECHODEPTH_SEGMENT_FRAMES")
ASSIGNING_DAYS: int = read("ECHODEPTH_ASSIGNING_DAYS")
METRICS_TOKEN: str = read("ECHODEPTH_METRICS_TOKEN")
API_REQUESTS_A_MINUTE: int = read("ECHODEPTH_API_REQUESTS_A_MINUTE")

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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_q",
    "rest_framework",
    "drf_spectacular",
    "accounts",
    "analysis",
    "reports",
]

MIDDLEWARE = [
    "echodepth.middleware.request_id",
    "echodepth.metrics.Measured",
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
    "accounts.middleware.SsoConfinement",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
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
OWNER_DATABASE = owner_database()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Web and worker write at once: without WAL and IMMEDIATE, SQLite answers "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = caches()

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
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ("email", "full_name")}  # type: ignore[assignment]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "accounts.forms.auth.LoginForm",
    "reset_password": "accounts.forms.auth.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.auth.ResetPasswordKeyForm",
    "change_password": "accounts.forms.auth.ChangePasswordForm",
    "set_password": "accounts.forms.auth.SetPasswordForm",
    "reauthenticate": "accounts.forms.auth.ReauthenticateForm",
    "add_email": "accounts.forms.auth.AddEmailForm",
}
# allauth's own limits; those of failed sign-ins by password stand in accounts.limits.
ACCOUNT_RATE_LIMITS = {
    "login": "60/5m/ip",
    "login_failed": "5/15m/key",  # codes of a second factor, by person
    "reset_password": "20/15m/ip,5/15m/key",
    "reset_password_from_key": "20/15m/ip",
    "signup": "20/15m/ip",
    "reauthenticate": "10/15m/user",
    "change_password": "10/15m/user",
    "manage_email": "10/15m/user",
    "confirm_email": "1/3m/key",
    # Ours, counted by allauth's means: each makes our server ask other people's.
    "sso": "20/m/ip",
    "sso_check": "12/m/user",
}
SSO_PRIVATE_HOSTS: list[str] = read("ECHODEPTH_SSO_PRIVATE_HOSTS")
SSO_PLAIN_HTTP = DEMO or DEBUG
DNS_SERVERS: list[str] = read("ECHODEPTH_DNS_SERVERS")
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.AuthenticateForm",
    "reauthenticate": "accounts.forms.second_factor.ReauthenticateForm",
    "activate_totp": "accounts.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.EditPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "30/15m/ip"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "EchoDepth"
MFA_TOTP_TOLERANCE = 1
# Nobody signs up here, so nobody can lock an address's owner out of it; and an address can still be changed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT: int = read("ECHODEPTH_PROXIES")
PASSWORD_RESET_TIMEOUT = 3 * 86_400
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https") else "http"

EMAIL_HOST: str = read("ECHODEPTH_EMAIL_HOST")
EMAIL_PORT: int = read("ECHODEPTH_EMAIL_PORT")
EMAIL_HOST_USER: str = read("ECHODEPTH_EMAIL_USER")
EMAIL_HOST_PASSWORD: str = read("ECHODEPTH_EMAIL_PASSWORD")
EMAIL_USE_TLS: bool = read("ECHODEPTH_EMAIL_TLS")
EMAIL_TIMEOUT = 20
"""Seconds: a mail server that hangs must not hold the thread of a page for ever."""
DEFAULT_FROM_EMAIL: str = read("ECHODEPTH_EMAIL_FROM")
EMAIL_FILE_PATH = DATA_FOLDER / "outbox"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("es", _("Spanish"))]
"""Pages for prospects have all of them (`echodepth.urls`); whoever works here reads English."""
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_ORGANISATION_TIME_ZONE: str = read("ECHODEPTH_TIME_ZONE")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": chosen_storage(DATA_FOLDER / "storage"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ADD_HEADERS_FUNCTION = let_the_card_be_shown
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# A run may take hours; our own lease, heartbeat and sweep decide what is stale (analysis.domain.work.runs),
# so the queue's retry only has to be longer than anything it prefetches could take:
# retry > timeout * (queue_limit + 2), held by a system check.
Q_CLUSTER = {
    "name": "echodepth",
    "orm": "default",
    "broker_class": "echodepth.queue.OldestFirst",
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

LOG_FORMAT: str = read("ECHODEPTH_LOG_FORMAT")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "echodepth.logs.ContextFilter"}},
    "formatters": {
        "line": {"()": "echodepth.logs.LineFormatter"},
        "json": {"()": "echodepth.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["context"], "formatter": LOG_FORMAT}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # The terminal of the demonstration is for its reader; elsewhere every task is worth a line.
        "django-q": {"level": "WARNING" if DEMO else "INFO"},
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "level": "INFO"},
        # A line a request is for machines.
        "echodepth.metrics": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}

HTTPS: bool = read("ECHODEPTH_HTTPS")
# Browsers let neither a subdomain nor plain HTTP set a cookie whose name begins with __Host-.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86_400  # for who asks to stay signed in; otherwise until the browser closes
# Passkeys are bound to the host; over plain HTTP a browser offers them on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked on this machine, or by whoever watches it, behind the proxy that HTTPS ends at.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both reach beyond this host and cannot be taken back at once, so HTTPS alone does not turn them on.
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = HTTPS and read("ECHODEPTH_HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD: bool = HTTPS and read("ECHODEPTH_HSTS_PRELOAD")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
