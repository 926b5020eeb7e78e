"""The console's file as a network: ``posts`` is the final state of its lines."""

import json
import tempfile
from pathlib import Path

from .base import Post


class ConsoleServer:
    """One file in a folder of its own."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "outbox.jsonl"
        return self

    def __exit__(self, *error):
        self._folder.cleanup()

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        return {"kind": "console", "label": "Konsol", "options": {"path": str(self.path)}}

    @property
    def posts(self) -> list[Post]:
        posts = {}
        for text in self.path.read_text().splitlines() if self.path.exists() else []:
            line = json.loads(text)
            if "deleted" in line:
                posts.pop(line["deleted"], None)
            else:
                name = line.get("edited", line["key"])
                posts[name] = Post(name, line["text"], line["key"])
        return list(posts.values())

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.posts]

    def forge(self, post, text):
        with self.path.open("a") as file:
            file.write(json.dumps({"key": "forged", "edited": post.id, "text": text}) + "\n")
