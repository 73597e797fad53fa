"""All settings, from the environment. docs/settings.md explains each; a test keeps the two equal."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from smedash.environment import (
    env_address,
    env_addresses,
    env_bool,
    env_choice,
    env_hosts,
    env_int,
    env_list,
    env_path,
    env_secret,
    env_text,
)
from smedash.logging import logging_configuration
from smedash.providers import sign_in_providers
from smedash.safety import broker, database, refuse_open_sign_up_without_mail, refuse_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

VERSION = "0.1.0"
DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_secret("SECRET_KEY")
# What these signed is still accepted: a key is replaced without signing anybody out (docs/operations.md).
SECRET_KEY_FALLBACKS = env_secret("SECRET_KEY_FALLBACKS").split()
if TESTING:
    SECRET_KEY = SECRET_KEY or "only-for-tests-" * 4

# The public address, as people type it. Passkeys, links in mails and cookies depend on it.
PUBLIC_URL = env_text("PUBLIC_URL", "http://localhost:8000").rstrip("/")
PUBLIC_HOST = PUBLIC_URL.split("://")[-1].split("/")[0]
SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", PUBLIC_HOST.split(":")[0])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages are made in smedash/administration
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.microsoft",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "smedash",
    "accounts",
    "monitoring.analysis",
    "monitoring.platforms",
    "monitoring.jobs",
    "monitoring.listening",
    "monitoring.audience",
    "monitoring.conversions",
    "monitoring.strategy",
    "monitoring.alerts",
    "monitoring.reports",
    "monitoring.privacy",
    "monitoring.dashboard",
]

MIDDLEWARE = [
    "smedash.browser_policy.BrowserPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "smedash.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smedash.compressing.CompressPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.audit.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ReaderMiddleware",
]

ROOT_URLCONF = "smedash.urls"
WSGI_APPLICATION = "smedash.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "smedash.template_loading.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smedash.navigation.page_frame",
            ],
        },
    },
]

# Data

DATABASES = {
    "default": database(env_secret("DATABASE_URL", "postgresql:///smedash")),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = broker(env_secret("REDIS_URL", "redis://localhost:6379/0"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}

# Sentiment: by a transformer, by a model that learned, else by rules (docs/understanding.md)

SENTIMENT_MODEL = env_text("SENTIMENT_MODEL")
SENTIMENT_TRANSFORMER = env_text("SENTIMENT_TRANSFORMER")

# Work in the background

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "interactive"
# A task's name begins with its queue.
CELERY_TASK_ROUTES = {
    f"{queue}.*": {"queue": queue} for queue in ("fetch", "interactive", "events", "bulk", "mail")
}
# The broker hands a task to another worker when nobody has acknowledged it for so long. Longer than any task
# may take, or it would run twice; what a killed worker left behind is recovered from leases, long before.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 2 * 60 * 60}
CELERY_TASK_SOFT_TIME_LIMIT = 55 * 60
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5_000
# In kilobytes. A transformer alone takes 300,000 to 1,200,000 of them.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 3_000_000 if SENTIMENT_TRANSFORMER else 600_000
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ALWAYS_EAGER = False

# A worker that died keeps its source for this long.
LEASE_SECONDS = env_int("LEASE_SECONDS", 300, least=1)
# How often beat looks which searches are due.
DISPATCH_SECONDS = env_int("DISPATCH_SECONDS", 15, least=1)

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
# Who may make an account: whoever is invited, everybody (open), or nobody, not even who is invited (closed).
SIGN_UP = env_choice("SIGN_UP", ("invited", "open", "closed"))
# A page on which anybody may search the platforms for a name, without an account.
PUBLIC_SEARCH = env_bool("PUBLIC_SEARCH", default=False)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "signup": "accounts.forms.sign_in.SignUpForm",
    "add_email": "accounts.forms.sign_in.NewAddressForm",
    "change_password": "accounts.forms.sign_in.OtherPasswordForm",
    "set_password": "accounts.forms.sign_in.FirstPasswordForm",
    "reset_password": "accounts.forms.sign_in.AskForLinkForm",
    "reset_password_from_key": "accounts.forms.sign_in.ForgottenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Without a mail server nobody could follow the link that verifies an address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if env_text("SMTP_HOST") else "none"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24  # seconds that the link to a new password holds
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None  # the person says
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Counted for each client (ip), for each address typed or account tried (key), and for each person (user).
# login_failed also counts wrong codes and passkeys. Of one kind of sender each line takes one limit: two would share
# their count.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_today": "100/d/ip",
    "second_factor": "30/d/key",
    "signup": "10/h/ip",
    "confirm_email": "1/3m/key",
    "manage_email": "10/10m/user",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "reset_password": "20/h/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
}
# Guesses at passwords are counted for each client; behind a proxy its address is the last one in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("BEHIND_PROXY", default=False) else 0
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.CodeForm",
    "reauthenticate": "accounts.forms.sign_in.CodeAgainForm",
    "activate_totp": "accounts.forms.sign_in.FirstCodeForm",
    "authenticate_webauthn": "accounts.forms.sign_in.UsePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.sign_in.UsePasskeyAgainForm",
    "login_webauthn": "accounts.forms.sign_in.PasskeySignInForm",
    "add_webauthn": "accounts.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.sign_in.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "SMEdash"
MFA_TOTP_PERIOD = 30
MFA_TOTP_TOLERANCE = 1  # half a minute that a phone's clock may be off, or a person slow
# Google and Microsoft, where the operator has registered this instance with them.
SIGN_IN_WITH = sign_in_providers(
    google=(env_text("GOOGLE_CLIENT_ID"), env_secret("GOOGLE_CLIENT_SECRET")),
    microsoft=(env_text("MICROSOFT_CLIENT_ID"), env_secret("MICROSOFT_CLIENT_SECRET")),
    microsoft_tenant=env_text("MICROSOFT_TENANT", "common"),
)
SOCIALACCOUNT_PROVIDERS = {provider.slug: provider.allauth for provider in SIGN_IN_WITH}
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.sign_in.ConnectedSignUpForm"}
SOCIALACCOUNT_QUERY_EMAIL = True
# An address that another service names opens no account here: its owner connects the two, signed in.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Credentials of platforms are encrypted with the first key; older keys still decrypt (docs/operations.md).
ENCRYPTION_KEYS = env_secret("ENCRYPTION_KEYS").split()
# Without a token, /metrics answers this machine only.
METRICS_TOKEN = env_secret("METRICS_TOKEN")

if not TESTING:
    refuse_unsafe(
        debug=DEBUG,
        secret_key=SECRET_KEY,
        secret_key_fallbacks=SECRET_KEY_FALLBACKS,
        public_url=PUBLIC_URL,
        allowed_hosts=ALLOWED_HOSTS,
        encryption_keys=ENCRYPTION_KEYS,
        metrics_token=METRICS_TOKEN,
    )
    refuse_open_sign_up_without_mail(sign_up=SIGN_UP, mail_host=env_text("SMTP_HOST"))

# Mail

EMAIL_HOST = env_text("SMTP_HOST")
SMTP_ENCRYPTION = env_choice("SMTP_ENCRYPTION", ["starttls", "tls", "none"])
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_ENCRYPTION == "starttls", SMTP_ENCRYPTION == "tls"
EMAIL_PORT = env_int("SMTP_PORT", 465 if EMAIL_USE_SSL else 587, least=1, most=65535)
EMAIL_HOST_USER = env_text("SMTP_USER")
EMAIL_HOST_PASSWORD = env_secret("SMTP_PASSWORD")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_text("MAIL_FROM", f"SMEdash <smedash@{PUBLIC_HOST.split(':')[0]}>")
# Without a mail server mails are dropped: a log is no place for the one-time links in them.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"

# The outside world

# Hosts and networks that connectors may reach although their addresses are private: a company's own server.
PRIVATE_HOSTS_ALLOWED = env_hosts("PRIVATE_HOSTS_ALLOWED")
# slug=URL pairs that replace a platform's built-in address, for tests and private servers.
PLATFORM_URLS = env_addresses("PLATFORM_URLS")
# All reference rates since 1999, as the European Central Bank publishes them. "none": rates are entered by hand.
EXCHANGE_RATES_URL = env_address(
    "EXCHANGE_RATES_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip", nothing="none"
)

# Language, time, numbers

LANGUAGE_CODE = "en"
# Those that are translated as a whole. Dates, numbers and money follow the variant that a reader asks for.
LANGUAGES = [("en", _("English")), ("en-gb", _("British English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "var" / "vendor")]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no others
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "smedash.storage.StaticStorage"
    },
}

# Operation

# Where the operator's pages are, as in "operator"; empty: nowhere.
ADMIN_PATH = env_path("ADMIN_PATH")
LOGGING = logging_configuration(env_choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")))
# /readyz fails when a task has waited longer, in seconds.
QUEUE_AGE_LIMIT = env_int("QUEUE_AGE_LIMIT", 900, least=1)

# After so many days the audit log forgets; 0: never.
AUDIT_KEPT_DAYS = env_int("AUDIT_KEPT_DAYS", 730)
# After so many days clicks and visits are known by their number alone; 0: never.
CLICKS_KEPT_DAYS = env_int("CLICKS_KEPT_DAYS", 730)

# What anybody may send

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes beside files, and how large a file is kept in memory
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "smedash.uploads.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The browser

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
# Two instances on one machine differ only in the port, and browsers do not keep cookies apart by port.
_PORT_SUFFIX = f"_{PUBLIC_HOST.split(':')[1]}" if ":" in PUBLIC_HOST else ""
# With this prefix a browser takes a cookie from this very host over https only, and from no neighboring one.
_HOST_ONLY = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}session{_PORT_SUFFIX}"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrf{_PORT_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"language{_PORT_SUFFIX}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions"
SESSION_SERIALIZER = "accounts.sealed_sessions.SealedSerializer"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", default=False) else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
