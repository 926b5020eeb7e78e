"""The settings of the web processes that are measured: as in production, behind the front server of the tests."""

from django.conf import global_settings

from tests.support.front.settings import *  # noqa: F403 - a layer of settings
from tests.support.front.settings import DATABASES, PASSWORD_HASHERS

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# A guess costs what it costs in production; accounts that the corpus made keep their cheap passwords.
PASSWORD_HASHERS = [*global_settings.PASSWORD_HASHERS, *PASSWORD_HASHERS]
