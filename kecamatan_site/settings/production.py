"""Settings of production, behind nginx with TLS. A missing variable stops the start with its name."""

from kecamatan_site.settings.env import env, load_office, read_env_file, require, take_domain

read_env_file()
take_domain(load_office())
require(
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DATABASE_URL",
    "DATA_DIR",
    "CHANNEL_KEYS",
)
if env("EMAIL_URL", default=""):
    require("DEFAULT_FROM_EMAIL")

from kecamatan_site.settings.base import *  # noqa: E402

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# nginx sets this header and overwrites what a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# And this one.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take a cookie of such a name over TLS and from this very host alone.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
# HSTS preloading binds the whole parent domain, which is not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# nginx serves kept pages, and the files that a view has allowed.
PAGES_ROOT = DATA_DIR / "pages"
SENDFILE_BACKEND = "home.serving.x_accel"
WATCH_SITE = env.bool("WATCH_SITE", default=True)
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# Without a mail server nobody is told by mail; `check` and the worker's start say so (moderation.W022).
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
SOCIAL_CHANNELS: dict[str, dict] = {}
