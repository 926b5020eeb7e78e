"""WSGI application; uses the production settings unless the environment names others."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.production")

application = get_wsgi_application()

from home.pagecache import updater  # noqa: E402

updater.start()
