"""Encrypts secrets of the database under CHANNEL_KEYS: the credentials of channels, the second factors of people."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def get_fernet() -> MultiFernet:
    """Return the cipher: the newest key encrypts, all keys decrypt."""
    return MultiFernet([Fernet(key) for key in get_keys()])


def get_keys() -> list[str]:
    """Return CHANNEL_KEYS, the newest first; without them, where that is allowed, a key made of SECRET_KEY."""
    return settings.CHANNEL_KEYS or [_derive(settings.SECRET_KEY)]


def _derive(secret: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(b"channel-keys:" + secret.encode()).digest()).decode()
