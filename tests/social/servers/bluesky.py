"""A PDS of Bluesky on loopback: expiring sessions, records by key, blobs; checks facets and lengths."""

import base64
import hashlib
import json
import time
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

from .base import LoopbackNetwork, Picture, Post

POSTS = "app.bsky.feed.post"
_ALPHABET = set("234567abcdefghijklmnopqrstuvwxyz")


def count_marks(text: str) -> int:
    """Count graphemes without a library: marks and joined emoji belong to the character before them."""
    number, joined = 0, False
    for char in text:
        is_mark = unicodedata.combining(char) or char in "\u200d\ufe0f" or 0x1F3FB <= ord(char) <= 0x1F3FF
        number += not (is_mark or joined)
        joined = char == "\u200d"
    return number


class BlueskyServer(LoopbackNetwork):
    """One account. ``posts`` are its records; a post's ``key`` is its record key."""

    did = "did:plc:mojogedang234567abcdefgh"
    identifier = "mojogedang.bsky.social"

    def __init__(self):
        super().__init__()
        self.password = "abcd-efgh-ijkl-mnop"
        self.records: dict[str, dict] = {}
        self.blobs: dict[str, bytes] = {}
        self.sessions = 0
        self.access, self.refresh = "", ""
        self.is_active = True

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        return {
            "kind": "bluesky",
            "label": "Bluesky",
            "base_url": self.url,
            "credentials": {"app_password": self.password},
            "options": {"identifier": self.identifier},
        }

    def publishes(self, method, path):
        return path.endswith(("putRecord", "createRecord", "deleteRecord"))

    def make_token(self, kind, seconds) -> str:
        """Return a JWT with its expiry."""
        self.sessions += 1
        claims = {"scope": kind, "exp": int(time.time()) + seconds, "jti": self.sessions}
        parts = [{"alg": "ES256K"}, claims, {"signature": "none"}]
        return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)

    def open_session(self, seconds=7200):
        self.access, self.refresh = self.make_token("access", seconds), self.make_token("refresh", 5_000_000)
        tokens = {"accessJwt": self.access, "refreshJwt": self.refresh}
        return 200, tokens | {"did": self.did, "handle": self.identifier, "active": self.is_active}

    def refuse(self, request):
        """Return why the bearer is refused, or None."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            return 401, {"error": "AuthMissing", "message": "Authentication Required"}
        if token != self.access:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        return None

    def create(self, request, body):
        name = urlsplit(request.path).path.removeprefix("/xrpc/")
        if name == "com.atproto.server.createSession":
            given = json.loads(body)
            if (given["identifier"], given["password"]) != (self.identifier, self.password):
                return 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
            return self.open_session()
        if name == "com.atproto.server.refreshSession":
            if request.headers.get("Authorization") != f"Bearer {self.refresh}":
                return 400, {"error": "ExpiredToken", "message": "Token has been revoked"}
            return self.open_session()
        refusal = self.refuse(request)
        if refusal:
            return refusal
        if name == "com.atproto.repo.uploadBlob":
            return self.upload(request, body)
        return {"putRecord": self.put, "deleteRecord": self.drop}[name.rpartition(".")[2]](json.loads(body))

    def upload(self, request, body):
        if len(body) > 1_000_000:
            return 413, {"error": "BlobTooLarge", "message": "This file is too large"}
        name = f"bafkrei{hashlib.sha256(body).hexdigest()}"
        self.blobs[name] = body
        kind = request.headers["Content-Type"]
        return 200, {"blob": {"$type": "blob", "ref": {"$link": name}, "mimeType": kind, "size": len(body)}}

    def put(self, order):
        record, name = order["record"], order["rkey"]
        problem = self.find_problem(order, record)
        if problem:
            return 400, {"error": "InvalidRequest", "message": problem}
        post = next((post for post in self.posts if post.key == name), None)
        if post is None:
            post = Post(f"at://{self.did}/{POSTS}/{name}", "", name)
            self.posts.append(post)
        post.text, self.records[name] = record["text"], record
        post.answers = record.get("reply", {}).get("parent", {}).get("uri", "")
        images = record.get("embed", {}).get("images", [])
        post.pictures = [Picture(self.blobs[image["image"]["ref"]["$link"]], image["alt"]) for image in images]
        return 200, {"uri": post.id, "cid": self.hash(record), "validationStatus": "valid"}

    def find_problem(self, order, record) -> str:
        """Return the first violation of the lexicon or of the record key's form."""
        text = record["text"]
        if order["repo"] != self.did or order["collection"] != POSTS or record["$type"] != POSTS:
            return "Could not find repo"
        if len(order["rkey"]) != 13 or not set(order["rkey"]) <= _ALPHABET:
            return "Invalid record key"
        if count_marks(text) > 300 or len(text.encode()) > 3000:
            return "Record/text must not be longer than 300 graphemes"
        if not record["createdAt"].endswith("Z"):
            return "Record/createdAt must be an valid atproto datetime"
        for facet in record.get("facets", []):
            index, feature = facet["index"], facet["features"][0]
            marked = text.encode()[index["byteStart"] : index["byteEnd"]].decode()
            if marked not in (feature.get("uri"), f"#{feature.get('tag')}"):
                return "Facet does not match"
        images = record.get("embed", {}).get("images", [])
        if not all(image["image"]["ref"]["$link"] in self.blobs for image in images):
            return "Could not find blob"
        return ""

    def drop(self, order):
        self.posts[:] = [post for post in self.posts if post.key != order["rkey"]]
        self.records.pop(order["rkey"], None)
        return 200, {"commit": {"rev": "3"}}

    def read(self, request):
        url = urlsplit(request.path)
        refusal = self.refuse(request)
        if refusal:
            return refusal
        query = {name: unquote(values[0]) for name, values in parse_qs(url.query).items()}
        if url.path.endswith("listRecords"):
            return 200, {"records": [self.show(post) for post in self.list_shown()][: int(query["limit"])]}
        post = next((post for post in self.posts if post.key == query["rkey"]), None)
        if post is None:
            return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
        return 200, self.show(post)

    def show(self, post):
        record = self.records[post.key]
        return {"uri": post.id, "cid": self.hash(record), "value": record}

    def hash(self, record) -> str:
        return f"bafyrei{hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()}"

    def forge(self, post, text):
        post.text = text
        self.records[post.key] = self.records[post.key] | {"text": text}
