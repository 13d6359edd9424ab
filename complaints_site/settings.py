"""Settings. The environment is read here and nowhere else; .env.example explains each variable."""

from datetime import date, timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cases.rules.outside_addresses import read_host
from cases.rules.second_factor import is_demanded

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# An empty key lets commands run that sign nothing; Django refuses to sign with it, and
# complaints_site.guard refuses to serve with it.
SECRET_KEY = SECRET_KEY_GIVEN = env.str("SECRET_KEY", default="")
DEBUG = env.bool("DEBUG", default=False)
# Plain HTTP on this machine only, with invented people to log in as.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if PUBLIC_BASE_URL else []
# How many proxies of ours stand before the web server; 0 trusts no forwarded header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
MEDIA_ROOT = DATA_DIR / "files"
ANCHOR_FILE = env.path("ANCHOR_FILE", default=str(DATA_DIR / "anchors.log"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "crispy_forms",
    "cases",
    "feedback",
    "reporting",
    "complaints_site.apps.SiteConfig",
]

MIDDLEWARE = [
    "complaints_site.middleware.demonstration_stays_on_this_machine",
    "complaints_site.middleware.pages_speak_their_language",
    "complaints_site.middleware.only_what_browsers_send",
    "complaints_site.middleware.no_null_arrives",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cases.middleware.StaffSignIn",
    "cases.middleware.first_it_is_set_up",
    "cases.middleware.deputies_see_the_work",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "complaints_site.middleware.private_pages_are_not_stored",
]

ROOT_URLCONF = "complaints_site.urls"
WSGI_APPLICATION = "complaints_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["cases.templatetags.dates"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "complaints_site.context.landlord_and_menu",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("house",)
CRISPY_TEMPLATE_PACK = "house"

# The database. SQLite waits for its turn to write (IMMEDIATE) and survives a power cut (FULL).
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA busy_timeout=20000; PRAGMA cache_size=-20000;"
        ),
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            # Compiling a query takes longer than any query of a page does.
            "options": "-c jit=off",
            # Planning one takes longer than answering it: what is asked often is planned once.
            "server_side_binding": True,
            "prepare_threshold": env.int("PREPARE_AFTER", default=1) or None,
        }
    )
else:
    raise ImproperlyConfigured("DATABASE_URL must name a sqlite or a postgresql database.")
# The PostgreSQL role that serves; migrations run as the owner and give it no more than it needs.
DATABASE_APP_ROLE = env.str("DATABASE_APP_ROLE", default="")
# SQLite leaves out of an index what stands beside its keys; it needs none there for few complaints.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work. Without REDIS_URL the beat process does the work itself.
REDIS_URL = env.str("REDIS_URL", default="").rstrip("/")
EMBEDDED = not REDIS_URL
CELERY_BROKER_URL = "memory://localhost/" if EMBEDDED else f"{REDIS_URL}/0"
CELERY_TASK_ALWAYS_EAGER = EMBEDDED
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "complaints_site.beat:SingletonScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The hard limit must stay below the visibility timeout, or Redis delivers a running task again.
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {} if EMBEDDED else {"visibility_timeout": 3600}
# While no worker runs the clock goes on: what waited this long is dropped, the next does its work.
BEAT_EXPIRES = timedelta(minutes=10)


def _every(interval: timedelta, task: str) -> dict[str, object]:
    """Return one line of the schedule."""
    options = {"expires": BEAT_EXPIRES.total_seconds()}
    return {"task": task, "schedule": interval, "options": options}


# Intervals only: what belongs to a time of day in London asks the database whether it is done.
CELERY_BEAT_SCHEDULE = {
    "heartbeat": _every(timedelta(seconds=30), "cases.heartbeat"),
    "deliver messages": _every(timedelta(seconds=15), "cases.deliver_messages"),
    "sweep deadlines": _every(timedelta(minutes=1), "cases.sweep_deadlines"),
    "sweep feedback": _every(timedelta(minutes=5), "feedback.sweep"),
    "make copies": _every(timedelta(minutes=1), "feedback.make_copies"),
    "weekly reports": _every(timedelta(minutes=5), "reporting.weekly_reports"),
    "performance reports": _every(timedelta(minutes=5), "reporting.performance_reports"),
    "adopt calendar": _every(timedelta(minutes=1), "cases.adopt_calendar"),
    "make documents": _every(timedelta(minutes=1), "cases.make_documents"),
    "read mailbox": _every(timedelta(minutes=1), "cases.read_mailbox"),
    "tell webhooks": _every(timedelta(seconds=30), "cases.tell_webhooks"),
    "use provider": _every(timedelta(minutes=1), "cases.use_provider"),
    "check files": _every(timedelta(seconds=15), "cases.check_files"),
    "daily anchor": _every(timedelta(minutes=10), "cases.daily_anchor"),
    "daily housekeeping": _every(timedelta(minutes=10), "cases.daily_housekeeping"),
}

CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
            # A stranger must not push the counts of guesses out by filling it up.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
        if EMBEDDED
        else {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{REDIS_URL}/1",
        }
    )
}

# Mail. Without EMAIL_URL it is written to files, so that nothing leaves a machine by accident.
_MAIL = env.email("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
vars().update(_MAIL)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="complaints@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Without a mail server a service starts only when it is said that none is meant to be.
MAIL_STAYS_HERE = env.bool("MAIL_STAYS_HERE", default=False)
MAIL_LEAVES = _MAIL["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"

# The mailbox that is read: imaps://user:password@host/INBOX. Without it no e-mail is taken in.
IMAP_URL = env.str("IMAP_URL", default="")
if IMAP_URL and not IMAP_URL.startswith(("imaps://", "imap://")):
    raise ImproperlyConfigured("IMAP_URL must begin with imaps:// or imap://.")
# The folder that e-mails are moved to once they are taken in; without it they are marked as read.
IMAP_DONE_FOLDER = env.str("IMAP_DONE_FOLDER", default="")
# Other addresses of the mailbox, so that our own e-mail is known for what it is.
OUR_ADDRESSES = env.list("OUR_ADDRESSES", default=[])
# Of a larger e-mail only the head is taken in.
MAIL_MAX_BYTES = 60 * 1024**2

# Who posts letters and sends text messages: "notify" is GOV.UK Notify, "files" writes them to files
# in DATA_DIR/provider and sends nothing. Without it letters are printed here and texts not sent.
PROVIDER = env.str("PROVIDER", default="")
NOTIFY_URL = env.str("NOTIFY_URL", default="https://api.notifications.service.gov.uk").rstrip("/")
NOTIFY_KEY = env.str("NOTIFY_KEY", default="")
# The template of text messages, whose one gap is ((message)). Without it no texts are sent.
NOTIFY_TEXT_TEMPLATE = env.str("NOTIFY_TEXT_TEMPLATE", default="")
if PROVIDER not in ("", "files", "notify"):
    raise ImproperlyConfigured("PROVIDER must be empty, files or notify.")
if PROVIDER == "notify" and len(NOTIFY_KEY) < 74:
    raise ImproperlyConfigured("PROVIDER=notify needs NOTIFY_KEY, as GOV.UK Notify gives it out.")
if not NOTIFY_URL.startswith(("https://", "http://127.0.0.1:")):
    raise ImproperlyConfigured("NOTIFY_URL must begin with https://.")

# Hosts outside that administrators may have told of what happens, such as hooks.example.org or
# hooks.example.org:8443. Without any there are no webhooks.
_LISTED = [read_host(each.strip()) for each in env.list("WEBHOOK_HOSTS", default=[])]
if None in _LISTED:
    raise ImproperlyConfigured("WEBHOOK_HOSTS must be names of hosts, such as hooks.example.org.")
WEBHOOK_HOSTS = [each for each in _LISTED if each]

# The virus scanner: tcp://host:3310 or unix:///path of clamd. Without it files are not checked.
CLAMD_URL = env.str("CLAMD_URL", default="").rstrip("/")
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("CLAMD_URL must begin with tcp:// or unix:///.")

# What other programs are told of is described by a library of its own.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {"TITLE": "Complaints", "VERSION": "1", "OAS_VERSION": "3.1.0"}

# People
AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = ["complaints_site.backends.StaffBackend"]
SESSION_ENGINE = "complaints_site.sessions"
LOGIN_URL = "cases:sign-in"
LOGIN_REDIRECT_URL = "cases:home"
LOGOUT_REDIRECT_URL = "cases:sign-in"
# Whether signing in asks for a code too: "required", "optional", or the day from which it does.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional" if DEMONSTRATION else "required")
try:
    is_demanded(SECOND_FACTOR, date.today())  # noqa: DTZ011  only to see that it can be read
except ValueError:
    raise ImproperlyConfigured(
        "SECOND_FACTOR must be required, optional, or a day such as 2027-01-31."
    ) from None
# The landlord's identity provider, by OpenID Connect; without it nobody signs in through one.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# What the provider says of somebody in which the address stands that they have here.
OIDC_EMAIL_CLAIM = env.str("OIDC_EMAIL_CLAIM", default="email")
# With a provider: who may sign in with a password all the same. Empty: everybody.
PASSWORD_SIGN_IN = [each.strip().lower() for each in env.list("PASSWORD_SIGN_IN", default=[])]
if OIDC_ISSUER and not OIDC_ISSUER.startswith(("https://", "http://127.0.0.1:")):
    raise ImproperlyConfigured("OIDC_ISSUER must begin with https://.")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
if PASSWORD_SIGN_IN and not OIDC_ISSUER:
    raise ImproperlyConfigured("PASSWORD_SIGN_IN without OIDC_ISSUER would shut people out.")
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The browser keeps it longer than any session lasts and is known after it: what was typed and not
# sent before the night is then still kept for whose session it was.
SESSION_COOKIE_AGE = 48 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Safety of the connection. The demonstration is plain HTTP on loopback and may not ask for more.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMONSTRATION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEMONSTRATION)
# The health pages are asked over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 0 if DEMONSTRATION else env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Not "no-referrer": the browser would then send forms without an origin, and they are refused.
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
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Uploads. The limits are told on the form before anybody chooses a file.
UPLOAD_FILE_LIMIT = 10
UPLOAD_FILE_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_TOTAL_MAX_BYTES = 25 * 1024 * 1024
# So many are read for a form to say in words that they are too many, and keep what was typed.
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Static files: `npm run build` fills static/build; collectstatic hashes and compresses.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

LANGUAGE_CODE = "en-gb"
# The languages of the public pages besides English, by their tags; the staff's pages have English.
PUBLIC_LANGUAGES = env.list("PUBLIC_LANGUAGES", default=["cy"])
LANGUAGES = [(each, each) for each in (LANGUAGE_CODE, *PUBLIC_LANGUAGES)]
LOCALE_PATHS = [BASE_DIR / "locale"]
for _tag in PUBLIC_LANGUAGES:
    if not (BASE_DIR / "locale" / _tag / "LC_MESSAGES" / "django.mo").is_file():
        raise ImproperlyConfigured(
            f"PUBLIC_LANGUAGES names {_tag}, for which there is no catalogue."
        )
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["complaints_site.formats"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "complaints_site.logs.WithoutWords",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"celery": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
