"""Settings that are the same everywhere; dev, test and production add what differs."""

from pathlib import Path

from kecamatan_site.settings.env import BASE_DIR, env

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "home.pagecache",
    "home.search",
    "home",
    "news.social",
    "news",
    "moderation",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Outermost: what it keeps is what a reader gets.
    "home.pagecache.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "home.site_middleware.SiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "moderation.middleware.RefusalMiddleware",
    "home.public_headers.PublicHeadersMiddleware",
]

ROOT_URLCONF = "kecamatan_site.urls"
WSGI_APPLICATION = "kecamatan_site.wsgi.application"

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
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The write lock is taken at the start of a transaction: the later of two people waits instead of failing midway.
    # Each commit is on the disk before it is acknowledged.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Another process may have removed a picture's file; pages bring the rows of theirs along.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    # The rights of the roles that somebody stands in for.
    "moderation.permissions.ActingOfficerBackend",
]
LOGIN_URL = "wagtailadmin_login"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "kecamatan_site.formats"
LOCALE_PATHS = [BASE_DIR / "kecamatan_site" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Only the settings of development and tests let the demo fill a site.
DEMO_ALLOWED = False
# A view asks who may see a file; the demo sends it, too, in production the front server does.
SENDFILE_BACKEND = "wagtail.utils.sendfile_streaming_backend"
# Public pages kept as files for the front server; None where there is no front server.
PAGES_ROOT = None

# Cards drawn from live versions: a cache, drawn again when it is gone.
CARDS_ROOT = DATA_DIR / "cards"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Source material of a disposition: no address leads here, a view asks who may read.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None},
    },
}

# What a browser may do with a public page; the front server says the same of kept pages (docs/nginx.conf).
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
PUBLIC_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; frame-src 'self' https://www.youtube-nocookie.com "
        "https://player.vimeo.com; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
# Wagtail's editor posts a field for every part of every block.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# What is reported of a program error names nobody's number and repeats nothing that was typed.
DEFAULT_EXCEPTION_REPORTER = "moderation.error_reports.MaskingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "moderation.error_reports.TypedTextFilter"

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="situs@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "moderation.masking.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # At DEBUG these print tokens and signatures.
        "requests_oauthlib": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        # One pair of lines for each page that is saved.
        "django_tasks": {"level": "WARNING"},
    },
}

# The newest first: it writes the credentials of the channels, all of them read.
CHANNEL_KEYS = env.list("CHANNEL_KEYS", default=[])
# Networks on this machine itself and plain http: for tests and demonstrations alone.
CHANNEL_ALLOW_LOOPBACK = env.bool("CHANNEL_ALLOW_LOOPBACK", default=False)
# How many requests to networks one worker keeps open, and how many of them one account may take.
SOCIAL_OPEN_REQUESTS = env.int("SOCIAL_OPEN_REQUESTS", default=8)
SOCIAL_OPEN_REQUESTS_PER_ACCOUNT = env.int("SOCIAL_OPEN_REQUESTS_PER_ACCOUNT", default=2)

WAGTAIL_SITE_NAME = "Kecamatan Mojogedang"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_DATE_FORMAT = "%d-%m-%Y"
WAGTAIL_DATETIME_FORMAT = "%d-%m-%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
# The office's screens ask no third party.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAILIMAGES_IMAGE_MODEL = "news.Photo"
# At these the three formats look alike; at Wagtail's own AVIF is larger than WebP.
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "news.upload_forms.PhotoForm"
WAGTAILDOCS_DOCUMENT_MODEL = "news.Attachment"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "news.upload_forms.AttachmentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# A file is given out by a view that asks who may read it, never by its address in the storage.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Every document is a download: nothing that somebody uploaded runs or is drawn as part of this site.
WAGTAILDOCS_INLINE_CONTENT_TYPES = []

MODERATED_PAGE_MODEL = "news.NewsPage"
WAGTAIL_FINISH_WORKFLOW_ACTION = "moderation.finish.finish_workflow"
# A scheduled go-live must not cancel a round that is running.
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
