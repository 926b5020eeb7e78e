"""ASGI application; uses the production settings unless the environment names others."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.production")

application = get_asgi_application()
