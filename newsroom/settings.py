"""Settings of Newsroom: one file; everything that differs between machines comes from the environment.

``NEWSROOM_ENV`` is ``production`` unless something says otherwise; ``manage.py`` says ``development``. So a site
served by a real application server is always guarded, and a fresh clone works without configuration.
"""

from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

from csp.constants import NONE, SELF

from newsroom.env import (
    DEVELOPMENT_SECRET,
    a_time_zone,
    at_least,
    cores,
    guard_production,
    one_of,
    origins,
    read_database,
    read_env,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = read_env()

ENVIRONMENT = env.str("NEWSROOM_ENV", "production", validate=one_of("production", "development", "test"))
IN_PRODUCTION = ENVIRONMENT == "production"

DEBUG = env.bool("NEWSROOM_DEBUG", ENVIRONMENT == "development")
SECRET_KEY = env.str("NEWSROOM_SECRET_KEY", DEVELOPMENT_SECRET)
ALLOWED_HOSTS = env.list("NEWSROOM_ALLOWED_HOSTS", [] if IN_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("NEWSROOM_CSRF_TRUSTED_ORIGINS", [], validate=origins)

# the site itself

SITE_NAME = env.str("NEWSROOM_SITE_NAME", "The Newsroom")
TIME_ZONE = env.str("NEWSROOM_TIME_ZONE", "UTC", validate=a_time_zone)
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["newsroom.formats"]
USE_TZ = True
USE_I18N = False  # one language: no look-up of another one for each value that is printed

# code

INSTALLED_APPS = [
    "newsroom.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_tasks",
    "csp",
    "taggit",
    "modelsearch",
    "reversion",
    "adminsortable2",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "articles.apps.ArticlesConfig",
    "quotes.apps.QuotesConfig",
    "newsroom.apps.NewsroomConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # With DEBUG the development server serves static files by itself, and so does the tests' server.
    *([] if DEBUG or ENVIRONMENT == "test" else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "django.middleware.http.ConditionalGetMiddleware",
    "newsroom.pagecache.PageCacheMiddleware",
    "newsroom.http.PolicyMiddleware",
    "newsroom.http.PublicPagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "newsroom.rights.GroupsBackend"]

TEMPLATES = [
    {
        "NAME": "public",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {
            "environment": "newsroom.environment.environment",
            "context_processors": ["newsroom.context_processors.site"],
        },
    },
    {
        "NAME": "desk",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "desk"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context_processors.site",
            ],
        },
    },
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# storage

DATABASES = {"default": read_database(env, "DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue for the lock when they begin, instead of failing half-way when they first write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60, validate=at_least(0))
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if env.bool("DATABASE_PREPARED_STATEMENTS", True):
        # The server keeps the statements of ``articles.prepared``, with their plans: from the first time on, and whatever
        # the values are. To plan one takes it several times as long as to answer it. No other statements are kept. And none
        # is compiled to machine code, which takes it 20 ms and is decided by guesses of what plans cost.
        # What is read lies in memory or on a disk without arms, where a page by an index costs no more than the next one:
        # believing otherwise the server reads whole tables to find a few rows. Nor does it ask for the next page before it
        # has read one, which is a look-up more for each. And no query is shared out to processes that are started for it: to
        # start one takes longer than any page may.
        options = DATABASES["default"].setdefault("OPTIONS", {})
        options["prepare_threshold"] = 0
        chosen = {
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            "random_page_cost": "1.1",
            "effective_io_concurrency": "0",
            "max_parallel_workers_per_gather": "0",
        }
        options["options"] = " ".join(
            [options.get("options", ""), *(f"-c {name}={value}" for name, value in chosen.items())]
        )

# Files, unless something better is named: all processes of the machine share them, commands too. Tests change rows in
# transactions that never end, so they have pages kept only where that is what they are about.
CACHES = {
    "default": env.dj_cache_url(
        "CACHE_URL", "locmem://newsroom" if ENVIRONMENT == "test" else f"file://{BASE_DIR / 'var' / 'cache'}"
    )
}
if CACHES["default"]["BACKEND"].endswith(".FileBasedCache"):
    # A third of them goes when there are more; each writing counts them.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 1000
    # Of two databases that one checkout is run with in turn, neither shows the other's pages.
    CACHES["default"]["KEY_PREFIX"] = blake2b(str(DATABASES["default"]["NAME"]).encode(), digest_size=8).hexdigest()
# Seconds that a whole page may be kept, if nothing changes. A cache of each process's own would not hear of changes.
PAGE_CACHE_SECONDS = env.int("NEWSROOM_PAGE_CACHE_SECONDS", 60, validate=at_least(0))
if CACHES["default"]["BACKEND"].rpartition(".")[2] in {"LocMemCache", "DummyCache"}:
    PAGE_CACHE_SECONDS = 0

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("NEWSROOM_MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Topics, search. Imports.

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
# A news page is some 10 KB of text; what is a thousand times that is no page.
IMPORT_MAX_DOCUMENT_BYTES = env.int("NEWSROOM_IMPORT_MAX_DOCUMENT_BYTES", 10_000_000, validate=at_least(1))
# Processes that read documents: as many as there are cores for this one. 1: no others are started.
IMPORT_WORKERS = env.int("NEWSROOM_IMPORT_WORKERS", cores(), validate=at_least(1))
# The largest document allowed takes some tens of seconds; one that takes longer has found a fault of the program.
IMPORT_MAX_DOCUMENT_SECONDS = env.int("NEWSROOM_IMPORT_MAX_DOCUMENT_SECONDS", 120, validate=at_least(1))
# Documents that are written in one transaction: enough that its statements do not count, and so few that on SQLite
# nobody has to wait long for the lock.
IMPORT_BATCH = env.int("NEWSROOM_IMPORT_BATCH", 400, validate=at_least(1))
# Bounds on archives, each well beyond honest ones: what all layers of a file unpack to, how much a layer swells
# (text shrinks to a tenth), archives in archives, and members of one.
IMPORT_MAX_UNPACKED_BYTES = env.int("NEWSROOM_IMPORT_MAX_UNPACKED_BYTES", 100_000_000_000, validate=at_least(1))
IMPORT_MAX_RATIO = env.int("NEWSROOM_IMPORT_MAX_RATIO", 200, validate=at_least(1))
IMPORT_MAX_NESTING = env.int("NEWSROOM_IMPORT_MAX_NESTING", 4, validate=at_least(0))
IMPORT_MAX_MEMBERS = env.int("NEWSROOM_IMPORT_MAX_MEMBERS", 1_000_000, validate=at_least(1))

# security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("NEWSROOM_COOKIE_SECURE", IN_PRODUCTION)
SECURE_SSL_REDIRECT = env.bool("NEWSROOM_SSL_REDIRECT", IN_PRODUCTION)
SECURE_HSTS_SECONDS = env.int("NEWSROOM_HSTS_SECONDS", 31_536_000 if IN_PRODUCTION else 0, validate=at_least(0))
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IN_PRODUCTION
BEHIND_PROXY = env.bool("NEWSROOM_BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "newsroom.views.not_from_here"

# Guessing passwords: five wrong ones close the account, or the address they come from, for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/newsroom/locked.html"
AXES_CLIENT_IP_CALLABLE = "newsroom.http.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False  # it would greet on standard output, which belongs to what a command prints
AXES_SENSITIVE_PARAMETERS: list[str] = []  # beyond the password: who tried, and from where, is what the log is for
SECOND_FACTOR = env.str("NEWSROOM_SECOND_FACTOR", "optional", validate=one_of("optional", "required"))
OTP_TOTP_ISSUER = SITE_NAME
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

# logging: to standard output, one line an event

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "newsroom.logs.LineFormatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": env.log_level("NEWSROOM_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "markdown_it": {"level": "INFO"},
        # Logins, wrong passwords and lock-outs, with the name and the address, and without the password.
        "axes": {"level": "INFO"},
    },
}

if IN_PRODUCTION:
    guard_production(
        debug=DEBUG,
        secret_key=SECRET_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        session_cookie_secure=SESSION_COOKIE_SECURE,
        csrf_cookie_secure=CSRF_COOKIE_SECURE,
        ssl_redirect=SECURE_SSL_REDIRECT,
    )
