#!/usr/bin/env python
"""Run Django's commands; uses the development settings unless the environment names others.

Root runs them as the account that owns the site's data, but for ``nginx_conf``, which writes where root alone may.
"""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from kecamatan_site.settings.env import SettingsMissing, become_owner

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.dev")
    try:
        if sys.argv[1:2] != ["nginx_conf"]:
            become_owner(settings.DATA_DIR)
        execute_from_command_line(sys.argv)
    except SettingsMissing as error:
        sys.exit(str(error))
