"""Every knob, one file. Each is an environment variable named SEGUE_*."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from csp.constants import NONE, SELF

from segue.kit.addresses import served
from segue.kit.secrets import secret


def knob(name: str, default: str = "") -> str:
    """Return SEGUE_<name>, or the default where it is unset or empty."""
    return os.environ.get(f"SEGUE_{name}") or default


def switch(name: str, default: bool = False) -> bool:
    value = knob(name, "1" if default else "0").lower()
    return value in {"1", "true", "yes", "on"}


DATA_DIR = Path(knob("DATA_DIR", str(Path.home() / ".local" / "share" / "segue"))).expanduser().absolute()
DATABASE_URL = knob("DATABASE_URL")
DEBUG = switch("DEBUG")
DEMO = switch("DEMO")  # shows the outbox and the demo's sign-in helpers; never set it on a real site
SECRET_KEY = knob("SECRET_KEY") or secret(DATA_DIR, "secret_key")
BASE_URL = knob("BASE_URL", served(DATA_DIR, "base_url") or "http://127.0.0.1:8000")
# The collector's public address: pages send there, and it is told to browser libraries and beside write keys.
COLLECT_URL = knob("COLLECT_URL", served(DATA_DIR, "collect_url") or "http://127.0.0.1:8001")
ALLOWED_HOSTS = knob("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
EMPLOYER_NAME = knob("EMPLOYER_NAME", "Lindenmoor Group" if DEMO else "Our company")
BASE_CURRENCY = knob("BASE_CURRENCY", "EUR")
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django_htmx",
    "csp",
    "segue.kit",
    "segue.catalog",
    "segue.trust",
    "segue.listen",
    "segue.learn",
    "segue.recommend",
    "segue.engage",
    "segue.hire",
    "segue.measure",
    "segue.web.portal",
    "segue.web.desk",
]

MIDDLEWARE = [
    "segue.web.observe.ObserveMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell nothing of tokens
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "segue.web.tongues.TongueMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "segue.web.actors.ActorMiddleware",
    "segue.web.zones.ZoneMiddleware",
    "segue.web.errors.TypedErrorMiddleware",
    "segue.web.looking.LookingMiddleware",
    "segue.web.doorkeeper.DoorkeeperMiddleware",
    "segue.web.api.repeats.RepeatMiddleware",
]

ROOT_URLCONF = "segue.web.urls"
WSGI_APPLICATION = "segue.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "segue.web.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "segue.web.marks"],
        },
    }
]


def database_from(url: str) -> dict[str, object]:
    """Read postgresql://user:password@host:port/name, with ?host=/socket/folder as libpq writes it."""
    parts = urlparse(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options = {k: unquote(v) for k, v in query.items() if k not in {"host", "port"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "segue",
        "USER": unquote(parts.username or query.get("user", "segue")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": query.get("port", parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database_from(DATABASE_URL or "postgresql://segue@/segue")}

AUTH_USER_MODEL = "trust.Account"
AUTHENTICATION_BACKENDS = ["sesame.backends.ModelBackend"]
SESAME_MAX_AGE = 30 * 60  # a sign-in link lives half an hour
SESAME_ONE_TIME = True
SESAME_TOKEN_NAME = "token"  # noqa: S105 - the name of a query parameter, not a secret

# Nobody has a password but an administrator, for the day nothing else opens
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 14}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("CommonPasswordValidator", {}),
    )
]

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "segue.web.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if switch("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, "{0.scheme}://{0.netloc}".format(urlparse(COLLECT_URL))],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "web" / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# Outside systems, wired here: rooms declare the interface, ports implement it.
EMBEDDER = knob("EMBEDDER", "segue.ports.embedder.MiniLMEmbedder")
EMBEDDING_URL = knob("EMBEDDING_URL")  # of segue.ports.embedder.EndpointEmbedder, such as https://host/v1
EMBEDDING_MODEL = knob("EMBEDDING_MODEL")
EMBEDDING_KEY = knob("EMBEDDING_KEY")
EMBEDDING_PERSONAL = switch("EMBEDDING_PERSONAL")  # lets words of people leave this machine
LINKER = knob("LINKER", "segue.ports.linkage.SplinkLinker")
APPLICATIONS_KNOWN = "segue.hire.queries.finding.ApplicationsSeen"  # what search asks of applications
RESUME_READER = knob("RESUME_READER", "segue.ports.resumes.jail.JailedReader")
SHEET_READER = knob("SHEET_READER", "segue.ports.sheets.jail.JailedSheets")
MAIL_CHANNEL = knob("MAIL_CHANNEL", "segue.ports.smtp.OutboxChannel")
# What prints letters of offer as PDF
PRESS = knob("PRESS", "segue.ports.paper.FpdfPress")
# TrueType files for scripts that its own fonts (Latin, Cyrillic, Arabic) do not have, with commas between
LETTER_FONTS = [path for path in knob("LETTER_FONTS").split(",") if path]
WEBHOOK_SENDER = knob("WEBHOOK_SENDER", "segue.ports.webhooks.GuardedSender")
# Receivers on our own network that events may be sent to: names or name:port, separated by commas
WEBHOOK_INSIDE_HOSTS = [host for host in knob("WEBHOOK_INSIDE_HOSTS").lower().split(",") if host]
SMTP_URL = knob("SMTP_URL")  # smtp://user:password@host:587?tls=1
MAIL_FROM = knob("MAIL_FROM", "talent@example.com")
MAILBOX = knob("MAILBOX", "segue.ports.imap.ImapMailbox")
IMAP_URL = knob(
    "IMAP_URL"
)  # imaps://user:password@host/INBOX: where answers to MAIL_FROM arrive; empty: nowhere
MAIL_IN_SECRET = knob("MAIL_IN_SECRET")  # the bearer token of POST /api/v1/mail; empty: that door is shut

# Who else says who a colleague is: a TOML file with the company's OIDC and SAML sign-ins
SIGN_IN_PROVIDERS = knob("SIGN_IN_PROVIDERS", str(DATA_DIR / "sign_in.toml"))
OIDC_CLIENT = "segue.ports.oidc.OidcClient"
SAML_CLIENT = "segue.ports.saml.SamlClient"

METRICS_TOKEN = knob("METRICS_TOKEN")  # lets Prometheus read /metrics from another machine
LOG_LEVEL = knob("LOG_LEVEL", "INFO")
LOG_JSON = switch("LOG_JSON", default=True)
LOGGING_CONFIG = None  # structlog is set up by segue.kit.logs

# The collector; its address is above
COLLECT_BUFFER_BYTES = int(knob("COLLECT_BUFFER_MB", "64")) * 2**20

# The cold tier of the ledger
STORAGE = knob("STORAGE")  # a folder (default: cold/ in the data directory) or s3://bucket/prefix?endpoint=…
STORAGE_PORT = "segue.ports.storage.storage_at"
HOT_WEEKS = int(knob("HOT_WEEKS", "27"))  # whole weeks the database keeps before they become Parquet
BEHAVIOUR_DAYS = int(knob("BEHAVIOUR_DAYS", "400"))  # then behaviour is forgotten, wherever it lies
REJECTED_DAYS = int(knob("REJECTED_DAYS", "14"))  # then refused events are forgotten

ERASURES = Path(knob("ERASURES", str(DATA_DIR / "erasures.jsonl")))  # who was erased, for old backups
MIXES_DIR = knob("MIXES_DIR", str(DATA_DIR / "mixes"))  # where `segue mixes` keeps everybody's mix

# Who counts over the cold tier's shards and finds mixes for everybody
CLUSTER = knob("CLUSTER")  # host:6379 of a Ray cluster; "local" starts one on this machine
COMPUTE = knob("COMPUTE", "ray" if CLUSTER else "pool")  # serial, pool, ray
COMPUTE_ENGINES = {
    "serial": "segue.ports.compute.SerialEngine",
    "pool": "segue.ports.compute.PoolEngine",
    "ray": "segue.ports.compute.RayEngine",
}
# Of a running cluster; empty starts one on this machine
RAY_ADDRESS = knob("RAY_ADDRESS", "" if CLUSTER == "local" else CLUSTER)
