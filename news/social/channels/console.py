"""Console: write to a file what would be sent, once for each delivery.

The default in development. ``path``: file that gets a line of JSON for each post; without it
nothing is written. Either way the ledger shows the exact text.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from .base import (
    FOREVER,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Field,
    Health,
    Lookalike,
    NotSent,
    Posted,
    Sent,
    State,
    Verdict,
)


class ConsoleChannel(Channel):
    """Pretend to post, to try the whole chain without an account."""

    kind = "console"
    label = "Konsol (uji coba)"
    link_reserve = 0
    capabilities = Capabilities(
        max_length=None,
        readable=True,
        idempotent_for=FOREVER,
        can_edit=True,
        can_edit_media=True,
        can_delete=True,
        watchable=True,
        image="upload",
        image_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    )
    server_fields = ()
    settings_fields = (
        Field(
            "path",
            "Berkas",
            required=False,
            help="Tempat setiap unggahan ditulis sebagai satu baris JSON. Kosongkan agar tidak ditulis.",
        ),
    )

    def __init__(self, *, base_url: str = "", path: str = ""):
        self.base_url = base_url
        self.path = Path(path) if path else None

    def count(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Write the post under its key, unless the key is there already."""
        line = {"key": key, "text": composed.text, "link": composed.link}
        if composed.image:
            line["image_alt"] = composed.image.alt
        self._write(line)
        return Sent(key)

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Write the post's new text."""
        self._write({"key": key, "edited": remote_id, "text": composed.text, "link": composed.link})
        return Sent(remote_id)

    def edit_media(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Write the post's new text and the words of its new picture."""
        line = {"key": key, "edited": remote_id, "text": composed.text, "link": composed.link}
        self._write({**line, "image_alt": composed.image.alt if composed.image else ""})
        return Sent(remote_id)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Write that the post is deleted."""
        self._write({"key": key, "deleted": remote_id})
        return Sent(remote_id)

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Search the file for the key."""
        return Sent(key) if any(line["key"] == key for line in self._read()) else None

    def find_by_words(self, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Search the posts as they stand for the text or the link; the file knows no times."""
        lookalike = False
        for post in self.list_posted(since):
            if post.text == composed.text:
                return Sent(post.remote_id)
            lookalike = lookalike or (bool(composed.link) and composed.link in post.text)
        if lookalike:
            raise Lookalike("")
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Compare with the post's last text in the file, if there is a file."""
        if self.path is None:
            return Verdict(Comparison.UNREADABLE)
        text = None
        for line in self._read():
            if line.get("deleted") == sent.remote_id:
                text = None
            elif sent.remote_id in (line.get("edited"), line["key"]):
                text = line.get("text")
        if text is None:
            return Verdict(Comparison.MISSING)
        return Verdict(Comparison.SAME if text == composed.text else Comparison.DIFFERENT, text)

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the posts of the file as they stand; it knows no times."""
        standing: dict[str, str] = {}
        for line in self._read():
            key = line.get("deleted") or line.get("edited") or line["key"]
            if line.get("deleted"):
                standing.pop(key, None)
            else:
                standing[key] = str(line.get("text", ""))
        yield from (Posted(key, text) for key, text in standing.items())

    def owns_address(self, url: str) -> bool:
        """Accept any URL: the console has no host of its own."""
        return True

    def check(self) -> Health:
        """Test whether the file can be written."""
        if self.path is None:
            return Health(self.label, warnings=("Kanal uji coba ini tidak menulis ke berkas.",))
        self._write(None)
        return Health(self.label, limits={"Berkas": self.path.name})

    def _write(self, line: dict[str, Any] | None) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if line is not None and not any(known["key"] == line["key"] for known in _lines(file)):
                    _append(file, line)
        except OSError as error:
            raise NotSent("Berkas kanal uji coba tidak dapat ditulis.") from error

    def _read(self) -> list[dict[str, Any]]:
        if self.path is None or not self.path.exists():
            return []
        with self.path.open("rb") as file:
            return list(_lines(file))


def _lines(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield the posts of the file, except a line cut off when a process was killed."""
    file.seek(0)
    for line in file:
        try:
            post = json.loads(line)
        except ValueError:
            continue
        if isinstance(post, dict) and "key" in post:
            yield post


def _append(file: BinaryIO, post: dict[str, Any]) -> None:
    line = json.dumps(post, ensure_ascii=False).encode() + b"\n"
    end = file.seek(0, os.SEEK_END)
    if end:
        file.seek(end - 1)
        if file.read(1) != b"\n":
            line = b"\n" + line
    file.write(line)
    file.flush()
    os.fsync(file.fileno())
