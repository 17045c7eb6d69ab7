"""Settings: everything has a safe default; an installation says the rest through RETKOOP_* variables (docs/installation.md)."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from retkoop.config.documents import documents_storage, s3_access
from retkoop.config.mail import mail_settings

HOME = Path(os.environ.get("RETKOOP_HOME") or Path.home() / ".local/share/retkoop")
SOURCE = Path(__file__).resolve().parent.parent


def _truth(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "").lower() in {"1", "true", "yes", "oui"}


def _secret_key() -> str:
    """Return the key of this installation: given, or drawn once and kept in its folder."""
    given = os.environ.get("RETKOOP_SECRET_KEY")
    if given:
        return given
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=HOME, encoding="ascii") as new:  # readable by its owner alone
            new.write(secrets.token_urlsafe(50))
            new.flush()
            with contextlib.suppress(FileExistsError):  # another process drew it meanwhile
                os.link(new.name, file)
    return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = _truth("RETKOOP_DEBUG")
SECURE = _truth("RETKOOP_HTTPS")
"""True behind a proxy that speaks HTTPS: cookies and HSTS follow."""

ALLOWED_HOSTS = os.environ.get("RETKOOP_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SECURE else []
ROOT_URLCONF = "retkoop.config.urls"
WSGI_APPLICATION = "retkoop.config.wsgi.application"
AUTH_USER_MODEL = "users.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "retkoop.ui",
    "retkoop.users",
    "retkoop.audit",
    "retkoop.mailing",
    "retkoop.network",
    "retkoop.archive",
    "retkoop.books",
    "retkoop.registers",
    "retkoop.banking",
    "retkoop.assistance",
    "retkoop.memberships",
    "retkoop.year_end",
    "retkoop.oversight",
    "retkoop.upkeep",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "retkoop.ui.security.SecureHeaders",
    "csp.middleware.CSPMiddleware",
    "retkoop.ui.errors.FrenchRefusals",
    "retkoop.archive.reception.RefuseLargeRequests",
    "retkoop.ui.readonly.ReadOnlyRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "retkoop.users.login_required.LoginRequired",
    "allauth.account.middleware.AccountMiddleware",
]
if _truth("RETKOOP_TIMING"):
    MIDDLEWARE.insert(0, "retkoop.upkeep.timing.ServerTiming")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "retkoop.ui.templates.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages", "retkoop.ui.typed.form_inputs"],
        },
    },
    {
        # allauth's own templates, wherever ours do not stand in front of them
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.Jinja2"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("RETKOOP_DATABASE_URL") or f"sqlite:///{HOME / 'retkoop.sqlite3'}", conn_max_age=None, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456",
    }

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True  # Django's and allauth's own messages in French; ours are written in place
LANGUAGES = [("fr", "Français")]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": documents_storage(os.environ.get("RETKOOP_DOCUMENTS_URL", ""), HOME),
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

SESSION_ENGINE = "retkoop.users.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a GET that shows a message writes nothing
CSRF_FAILURE_VIEW = "retkoop.ui.errors.csrf_failure"

SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "retkoop.users.validators.HousePasswordValidator"}]
AUTHENTICATION_BACKENDS = ["retkoop.users.sessions.AccountBackend"]
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

# What `users` asks of rooms above it, which it does not know: the roof names who answers.
FIRST_LOGIN_ALLOWED = "retkoop.network.queries.initial_password_allowed"
AFTER_ACTIVATION = ["retkoop.books.first_book.open_first_book"]
# What `network` asks of the rooms above it, once a rule has changed.
AFTER_RULES = "retkoop.oversight.rules.following.ask_to_follow"
# The image with which an AD signs its letters.
SIGNATURE = "retkoop.oversight.rules.signatures.signature_of"
# What `books` asks of the registers above it.
REGISTERS_VIEW = "retkoop.registers.queries.registers_view"
# What `books` asks of the bank above it.
CLOSED_STATEMENT = "retkoop.banking.queries.closed_statement_holding"
HOME_WORDS = ["retkoop.memberships.declaring.home.home_words", "retkoop.year_end.closing.queries.home_words"]
# What `memberships` asks of the compte rendu d’activités above it: how many coopérateurs the year before had.
REPORTED_MEMBERS = "retkoop.year_end.cra.known.reported_members"
ENTRY_FACTS = "retkoop.year_end.closing.queries.entry_facts"
ENTRY_REFUSAL = "retkoop.year_end.closing.queries.entry_refusal"
# What the frames of pages tell of help from afar, and what home tells of those who wrote in a coop's books from there.
COOP_FACTS = "retkoop.assistance.facts.coop_facts"
ASSOCIATION_FACTS = "retkoop.assistance.facts.association_facts"
HOME_VISITS = "retkoop.assistance.visits.unseen_visits"
# What the federation announces on the first page of those to whom it is said.
ANNOUNCEMENTS = "retkoop.oversight.national.announcing.announcements_for"
# The words of the trail, each room's own.
_ROOMS = ("books", "registers", "banking", "assistance", "memberships", "year_end", "oversight")
HISTORY_WORDS = [f"retkoop.{room}.history_words.WORDS" for room in _ROOMS]
UPKEEP_REMARKS = "retkoop.upkeep.queries.remarks"
"""Idem for `network`: when the last good backup and verification were, or what is wrong with them."""

ACCOUNT_ADAPTER = "retkoop.users.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "retkoop.users.forms.LoginForm",
    "change_password": "retkoop.users.forms.ChangePasswordForm",
    "reauthenticate": "retkoop.users.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up, but allauth takes from here that passwords exist
ACCOUNT_RATE_LIMITS = False  # `users.tries` counts instead, in the database, and locks no owner out
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes with the browser: computers of a staff room are shared
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RETKOOP_PROXIES") or (1 if SECURE else 0))
MFA_ADAPTER = "retkoop.users.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "retkoop.users.forms.SecondFactorForm",
    "activate_totp": "retkoop.users.forms.ActivateSecondFactorForm",
}
MFA_TOTP_ISSUER = "Retkoop"
MFA_TOTP_TOLERANCE = 1  # clocks of phones drift: the code before and the code after will do

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # a year of tickets, dropped at once
FILE_UPLOAD_TEMP_DIR = HOME / "reception"
SILENCED_SYSTEM_CHECKS = ["files.E001"]  # the folder is made by the first upload (archive.reception), not before
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "retkoop.archive.reception.SweptUploads"]
CLAMD = os.environ.get("RETKOOP_CLAMD", "")
"""Where clamd listens, `host:port` or the path of its socket; empty, nothing is scanned."""
TESSERACT = os.environ.get("RETKOOP_TESSERACT", shutil.which("tesseract") or "")
"""The program that reads pictures in the background; empty, nothing is read."""
TESSERACT_LANGUAGE = os.environ.get("RETKOOP_TESSERACT_LANGUAGE", "fra")
DEFAULT_FROM_EMAIL = os.environ.get("RETKOOP_EMAIL_FROM", "retkoop@localhost")
EMAIL_REPLY = os.environ.get("RETKOOP_EMAIL_REPLY", "")
"""The address whose messages come in by `retkoop receive-mail`, with a + and the token of each letter; empty, nothing comes back here."""
DEMONSTRATION = _truth("RETKOOP_DEMONSTRATION")
"""True for `retkoop demo` alone, which sets it: letters land in a page that everybody reads."""
CAN_SEND_MAIL = DEMONSTRATION or bool(os.environ.get("RETKOOP_EMAIL_URL"))
globals().update(mail_settings(os.environ.get("RETKOOP_EMAIL_URL", ""), demonstration=DEMONSTRATION))
PUBLIC_URL = os.environ.get("RETKOOP_URL", f"https://{ALLOWED_HOSTS[0]}" if SECURE else "http://127.0.0.1:8000").rstrip("/")
"""The address by which people reach this instance; links in mails begin with it."""

WITH_WORKER = _truth("RETKOOP_WORKER", default=True)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
BACKUP_FOLDER = Path(os.environ.get("RETKOOP_BACKUP_FOLDER") or HOME / "sauvegardes")
BACKUP_KEY = os.environ.get("RETKOOP_BACKUP_KEY", "")
"""An age identity, `AGE-SECRET-KEY-1…`: backups are encrypted for it, and read with it."""
BACKUP_S3 = os.environ.get("RETKOOP_BACKUP_S3", "")
"""`s3://bucket/prefix`, where a copy of each backup goes."""
S3_ACCESS = s3_access()
BACKUP_HOURS = int(os.environ.get("RETKOOP_BACKUP_HOURS") or 1)
BACKUPS_KEPT = (int(os.environ.get("RETKOOP_BACKUP_LAST") or 24), int(os.environ.get("RETKOOP_BACKUP_NIGHTS") or 30))
"""The last ones, and the last one of each of so many days."""
NIGHT = dt.time.fromisoformat(os.environ.get("RETKOOP_NIGHT") or "02:30")
UPKEEP_MAIL = [address for address in os.environ.get("RETKOOP_UPKEEP_MAIL", "").split(",") if address]

SEAL_CERTIFICATE = os.environ.get("RETKOOP_SEAL_CERTIFICATE", "")
"""A PKCS#12 file: the certificate that seals what coops send, with its private key; empty, this installation makes its own."""
SEAL_PASSWORD = os.environ.get("RETKOOP_SEAL_PASSWORD", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # robots try any name: they get their 400, nobody reads of it
    },
}
