"""An encrypted stream: AES-256-GCM in numbered chunks, so that no change, swap or cut goes unnoticed.

The file is MAGIC, a salt of 16 bytes, then chunks: four bytes of length and the ciphertext. The nonce of a chunk is
its number and whether it is the last. The key of a file is derived from one of BACKUP_KEYS and the salt.
"""

import io
import os
import struct
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"situs-backup-1\n"
_SALT = 16
_CHUNK = 1024 * 1024
_TAG = 16


class Unreadable(Exception):
    """The archive is damaged, cut off, or encrypted under another key."""


class Writer(io.RawIOBase):
    """Encrypts what is written into another file; ``close`` writes the end, without which nobody reads the rest."""

    def __init__(self, target: BinaryIO, key: str):
        salt = os.urandom(_SALT)
        self._target, self._cipher = target, _derive(key, salt)
        self._number, self._waiting = 0, bytearray()
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting += data
        # The last chunk is written by close alone.
        while len(self._waiting) > _CHUNK:
            self._put(bytes(self._waiting[:_CHUNK]), is_last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; nothing can be written afterwards."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_get_nonce(self._number, is_last), plain, MAGIC)
        self._target.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class Reader(io.RawIOBase):
    """Decrypts a file; raises Unreadable at the first chunk that is not what was written."""

    def __init__(self, source: BinaryIO, keys: Sequence[str]):
        if source.read(len(MAGIC)) != MAGIC:
            raise Unreadable("This is no backup of this program.")
        salt = source.read(_SALT)
        self._source, self._ciphers = source, [_derive(key, salt) for key in keys]
        self._number, self._plain, self._ended = 0, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._plain and not self._ended:
            self._plain = self._take()
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _take(self) -> bytes:
        head = self._source.read(4)
        if len(head) < 4:
            raise Unreadable("The backup is cut off.")
        [length] = struct.unpack(">I", head)
        if not _TAG <= length <= _CHUNK + _TAG:
            raise Unreadable("The backup is damaged.")
        sealed = self._source.read(length)
        for cipher in self._ciphers:
            for is_last in (False, True):
                try:
                    plain = cipher.decrypt(_get_nonce(self._number, is_last), sealed, MAGIC)
                except InvalidTag:
                    continue
                self._ciphers, self._ended = [cipher], is_last
                self._number += 1
                return plain
        if self._number:
            raise Unreadable("The backup is damaged or cut off.")
        raise Unreadable("None of BACKUP_KEYS opens this backup, or its beginning is damaged.")


def _derive(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=MAGIC).derive(key.encode()))


def _get_nonce(number: int, is_last: bool) -> bytes:
    return struct.pack(">QI", number, is_last)
