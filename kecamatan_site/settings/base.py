"""Settings shared by development, tests and production."""

import base64
import hashlib
from pathlib import Path

from kecamatan_site.settings.env import BASE_DIR, choose, env, list_secret_files, load_office, require_store

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# The facts of the office: name, villages, colours (kecamatan.toml).
OFFICE_FACTS = load_office()

INSTALLED_APPS = [
    "kecamatan_site.guide",
    "kecamatan_site.health",
    "home.pagecache",
    "home.search",
    "home.authenticity",
    "home.serving.readers",
    "home",
    "news.social",
    "news",
    "moderation.sign_in",
    "moderation",
    "kecamatan_site.wagtail_apps.RedirectsConfig",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "kecamatan_site.wagtail_apps.UsersConfig",
    "kecamatan_site.wagtail_apps.SnippetsConfig",
    "kecamatan_site.wagtail_apps.DocumentsConfig",
    "kecamatan_site.wagtail_apps.ImagesConfig",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "kecamatan_site.request_log.RequestLogMiddleware",
    # Before the page cache: what programs ask is no page.
    "kecamatan_site.health.middleware.HealthMiddleware",
    # It stores the response as the reader gets it: outermost of what answers readers.
    "home.pagecache.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "home.serving.site_middleware.SiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "home.serving.bounds.middleware.BoundsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "moderation.sign_in.middleware.SignInMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "home.serving.redirects.LiveRedirectMiddleware",
    "moderation.desk.middleware.RefusalMiddleware",
    "home.serving.public_headers.PublicHeadersMiddleware",
]

CSRF_FAILURE_VIEW = "moderation.desk.kept_form.answer_stale"
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
    # IMMEDIATE takes the write lock when a transaction begins: the second writer waits instead of failing midway.
    # synchronous=FULL writes each commit to the disk before it returns.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Not cached: another process may have removed a rendition's file. Pages prefetch their renditions.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "moderation.sign_in.passwords.CommonWordsValidator"},
]
AUTHENTICATION_BACKENDS = [
    # Django's own, with fewer queries.
    "moderation.people.auth_backend.RoleBackend",
    # Grants an acting officer the permissions of the role.
    "moderation.people.auth_backend.ActingOfficerBackend",
]
LOGIN_URL = "wagtailadmin_login"

# The path of the admin, with a slash at its end alone.
ADMIN_PATH = env("ADMIN_PATH", default="admin").strip("/") + "/"
# A session ends after this time without a request, and after the longest time however busy it is; both in seconds.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=60) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_LONGEST = 12 * 60 * 60

# django-allauth; what it does our way is in moderation/sign_in/adapters.py.
ACCOUNT_ADAPTER = "moderation.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
# moderation/sign_in/throttle.py counts in the database, which all processes share; allauth's cache is one process's.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_ADAPTER = "moderation.sign_in.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "moderation.sign_in.forms.AddPasskeyForm",
    "authenticate": "moderation.sign_in.forms.AuthenticateForm",
    "reauthenticate": "moderation.sign_in.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1

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
# Source material of dispositions: has no URL; a view checks who may read it.
PRIVATE_ROOT = DATA_DIR / "private"
# Development and tests set this to True: `manage.py demo` may fill the site.
DEMO_ALLOWED = False
# Views check who may see a file, then stream it; in production nginx sends it (X-Accel-Redirect).
SENDFILE_BACKEND = "wagtail.utils.sendfile_streaming_backend"
# Folder of public pages kept as files for nginx; None turns the page cache off.
PAGES_ROOT = None

# Cache of cards drawn from live versions; may be deleted.
CARDS_ROOT = DATA_DIR / "cards"

STORAGES = {
    "default": {"BACKEND": "moderation.uploads.whole_files.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        "BACKEND": "moderation.uploads.whole_files.WholeFileStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
}
# Where uploads lie instead, for several machines: s3://bucket/folder. The folders above then hold copies, each folder
# at most so many MiB for long.
MEDIA_STORE = require_store("MEDIA_STORE", env("MEDIA_STORE", default=""))
MEDIA_S3_ENDPOINT = env("MEDIA_S3_ENDPOINT", default="")
MEDIA_S3_REGION = env("MEDIA_S3_REGION", default="us-east-1")
MEDIA_S3_KEY_ID = env("MEDIA_S3_KEY_ID", default="")
MEDIA_S3_SECRET = env("MEDIA_S3_SECRET", default="")
MEDIA_COPIES_MB = env.int("MEDIA_COPIES_MB", default=5000)
if MEDIA_STORE:
    # Texts alone: Wagtail's task that deletes a file is handed them as JSON.
    _SHARED = "moderation.uploads.shared_files.SharedFileStorage"
    _MEDIA = {"folder": "media", "copies": str(MEDIA_ROOT), "base_url": MEDIA_URL}
    _PRIVATE = {"folder": "private", "copies": str(PRIVATE_ROOT), "base_url": None}
    STORAGES["default"] = {"BACKEND": _SHARED, "OPTIONS": _MEDIA}
    STORAGES["private"] = {"BACKEND": _SHARED, "OPTIONS": _PRIVATE}

# Whether the worker watches the site as citizens receive it; a second address to ask from, one of this machine or
# an HTTP proxy elsewhere; headers that a proxy of the office adds to each answer.
WATCH_SITE = False
WATCH_SECOND_ADDRESS = env("WATCH_SECOND_ADDRESS", default="")
WATCH_OTHER_HEADERS = env.list("WATCH_OTHER_HEADERS", default=[])

# The style sheet of the office's colours stands in each page (templates/base.html) and is allowed by its hash.
_STYLE = base64.b64encode(hashlib.sha256(OFFICE_FACTS.colours.css.encode()).digest()).decode()
# Security headers of public pages; nginx sends the same with kept pages (manage.py nginx_conf).
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
PUBLIC_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{_STYLE}'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self' https://www.youtube-nocookie.com "
        "https://player.vimeo.com; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
# Of pages that need no other file of the site, which may be what is broken; their style stands in them.
SELF_CONTAINED_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# What `manage.py nginx_conf` and gunicorn (kecamatan_site/web_processes.py) read besides: where the web processes
# listen, how many they are, whether the worker is forked beside them, the longest a request may take (seconds), the
# largest one (bytes; larger than any upload), and files of the machine.
WEB_BIND = env("WEB_BIND", default="127.0.0.1:8001")
WEB_WORKERS = env.int("WEB_WORKERS", default=3)
WORKER_WITH_WEB = env.bool("WORKER_WITH_WEB", default=False)
REQUEST_SECONDS = 60
MAX_REQUEST_BYTES = 25 * 1024 * 1024
NGINX_CONF = Path(env("NGINX_CONF", default="/etc/nginx/sites-available/situs"))
TLS_CERTIFICATE = env("TLS_CERTIFICATE", default="/etc/ssl/situs/fullchain.pem")
TLS_CERTIFICATE_KEY = env("TLS_CERTIFICATE_KEY", default="/etc/ssl/situs/privkey.pem")
ACME_ROOT = "/var/www/situs-acme"
# Where nginx notes which pages browsers open, a moment and a path a line (home/serving/readers/); None: nobody counts.
READERS_LOG = Path(name) if (name := env("READERS_LOG", default="")) else None
# The prefix of X-Accel-Redirect (home/serving/x_accel.py).
ACCEL_PREFIX = "/berkas-dalam/"
# Where the processes of this machine count anonymous requests (home/serving/bounds/), which may be deleted; None turns
# the counting off.
BOUNDS_FILE: Path | None = DATA_DIR / "bounds.sqlite3"
# The program that reads the writing in pictures, where the machine has it with Indonesian; empty: none is read.
PICTURE_READER = env("PICTURE_READER", default="tesseract")
# Wagtail's editor posts a field for every part of every block.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Error reports mask personal data and leave out what was typed.
DEFAULT_EXCEPTION_REPORTER = "moderation.evidence.error_reports.MaskingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "moderation.evidence.error_reports.TypedTextFilter"

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="situs@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# "line" for people, "json" for programs: each line with the id of its request (kecamatan_site/request_log.py).
LOG_FORMAT = choose("LOG_FORMAT", env("LOG_FORMAT", default="line"), {"line", "json"})
# Who gets a mail about an error of the program, once an hour for each kind.
ADMINS = [("Pengelola situs", address) for address in env.list("ERROR_MAIL", default=[])]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "moderation.scanner.redaction.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "kecamatan_site.request_log.JsonFormatter"},
        "readable": {"()": "kecamatan_site.request_log.ReadableFormatter"},
    },
    "filters": {"once_an_hour": {"()": "kecamatan_site.request_log.OnceAnHour"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "mail": {
            "class": "kecamatan_site.request_log.ErrorMailHandler",
            "level": "ERROR",
            "filters": ["once_an_hour"],
            "formatter": "readable",
        },
    },
    "root": {
        "handlers": ["stderr", *(["mail"] if ADMINS else [])],
        "level": env("LOG_LEVEL", default="INFO"),
    },
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A line for each request; among lines for people nginx's own log is enough.
        "situs.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # At INFO it writes the titles of drafts.
        "wagtail": {"level": "WARNING"},
        # At DEBUG these log tokens and signatures.
        "requests_oauthlib": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        # At INFO it logs two lines for each saved page.
        "django_tasks": {"level": "WARNING"},
    },
}

# Percent of a disk; where less is free, administrators and PPID Pembantu are told by mail.
DISK_WARNING_PERCENT = env.int("DISK_WARNING_PERCENT", default=15)
# The name of the office on a machine that serves several (make production OFFICE=...); empty on one of its own.
OFFICE = env("OFFICE", default="")
# Files that hold secrets, for the site's account alone (manage.py doctor).
SECRET_FILES = list_secret_files()
# Newest key first: it encrypts backups; every key opens them.
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])
BACKUP_DIR = Path(env("BACKUP_DIR", default=str(DATA_DIR / "backups")))
# Where each archive is copied to: paths, s3://bucket/folder, sftp://user@host/folder.
BACKUP_COPIES = env.list("BACKUP_COPIES", default=[])
BACKUP_S3_ENDPOINT = env("BACKUP_S3_ENDPOINT", default="")
BACKUP_S3_REGION = env("BACKUP_S3_REGION", default="us-east-1")
BACKUP_S3_KEY_ID = env("BACKUP_S3_KEY_ID", default="")
BACKUP_S3_SECRET = env("BACKUP_S3_SECRET", default="")
BACKUP_SSH_KEY = env("BACKUP_SSH_KEY", default="")
BACKUP_SSH_KNOWN_HOSTS = env("BACKUP_SSH_KNOWN_HOSTS", default="")
# How many days, weeks and months keep their newest archive.
BACKUP_KEEP = tuple(env.list("BACKUP_KEEP", cast=int, default=[7, 4, 12]))
# The front server that the proof asks for what is live, under SITE_URL's host; "" asks inside the process.
PROOF_ADDRESS = env("PROOF_ADDRESS", default="").rstrip("/")
# The witness of the audit log outside the database: a folder, and an address of the office's choice; "" for none.
WITNESS_DIR = env("WITNESS_DIR", default="")
WITNESS_MAIL = env("WITNESS_MAIL", default="")
# Newest key first, as name:secret: it codes the lines of the audit log; every key checks them.
AUDIT_KEYS = env.list("AUDIT_KEYS", default=[])
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Newest key first: it encrypts the channels' credentials; every key decrypts.
CHANNEL_KEYS = env.list("CHANNEL_KEYS", default=[])
# Allow networks on this machine over plain http: for tests and demonstrations only.
CHANNEL_ALLOW_LOOPBACK = env.bool("CHANNEL_ALLOW_LOOPBACK", default=False)
# Requests to networks that one worker keeps open, in all and for one account.
SOCIAL_OPEN_REQUESTS = env.int("SOCIAL_OPEN_REQUESTS", default=8)
SOCIAL_OPEN_REQUESTS_PER_ACCOUNT = env.int("SOCIAL_OPEN_REQUESTS_PER_ACCOUNT", default=2)

WAGTAIL_SITE_NAME = OFFICE_FACTS.name
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_DATE_FORMAT = "%d-%m-%Y"
WAGTAIL_DATETIME_FORMAT = "%d-%m-%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
# The admin loads nothing from third parties.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# No page asks a network what to embed: videos are news/editor/videos.py.
WAGTAILEMBEDS_FINDERS: list[dict] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAILIMAGES_IMAGE_MODEL = "news.Photo"
# The three formats look alike at these qualities; at Wagtail's defaults AVIF is larger than WebP.
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 78
# HEIC, HEIF and AVIF are turned into JPEG or PNG when they are uploaded (news.images.picture_reader).
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "news.images.upload_forms.PhotoForm"
WAGTAILDOCS_DOCUMENT_MODEL = "news.Attachment"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "news.images.upload_forms.AttachmentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Documents are served by a view that checks who may read them, never by their URL in the storage.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Every document is a download: no upload is rendered as part of this site.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []

MODERATED_PAGE_MODEL = "news.NewsPage"
WAGTAIL_FINISH_WORKFLOW_ACTION = "moderation.chain.workflow.finish_action.finish_workflow"
# A scheduled publication must not cancel a running workflow.
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
