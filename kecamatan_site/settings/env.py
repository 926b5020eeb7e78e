"""Reads the environment: the one place where settings meet variables."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def read_env_file():
    """Variables of the file .env count where the environment itself does not set them."""
    path = BASE_DIR / ".env"
    if path.is_file():
        environ.Env.read_env(path)


def require(*names):
    """A missing or empty variable stops the start, and all that are missing are named at once."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"Set in the environment or in .env: {', '.join(missing)} (see .env.example)")
    return [os.environ[name] for name in names]


#: The demo's channel: posts go nowhere. Real accounts are connected in the admin.
CONSOLE = {"console": {"kind": "console", "label": "Konsol (contoh)", "base_url": "", "credentials": {}}}
