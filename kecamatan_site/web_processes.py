"""gunicorn's configuration in production, from the settings that nginx's is rendered from.

Usage: gunicorn --config python:kecamatan_site.web_processes kecamatan_site.wsgi
"""

import sys

from django.conf import settings

from kecamatan_site.settings.env import SettingsMissing

try:
    bind = settings.WEB_BIND
except SettingsMissing as error:
    sys.exit(str(error))
workers = settings.WEB_WORKERS
timeout = settings.REQUEST_SECONDS
