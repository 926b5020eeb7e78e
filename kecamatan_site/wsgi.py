"""WSGI application; uses the production settings unless the environment names others.

The thread that follows what is committed is started by each web process (kecamatan_site/web_processes.py).
"""

import os
import sys

from django.core.wsgi import get_wsgi_application

from kecamatan_site.settings.env import SettingsMissing

#: gunicorn ends instead of starting the process again and again.
APP_LOAD_ERROR = 4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.production")

try:
    application = get_wsgi_application()
except SettingsMissing as error:
    print(error, file=sys.stderr)
    sys.exit(APP_LOAD_ERROR)
