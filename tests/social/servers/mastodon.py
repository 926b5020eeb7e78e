"""A Mastodon server on loopback: bearer token, HTML, slow picture processing, Idempotency-Key."""

import html
import re
from urllib.parse import parse_qs, urlsplit

from .base import LoopbackNetwork, Picture, Post, read_form

NOT_FOUND = (404, {"error": "Record not found"})


class MastodonServer(LoopbackNetwork):
    """One account. The arguments are differences of real servers; the last two are snac's (2.75)."""

    def __init__(
        self,
        *,
        honours_key=True,
        counts_links_in_full=False,
        speaks_v2=True,
        turns_pages=True,
        renumbers_edits=False,
    ):
        super().__init__()
        self.token = "mastodon-token-for-tests"
        self.honours_key = honours_key
        self.counts_links_in_full = counts_links_in_full
        self.speaks_v2 = speaks_v2
        self.turns_pages = turns_pages
        self.renumbers_edits = renumbers_edits
        self.max_characters, self.reserved = 500, 23
        self.scopes = ["read", "write:media", "write:statuses"]
        self.uploads: dict[str, Picture] = {}
        self._number = 220_000
        #: Number in the address of a post whose number changed.
        self.uris: dict[str, str] = {}
        #: Number of polls of a picture answered "not yet".
        self.slowness = 1

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        credentials = {"access_token": self.token}
        return {"kind": "mastodon", "label": "Mastodon", "base_url": self.url, "credentials": credentials}

    def publishes(self, method, path):
        return not path.endswith("/media")

    def is_allowed(self, request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def count(self, text) -> int:
        """Count as this server does, independently of the adapter."""
        if self.counts_links_in_full:
            return len(text)
        return len(re.sub(r"https?://\S+", "x" * self.reserved, text))

    def create(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        order, path = read_form(request, body), urlsplit(request.path).path
        if path.endswith("/media"):
            return self.upload(path, order)
        text, key = order["status"], request.headers.get("Idempotency-Key", "")
        known = next((post for post in self.posts if key and post.key == key), None)
        if known is not None and self.honours_key:
            return 200, self.show(known)
        if self.count(text) > self.max_characters:
            return 422, {"error": f"Validation failed: Text character limit of {self.max_characters} exceeded"}
        pictures = order.get("media_ids", [])
        if not all(number in self.uploads for number in pictures):
            return 422, {"error": "Validation failed: Media already attached"}
        post = Post(str(110_000_000_000_000_000 + len(self.posts)), text, key)
        post.pictures = [self.uploads.pop(number) for number in pictures]
        self.posts.append(post)
        return 200, self.show(post)

    def upload(self, path, form):
        if path == "/api/v2/media" and not self.speaks_v2:
            return NOT_FOUND
        self._number += 1
        number = str(self._number)
        self.uploads[number] = Picture(form["file"], form.get("description", ""), number)
        self._left = self.slowness
        return 202 if self._left and self.speaks_v2 else 200, {"id": number, "type": "image", "url": None}

    def change(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        post = self.get_post(urlsplit(request.path).path.removeprefix("/api/v1/statuses/"))
        if post is None:
            return NOT_FOUND
        order = read_form(request, body)
        post.text = order["status"]
        # As Mastodon does, drop pictures that are not named again.
        named = order.get("media_ids", [])
        kept = [picture for picture in post.pictures if picture.id in named]
        post.pictures = kept + [self.uploads.pop(number) for number in named if number in self.uploads]
        if self.renumbers_edits:
            self.uris[str(int(post.id) + 1000)] = self.uris.get(post.id, post.id)
            post.id = str(int(post.id) + 1000)
        return 200, self.show(post)

    def remove(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        post = self.get_post(urlsplit(request.path).path.removeprefix("/api/v1/statuses/"))
        if post is None:
            return NOT_FOUND
        self.posts.remove(post)
        return 200, self.show(post)

    def read(self, request):
        url = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path in ("/api/v1/instance", "/api/v2/instance"):
            return self.describe(url.path)
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        if url.path == "/api/v1/accounts/verify_credentials":
            return 200, {"id": "7", "username": "kecamatan", "acct": "kecamatan"}
        if url.path == "/api/v1/apps/verify_credentials":
            return 200, {"name": "Kecamatan Mojogedang", "scopes": self.scopes}
        if url.path.startswith("/api/v1/media/"):
            self._left -= 1
            return 200 if self._left < 0 else 206, {"id": url.path.rpartition("/")[2]}
        if url.path == "/api/v1/accounts/7/statuses":
            posts = [post for post in self.list_shown() if not self._is_later(query, post)]
            return 200, [self.show(post) for post in posts[: min(40, int(query.get("limit", "20")))]]
        post = self.get_post(url.path.removeprefix("/api/v1/statuses/"))
        return (200, self.show(post)) if post else NOT_FOUND

    def describe(self, path):
        if path == "/api/v2/instance" and not self.speaks_v2:
            return NOT_FOUND
        statuses = {"max_characters": self.max_characters, "characters_reserved_per_url": self.reserved}
        media = {"image_size_limit": 16_777_216, "description_limit": 1500}
        return 200, {"configuration": {"statuses": statuses, "media_attachments": media}}

    def create_post(self, text) -> Post:
        """Store a post as somebody does at the network's own screen."""
        self.posts.append(Post(str(110_000_000_000_000_000 + len(self.posts)), text))
        return self.posts[-1]

    def _is_later(self, query, post) -> bool:
        return self.turns_pages and "max_id" in query and int(post.id) >= int(query["max_id"])

    def show(self, post):
        content = html.escape(post.text, quote=False)
        content = re.sub(r"(https?://)(\S{0,20})(\S*)", _draw_link, content)
        tag = r'<a href="https://m.example/tags/\1" class="hashtag">#<span>\1</span></a>'
        content = re.sub(r"#(\w+)", tag, content)
        paragraphs = "".join(f"<p>{part}</p>" for part in content.replace("\n\n", "\0").split("\0"))
        return {
            "id": post.id,
            "url": f"{self.url}/@kecamatan/{post.id}",
            "uri": f"{self.url}/users/kecamatan/{self.uris.get(post.id, post.id)}",
            "created_at": post.created_at.isoformat(),
            "content": paragraphs.replace("\n", "<br>"),
            "media_attachments": [{"id": picture.id, "description": picture.alt} for picture in post.pictures],
        }


def _draw_link(found) -> str:
    """Render a URL as Mastodon does: shortened text, full target."""
    scheme, shown, rest = found.groups()
    return (
        f'<a href="{found[0]}" rel="nofollow"><span class="invisible">{scheme}</span>'
        f'<span class="ellipsis">{shown}</span><span class="invisible">{rest}</span></a>'
    )
