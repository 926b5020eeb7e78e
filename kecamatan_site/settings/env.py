"""Read the environment and the file ``.env``."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def read_env_file():
    """Load ``.env``; variables of the environment itself win."""
    path = BASE_DIR / ".env"
    if path.is_file():
        environ.Env.read_env(path)


def require(*names):
    """Return the values of the variables; raise ImproperlyConfigured with the names of all that are missing."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"Set in the environment or in .env: {', '.join(missing)} (see .env.example)")
    return [os.environ[name] for name in names]


#: The demo's channel, which posts nowhere. Real accounts are connected in the admin.
CONSOLE = {"console": {"kind": "console", "label": "Konsol (contoh)", "base_url": "", "credentials": {}}}
