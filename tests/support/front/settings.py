"""The settings of a web process behind the front server of the tests."""

import os
from pathlib import Path

from kecamatan_site.settings.test import *  # noqa: F403
from kecamatan_site.settings.test import DATA_DIR

# Two machines have the database and the media folder in common, and each its own kept pages.
PAGES_ROOT = Path(os.environ.get("TEST_PAGES_ROOT", DATA_DIR / "pages"))
SENDFILE_BACKEND = "home.serving.x_accel"
ACCEL_PREFIX = "/berkas-dalam/"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
