"""Console: sends to no network; writes what would be sent, once for each delivery.

The development default. With ``path`` every post becomes one line of JSON in that file; without
it nothing is written. Either way the delivery's own row shows the exact text in the admin.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path

from .base import FOREVER, Capabilities, Channel, Composed, NotSent, Sent


class ConsoleChannel(Channel):
    """Pretends to post, so that the whole chain can be tried without an account."""

    kind = "console"
    label = "Konsol (uji coba)"
    link_reserve = 0
    capabilities = Capabilities(max_length=None, readable=True, idempotent_for=FOREVER, can_edit=True, can_delete=True)

    def __init__(self, *, base_url: str = "", path: str = ""):
        self.base_url = base_url
        self.path = Path(path) if path else None

    def count(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    def deliver(self, composed: Composed, key: str) -> Sent:
        """Write the post under its key; a key that is there already is not written again."""
        self._write({"key": key, "text": composed.text, "link": composed.link})
        return Sent(key)

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Write what the post says from now on."""
        self._write({"key": key, "edited": remote_id, "text": composed.text, "link": composed.link})
        return Sent(remote_id)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Write that the post is gone."""
        self._write({"key": key, "deleted": remote_id})
        return Sent(remote_id)

    def _write(self, line: dict) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not _has(file, line["key"]):
                    _append(file, line)
        except OSError as error:
            raise NotSent("Berkas kanal uji coba tidak dapat ditulis.") from error

    def find(self, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Look for the key in the file."""
        if self.path is None or not self.path.exists():
            return None
        with self.path.open("rb") as file:
            return Sent(key) if _has(file, key) else None


def _has(file, key: str) -> bool:
    file.seek(0)
    return any(_key(line) == key for line in file)


def _key(line: bytes) -> str | None:
    try:
        return json.loads(line)["key"]
    except ValueError:
        # The line that was being written when the process was killed; its post is written anew.
        return None


def _append(file, post: dict) -> None:
    line = json.dumps(post, ensure_ascii=False).encode() + b"\n"
    end = file.seek(0, os.SEEK_END)
    if end:
        file.seek(end - 1)
        if file.read(1) != b"\n":
            line = b"\n" + line
    file.write(line)
    file.flush()
    os.fsync(file.fileno())
