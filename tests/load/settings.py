"""Settings of worker processes that a test or a measurement starts: their accounts come from the environment."""

import json
import os

from kecamatan_site.settings.base import DATABASES as AS_IN_PRODUCTION
from kecamatan_site.settings.test import *  # noqa: F403 - a layer of settings

SOCIAL_CHANNELS = json.loads(os.environ.get("LOAD_CHANNELS", "{}"))
# Each commit reaches the disk before it is acknowledged, as in production: measured is what an office gets.
DATABASES = AS_IN_PRODUCTION
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
