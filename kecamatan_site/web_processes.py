"""gunicorn's configuration in production, from the settings that nginx's is rendered from.

Usage: gunicorn --config kecamatan_site/web_processes.py kecamatan_site.wsgi

Read again at every reload, by a process of its own: gunicorn's first process loads no settings, so that the web
processes which it starts then read ``.env`` anew.
"""

import json
import subprocess
import sys

_READ = """
import json, sys
from django.conf import settings
from kecamatan_site.settings.env import SettingsMissing
try:
    print(json.dumps([settings.WEB_BIND, settings.WEB_WORKERS, settings.REQUEST_SECONDS]))
except SettingsMissing as error:
    sys.exit(str(error))
"""
_said = subprocess.run([sys.executable, "-c", _READ], stdout=subprocess.PIPE, text=True)
if _said.returncode:
    sys.exit(_said.returncode)
bind, workers, timeout = json.loads(_said.stdout)
# systemd alone tells gunicorn what to do; a socket of its own in the data folder would be one door more.
control_socket_disable = True
