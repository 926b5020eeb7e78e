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


def social_channels(*, console):
    """A network's account can be ordered only where all of its variables are set; half an account is an error."""
    channels = {}
    if console:
        channels["console"] = {"kind": "console", "label": "Konsol (contoh)", "base_url": "", "credentials": {}}
    if os.environ.get("X_CLIENT_KEY"):
        names = ("X_CLIENT_KEY", "X_CLIENT_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
        channels["x"] = {
            "kind": "x",
            "label": "X",
            "base_url": env("X_API_BASE_URL", default="https://api.x.com"),
            "credentials": _credentials("X_", names),
        }
    if os.environ.get("MASTODON_ACCESS_TOKEN"):
        (base_url,) = require("MASTODON_BASE_URL")
        channels["mastodon"] = {
            "kind": "mastodon",
            "label": "Mastodon",
            "base_url": base_url,
            "credentials": _credentials("MASTODON_", ("MASTODON_ACCESS_TOKEN",)),
        }
    return channels


def _credentials(prefix, names):
    return {name.removeprefix(prefix).lower(): value for name, value in zip(names, require(*names), strict=True)}
