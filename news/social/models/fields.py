"""Encrypted field for credentials, unreadable without CHANNEL_KEYS.

The newest key encrypts, all keys decrypt; ``rotate_channel_keys`` re-encrypts under the newest.
"""

import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from moderation.ports.encryption import get_fernet, get_keys

MASK = "••••••••"


class SecretUnreadable(Exception):
    """None of the keys opens this secret, or it was damaged."""


@checks.register(checks.Tags.security)
def check_keys(app_configs=None, **kwargs):
    """Refuse invalid keys; warn about a derived key outside development."""
    problems = []
    for number, key in enumerate(settings.CHANNEL_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(checks.Error(f"Key number {number} of CHANNEL_KEYS is no Fernet key.", id="social.E001"))
    return problems


@checks.register(checks.Tags.security, deploy=True)
def check_own_keys(app_configs=None, **kwargs):
    """Warn when the credentials of the channels are encrypted with a key derived from SECRET_KEY."""
    if settings.CHANNEL_KEYS:
        return []
    return [checks.Warning("CHANNEL_KEYS is not set: credentials are encrypted under SECRET_KEY.", id="social.W001")]


class Secret:
    """An encrypted dictionary; only ``reveal`` decrypts it, and nothing caches the result."""

    __slots__ = ("ciphertext",)

    def __init__(self, ciphertext: str = ""):
        self.ciphertext = ciphertext

    @classmethod
    def hide(cls, values) -> "Secret":
        """Return the values encrypted under the newest key; nothing at all stays nothing."""
        given = {name: value for name, value in values.items() if value not in ("", None)}
        return cls(get_fernet().encrypt(json.dumps(given).encode()).decode() if given else "")

    def reveal(self) -> dict:
        """Return the values; SecretUnreadable where no key opens them."""
        if not self.ciphertext:
            return {}
        try:
            return json.loads(get_fernet().decrypt(self.ciphertext.encode()))
        except (InvalidToken, ValueError) as error:
            raise SecretUnreadable from error

    def rotate(self) -> "Secret":
        """Return the same values encrypted under the newest key; SecretUnreadable where no key opens them."""
        if not self.ciphertext:
            return self
        try:
            return Secret(get_fernet().rotate(self.ciphertext.encode()).decode())
        except InvalidToken as error:
            raise SecretUnreadable from error

    def is_newest(self) -> bool:
        """Say whether the newest key alone opens it."""
        try:
            Fernet(get_keys()[0]).decrypt(self.ciphertext.encode())
        except InvalidToken:
            return not self.ciphertext
        return True

    def __bool__(self):
        return bool(self.ciphertext)

    def __eq__(self, other):
        return isinstance(other, Secret) and self.ciphertext == other.ciphertext

    __hash__ = None

    def __repr__(self):
        return f"<Secret {MASK}>" if self else "<Secret>"

    def __str__(self):
        return MASK if self else ""


class _SecretAttribute(DeferredAttribute):
    """Descriptor that encrypts a value when it is set, not only on save."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class EncryptedJSONField(models.TextField):
    """Stores a dictionary encrypted; its value is a ``Secret``, and dumps hold the ciphertext."""

    descriptor_class = _SecretAttribute

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": Secret, "blank": True, "editable": False} | kwargs)

    def from_db_value(self, value, expression, connection):
        return Secret(value or "")

    def to_python(self, value):
        if isinstance(value, Secret):
            return value
        return Secret.hide(value) if isinstance(value, dict) else Secret(value or "")

    def get_prep_value(self, value):
        return self.to_python(value).ciphertext

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))
