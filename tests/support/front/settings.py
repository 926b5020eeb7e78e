"""The settings of a web process behind the front server of the tests."""

from kecamatan_site.settings.test import *  # noqa: F403 - a layer of settings
from kecamatan_site.settings.test import DATA_DIR

BOUNDS_FILE = DATA_DIR / "bounds.sqlite3"
PAGES_ROOT = DATA_DIR / "pages"
SENDFILE_BACKEND = "home.serving.x_accel"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
