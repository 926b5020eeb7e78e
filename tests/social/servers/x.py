"""X on loopback: OAuth 1.0a signatures and OAuth 2 bearers, weighted length, no duplicates, t.co links."""

import html
import json
import re
import string
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from .base import LoopbackNetwork, Picture, Post, read_form


class _Validator(RequestValidator):
    """Knows one application and one account, and accepts each nonce once."""

    enforce_ssl = False
    client_key_length = access_token_length = nonce_length = (8, 100)
    safe_characters = frozenset(string.ascii_letters + string.digits + "-")
    dummy_client = dummy_access_token = "dummy-dummy"

    def __init__(self, network):
        super().__init__()
        self.network, self.credentials = network, network.credentials
        self.nonces = set()

    def validate_client_key(self, client_key, request):
        return client_key == self.credentials["client_key"]

    def validate_access_token(self, client_key, token, request):
        return token == self.credentials["access_token"]

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, **tokens):
        now = time.time() + self.network.clock.total_seconds()
        fresh = abs(now - int(timestamp)) < 300 and nonce not in self.nonces
        self.nonces.add(nonce)
        return fresh

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_client_secret(self, client_key, request):
        return self.credentials["client_secret"]

    def get_access_token_secret(self, client_key, token, request):
        return self.credentials["access_token_secret"]


#: What X recognises as a link in this office's posts: a URL, or a bare domain.
_LINKS = re.compile(r"https?://(?:[\w-]+\.)+[a-z]{2,}\S*|(?<![\w@.-])(?:[\w-]+\.)+(?:id|com|net|org)\b(?:/\S*)?")


def weigh(text: str) -> int:
    """Count as X does, independently of the adapter's library."""
    text = unicodedata.normalize("NFC", text)
    links = _LINKS.findall(text)
    for link in links:
        text = text.replace(link, "", 1)
    light = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    weights = (1 if any(low <= ord(char) <= high for low, high in light) else 2 for char in text)
    return sum(weights) + 23 * len(links)


class XServer(LoopbackNetwork):
    """One account on X; ``clock`` is how far its clock is from this machine's."""

    user_id = "1490001"
    page_size = 100

    def __init__(self):
        super().__init__()
        self.credentials = {
            "client_key": "client-key-for-tests",
            "client_secret": "client-secret",
            "access_token": f"{self.user_id}-access-token",
            "access_token_secret": "access-token-secret",
        }
        self.bearer = "oauth2-bearer-for-tests"
        self.access_level = "read-write"
        self.clock = timedelta(0)
        self.uploads: dict[str, Picture] = {}
        self._endpoint = ResourceEndpoint(_Validator(self))
        self._last_id = 1_990_000_000_000_000_000

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        return {"kind": "x", "label": "X", "base_url": self.url, "credentials": dict(self.credentials)}

    def publishes(self, method, path):
        return not path.startswith("/2/media/")

    def is_signed(self, request) -> bool:
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            return header == f"Bearer {self.bearer}"
        valid, _ = self._endpoint.validate_protected_resource_request(
            self.url + request.path, http_method=request.command, headers={"Authorization": header}
        )
        return valid

    def create(self, request, body):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "detail": "Unauthorized", "status": 401}
        path = urlsplit(request.path).path
        if path == "/2/media/upload":
            return self.upload(read_form(request, body))
        order = json.loads(body)
        if path == "/2/media/metadata":
            self.uploads[order["id"]].alt = order["metadata"]["alt_text"]["text"][:1000]
            return 200, {"data": {"id": order["id"]}}
        if set(order) - {"text", "media", "reply"}:
            return 400, {"title": "Invalid Request", "detail": "One or more parameters to your request was invalid."}
        return self.post(order)

    def upload(self, form):
        if form.get("media_category") != "tweet_image" or len(form["media"]) > 5_000_000:
            return 400, {"title": "Invalid Request", "detail": "media invalid"}
        self._last_id += 1
        number = str(self._last_id)
        self.uploads[number] = Picture(form["media"], id=number)
        return 200, {"data": {"id": number, "media_key": f"3_{number}", "expires_after_secs": 86400}}

    def post(self, order):
        text, answers = order["text"], order.get("reply", {}).get("in_reply_to_tweet_id", "")
        numbers = order.get("media", {}).get("media_ids", [])
        if answers and self.get_post(answers) is None:
            return 403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}
        if not all(number in self.uploads for number in numbers):
            return 400, {"title": "Invalid Request", "detail": "Your media IDs are invalid."}
        if weigh(text) > 280:
            return 403, {"title": "Forbidden", "detail": "You are not permitted to perform this action."}
        if text in self.texts:
            detail = "You are not allowed to create a Tweet with duplicate content."
            return 403, {"title": "Forbidden", "detail": detail, "status": 403}
        post = self.create_post(text, answers)
        post.pictures = [self.uploads.pop(number) for number in numbers]
        return 201, {"data": {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}}

    def read(self, request):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "status": 401}
        url = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        with_entities = "entities" in query.get("tweet.fields", "")
        if url.path == "/2/users/me":
            return 200, {"data": {"id": self.user_id, "username": "kecamatan"}}
        if url.path.startswith("/2/tweets/"):
            return self.read_one(url.path.removeprefix("/2/tweets/"), with_entities)
        if url.path != f"/2/users/{self.user_id}/tweets":
            return 404, {"title": "Not Found"}
        start = datetime.fromisoformat(query["start_time"])
        posts = [self.show(post, with_entities) for post in self.list_shown() if post.created_at >= start]
        first = int(query.get("pagination_token", "0"))
        page = posts[first : first + self.page_size]
        meta = {"result_count": len(page)}
        if first + self.page_size < len(posts):
            meta["next_token"] = str(first + self.page_size)
        return 200, {"data": page, "meta": meta} if page else {"meta": meta}

    def read_one(self, number, with_entities):
        post = self.get_post(number)
        if post is None:
            kind = "https://api.twitter.com/2/problems/resource-not-found"
            return 200, {"errors": [{"title": "Not Found Error", "type": kind, "value": number}]}
        return 200, {"data": self.show(post, with_entities)}

    def create_post(self, text, answers="") -> Post:
        """Store a post, as the network does or as somebody does at its own screen."""
        self._last_id += 1
        self.posts.append(Post(str(self._last_id), text, answers=answers))
        return self.posts[-1]

    def remove(self, request, body):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "detail": "Unauthorized", "status": 401}
        post = self.get_post(urlsplit(request.path).path.removeprefix("/2/tweets/"))
        if post is None:
            kind = "https://api.twitter.com/2/problems/resource-not-found"
            return 404, {"title": "Not Found Error", "type": kind, "status": 404}
        self.posts.remove(post)
        return 200, {"data": {"deleted": True}}

    def show(self, post, with_entities):
        text, urls = post.text, []
        for number, link in enumerate(_LINKS.findall(post.text)):
            short = f"https://t.co/{post.id[-4:]}{number}"
            text = text.replace(link, short, 1)
            expanded = link if "//" in link else f"http://{link}"
            urls.append({"url": short, "expanded_url": expanded, "display_url": link[8:30]})
        if post.pictures:
            short, number = f"https://t.co/pic{post.id[-4:]}", post.pictures[0].id
            text = f"{text} {short}"
            address = f"https://x.com/kecamatan/status/{post.id}/photo/1"
            urls.append({"url": short, "expanded_url": address, "media_key": f"3_{number}"})
        shown = {"id": post.id, "text": html.escape(text, quote=False), "created_at": post.created_at.isoformat()}
        if post.answers:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": post.answers}]
        return {**shown, "entities": {"urls": urls}} if with_entities and urls else shown

    def reply(self, request, status, answer, headers=None):
        told = {"Date": f"{datetime.now(UTC) + self.clock:%a, %d %b %Y %H:%M:%S GMT}"}
        super().reply(request, status, answer, told | {"x-access-level": self.access_level} | (headers or {}))
