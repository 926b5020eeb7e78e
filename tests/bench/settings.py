"""The settings of the web processes that are measured: as in production, behind the front server of the tests."""

from tests.support.front.settings import *  # noqa: F403 - a layer of settings
from tests.support.front.settings import DATABASES

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
