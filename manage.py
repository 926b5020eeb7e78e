#!/usr/bin/env python
"""Run Django's commands; uses the development settings unless the environment names others."""

import os
import sys

from django.core.management import execute_from_command_line

from kecamatan_site.settings.env import SettingsMissing

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except SettingsMissing as error:
        sys.exit(str(error))
