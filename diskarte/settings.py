"""Every setting of the installation. What a person may change at run time is a row instead."""

import os
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from diskarte.env import ask
from diskarte.stages import STAGES

BASE_DIR = Path(__file__).parent
DATA = ask("DISKARTE_DATA", Path("data"), "Folder with everything worth a back-up.").absolute()
SITE = ask("DISKARTE_SITE", "http://127.0.0.1:8000", "Where people reach this site, without a final slash.")
BIND = ask("DISKARTE_BIND", "127.0.0.1:8000", "Address and port the web server listens on.")
DATABASE_URL = ask(
    "DATABASE_URL", "", "postgresql://user:password@host/name; empty: SQLite in the data folder."
)
EMAIL_URL = ask(
    "DISKARTE_EMAIL_URL", "", "smtp://user:password@host:587 (smtps:// for TLS); empty: mail is written to data/mail.",
    secret=True,
)  # fmt: skip
DEFAULT_FROM_EMAIL = ask("DISKARTE_EMAIL_FROM", "Diskarte <diskarte@localhost>", "Sender of the site's mail.")
LANGUAGE_CODE = "en"  # the source; everybody chooses their own
TIME_ZONE_DEFAULT = ask("DISKARTE_TIME_ZONE", "Asia/Manila", "Time zone of new brands.")
DEBUG = ask("DISKARTE_DEBUG", False, "Show errors in the browser. Never on a public server.")
ALLOW_LOOPBACK = ask(
    "DISKARTE_ALLOW_LOOPBACK",
    False,
    "Let outgoing calls reach this machine. For tests and local servers only.",
)
DEMO = ask(
    "DISKARTE_DEMO", False, "Whoever opens this site on this machine is signed in as the demo's owner."
)
LOG = ask("DISKARTE_LOG", "text", "How log lines look: text for people, or json, one object a line.")
METRICS_TOKEN = ask(
    "DISKARTE_METRICS_TOKEN", "", "Who shows it as a bearer token reads /metrics; empty: only this machine does.",
    secret=True,
)  # fmt: skip
WORKER_THREADS = ask("DISKARTE_WORKER_THREADS", 16, "How many deliveries one worker sends at the same time.")
MODEL_URL = ask(
    "DISKARTE_MODEL_URL",
    "",
    "An OpenAI-compatible server that may draft proposals; empty: no language model is asked.",
)
MODEL = ask("DISKARTE_MODEL", "", "Name of the language model on that server.")
MODEL_KEY = ask("DISKARTE_MODEL_KEY", "", "Your own key for that server, if it wants one.", secret=True)
OLD_KEYS = ask(
    "DISKARTE_OLD_KEYS",
    "",
    "Former secret keys, comma separated, that may still open sealed secrets.",
    secret=True,
)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise SystemExit(f"DISKARTE_DATA={path}: the folder cannot be made ({e.strerror}).") from None
    return path


def _secret_key() -> str:
    path = _folder(DATA) / "secret.key"
    if not path.exists():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(token_urlsafe(50))
    return path.read_text().strip()


def _database() -> dict[str, object]:
    if not DATABASE_URL:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        pragmas += " PRAGMA secure_delete=ON;"  # whoever is forgotten does not stay in free pages, either
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "diskarte.sqlite3", "OPTIONS": options}
    url = urlsplit(DATABASE_URL)
    if url.scheme not in ("postgresql", "postgres") or not url.path.strip("/"):
        raise SystemExit(
            "DATABASE_URL: write postgresql://user:password@host:5432/name, or leave it empty for SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.strip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": url.port or "",
        "OPTIONS": dict(parse_qsl(url.query)),
        "CONN_HEALTH_CHECKS": True,
    }


def _mail() -> dict[str, object]:
    if not EMAIL_URL:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": DATA / "mail"},
        }
    url = urlsplit(EMAIL_URL)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise SystemExit("DISKARTE_EMAIL_URL: write smtp://user:password@host:587, or leave it empty.")
    options = {
        "host": url.hostname,
        "port": url.port or (465 if url.scheme == "smtps" else 587),
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_ssl": url.scheme == "smtps",
        "use_tls": url.scheme == "smtp" and bool(url.username),
        "timeout": 30,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


if LOG not in ("text", "json"):
    raise SystemExit(f"DISKARTE_LOG={LOG}: write text or json.")

if urlsplit(SITE).scheme not in ("http", "https") or not urlsplit(SITE).hostname:
    raise SystemExit(f"DISKARTE_SITE={SITE}: write an address such as https://plan.example.com.")

if DEMO and urlsplit(SITE).hostname not in ("127.0.0.1", "localhost"):
    raise SystemExit(
        "DISKARTE_DEMO: the open demo is for this machine only; DISKARTE_SITE must be on 127.0.0.1."
    )

SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [key.strip() for key in OLD_KEYS.split(",") if key.strip()]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", urlsplit(SITE).hostname or ""]
CSRF_TRUSTED_ORIGINS = [SITE]
SECURE = SITE.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

ROOT_URLCONF = "diskarte.urls"
ASGI_APPLICATION = "diskarte.doors.asgi.app"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "django_tasks_db",
    "diskarte.doors.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "diskarte.core.people",
    "diskarte.core.jobs",
    "diskarte.core.outbox",
    "diskarte.core.practice",
    "diskarte.core.files",
    "diskarte.core.numbers",
    "diskarte.core.lake",
    *(f"diskarte.stages.{stage}" for stage in STAGES),
    "diskarte.start",
    "diskarte.document",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "diskarte.doors.web.middleware.brand_in_path",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "diskarte.doors.web.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "diskarte.doors.web.middleware.who",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "doors/web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "diskarte.doors.web.templatetags.desk",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "diskarte.doors.web.context.desk",
            ],
        },
    }
]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MAILERS = {"default": _mail()}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "diskarte.doors.web.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from invitations
MFA_TOTP_ISSUER = "Diskarte"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
NUMBER_GROUPING = 3  # for languages Django brings no formats for
LANGUAGES = [("en", _("English")), ("fil", _("Filipino"))]
LOCALE_PATHS = [BASE_DIR / room / "locale" for room in ("doors/web", "core", "networks")]
LANGUAGE_COOKIE_NAME = "language"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "doors/web/static", ("networks", BASE_DIR / "networks/icons")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "diskarte.core.logs.Text",
            "format": "%(asctime)s %(levelname)s %(name)s %(about)s%(message)s",
        },
        "json": {"()": "diskarte.core.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"diskarte": {"level": "INFO"}},
}
