"""Settings of the tests: a temporary DATA_DIR that is deleted with the process, cheap passwords, mail in memory."""

import atexit
import os
import shutil
import tempfile

_data_dir = os.environ.get("TEST_DATA_DIR")  # set for a process that a test starts
if not _data_dir:
    _data_dir = tempfile.mkdtemp(prefix="situs-test-")
    atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
    # No test writes into a store of the environment.
    os.environ["MEDIA_STORE"] = ""
os.environ["DATA_DIR"] = _data_dir

from kecamatan_site.settings.base import *  # noqa: E402
from kecamatan_site.settings.env import CONSOLE  # noqa: E402

DEBUG = False
SECRET_KEY = "for tests only"  # noqa: S105
ALLOWED_HOSTS = ["*"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file: an in-memory database shared between threads has neither WAL nor a lock timeout.
    # synchronous=OFF loses nothing when a process is killed, only at a power cut; it halves the migrations' time.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests ignore accounts of the environment.
SOCIAL_CHANNELS = CONSOLE
# Tests of the bounds bring a file; readers of all others share addresses.
BOUNDS_FILE = None
# Tests of the writing in pictures name the program.
PICTURE_READER = ""
# The networks of the tests listen on loopback.
CHANNEL_KEYS = []
# Tests of the keys, of the front server and of the witness bring their own.
AUDIT_KEYS = []
PROOF_ADDRESS = ""
WITNESS_DIR = WITNESS_MAIL = ""
CHANNEL_ALLOW_LOOPBACK = True
DEMO_ALLOWED = True
LOGGING["root"]["level"] = "WARNING"
