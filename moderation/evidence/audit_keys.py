"""Keys of the codes that audit lines carry: from the environment, never in the database (I11).

``AUDIT_KEYS`` holds them as ``name:secret``, the newest first: it codes new lines, every key checks old ones. The last
of all is derived from ``SECRET_KEY``, for the demo: a site without ``AUDIT_KEYS`` codes its lines with it.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

#: As many characters as 24 random bytes have.
SHORTEST_SECRET = 32
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,20}")
_SALT = "moderation.evidence.audit_keys"


@dataclass(frozen=True)
class Key:
    """A key and the name by which a line refers to it."""

    name: str
    secret: bytes = field(repr=False)

    def compute_code(self, line_hash: str) -> str:
        """Return the code of a line: HMAC-SHA256 (hex) over the key's name and the line's hash."""
        return hmac.new(self.secret, f"{self.name}:{line_hash}".encode(), hashlib.sha256).hexdigest()

    def fits(self, line_hash: str, code: str) -> bool:
        """Say whether the code of a line was made with this key."""
        return constant_time_compare(self.compute_code(line_hash), code)


def list_keys() -> list[Key]:
    """Return the keys, the newest first; those derived from ``SECRET_KEY`` and its fallbacks last."""
    configured = [Key(name, secret.encode()) for name, _colon, secret in map(_split, settings.AUDIT_KEYS)]
    return [*configured, *map(_derive, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))]


def find_faults() -> list[str]:
    """Return what is wrong with ``AUDIT_KEYS``, one sentence each."""
    parts = [_split(entry) for entry in settings.AUDIT_KEYS]
    names = [name for name, _colon, _secret in parts]
    faults = [f"AUDIT_KEYS: “{name}” is no name of a key." for name in names if not _NAME.fullmatch(name)]
    faults += [f"AUDIT_KEYS: the name {name} occurs twice." for name in sorted(set(names)) if names.count(name) > 1]
    return faults + [
        f"AUDIT_KEYS: the secret of key {name} has fewer than {SHORTEST_SECRET} characters."
        for name, _colon, secret in parts
        if len(secret) < SHORTEST_SECRET
    ]


def _split(entry: str) -> tuple[str, str, str]:
    return entry.strip().partition(":")


def _derive(secret_key: str) -> Key:
    secret = salted_hmac(_SALT, "", secret=secret_key, algorithm="sha256").digest()
    return Key(f"sk-{hashlib.sha256(secret).hexdigest()[:8]}", secret)
