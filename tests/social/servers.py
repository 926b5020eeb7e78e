"""Networks on loopback: they check what the real ones check and fail when told to.

Both are used by the unit tests, the worker's tests and the browser tests:

    with XServer() as x:
        x.fail("reset after")
        ...
        assert [post.text for post in x.posts] == ["..."]
"""

import html
import json
import re
import socket
import string
import struct
import threading
import time
import unicodedata
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

#: How long a server that hangs keeps the client waiting.
HANG = 3

#: What can go wrong with a post, and whether the post exists afterwards.
FAULTS = {
    "reset before": False,
    "hang before": False,
    "500 before": False,
    "reset after": True,
    "hang after": True,
    "500 after": True,
    "truncated": True,
    "html": True,
}


@dataclass
class Post:
    """One post as the network stored it."""

    id: str
    text: str
    key: str = ""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: str = ""


class LoopbackNetwork:
    """A network on a free port of this machine; ``posts`` is what a citizen would see."""

    def __init__(self):
        self.posts: list[Post] = []
        self.requests: list[str] = []
        #: Called with "before" and "after" each post is stored.
        self.on_post = lambda moment: None
        self._faults: deque[str | tuple[int, dict, dict]] = deque()
        self._lock = threading.Lock()
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                return

            def do_GET(self):
                network.handle(self, None)

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                network.handle(self, self.rfile.read(length))

            do_PUT = do_DELETE = do_POST

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()

    def fail(self, *faults):
        """Let the next posts fail: a name of FAULTS or (status, headers, body) each."""
        self._faults.extend(faults)

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.posts]

    def handle(self, request, body):
        self.requests.append(f"{request.command} {request.path}")
        if body is None:
            self.reply(request, *self.read(request))
            return
        fault = self._faults.popleft() if self._faults else None
        if isinstance(fault, tuple):
            self.reply(request, fault[0], fault[2], fault[1])
            return
        if fault and not FAULTS[fault]:
            self.break_off(request, fault)
            return
        self.on_post("before")
        with self._lock:
            status, answer = _ACTIONS[request.command](self, request, body)
        self.on_post("after")
        if fault:
            self.break_off(request, fault, answer)
        else:
            self.reply(request, status, answer)

    def break_off(self, request, fault, answer=None):
        """End the exchange in the way that ``fault`` names."""
        request.close_connection = True
        kind = fault.split()[0]
        if kind == "reset":
            linger = struct.pack("ii", 1, 0)
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            request.connection.close()
        elif kind == "hang":
            time.sleep(HANG)
        elif kind == "500":
            self.reply(request, 503, "<h1>upgrading</h1>")
        elif kind == "html":
            self.reply(request, 200, "<h1>welcome</h1>")
        elif kind == "truncated":
            data = json.dumps(answer).encode()
            request.send_response(201)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[: len(data) // 2])

    def reply(self, request, status, answer, headers=None):
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        request.send_response(status)
        request.send_header("Content-Type", "text/html" if isinstance(answer, str) else "application/json")
        request.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    def create(self, request, body):
        raise NotImplementedError

    def change(self, request, body):
        raise NotImplementedError

    def remove(self, request, body):
        raise NotImplementedError

    def read(self, request):
        raise NotImplementedError

    def get_post(self, post_id):
        """Return the post that a citizen sees under this number, or None."""
        return next((post for post in self.posts if post.id == post_id), None)


_ACTIONS = {
    "POST": lambda network, request, body: network.create(request, body),
    "PUT": lambda network, request, body: network.change(request, body),
    "DELETE": lambda network, request, body: network.remove(request, body),
}


class _Validator(RequestValidator):
    """Knows one application and one account, and takes no nonce twice."""

    enforce_ssl = False
    client_key_length = access_token_length = nonce_length = (8, 100)
    safe_characters = frozenset(string.ascii_letters + string.digits + "-")
    dummy_client = dummy_access_token = "dummy-dummy"

    def __init__(self, credentials):
        super().__init__()
        self.credentials = credentials
        self.nonces = set()

    def validate_client_key(self, client_key, request):
        return client_key == self.credentials["client_key"]

    def validate_access_token(self, client_key, token, request):
        return token == self.credentials["access_token"]

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, **tokens):
        fresh = abs(time.time() - int(timestamp)) < 300 and nonce not in self.nonces
        self.nonces.add(nonce)
        return fresh

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_client_secret(self, client_key, request):
        return self.credentials["client_secret"]

    def get_access_token_secret(self, client_key, token, request):
        return self.credentials["access_token_secret"]


def weigh(text: str) -> int:
    """Count as X does, written independently of the library that the adapter uses."""
    text = unicodedata.normalize("NFC", text)
    links = re.findall(r"https?://(?:[\w-]+\.)+[a-z]{2,}\S*", text)
    for link in links:
        text = text.replace(link, "", 1)
    light = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    weights = (1 if any(low <= ord(char) <= high for low, high in light) else 2 for char in text)
    return sum(weights) + 23 * len(links)


class XServer(LoopbackNetwork):
    """X: OAuth 1.0a signatures, weighted length, no text twice, links behind t.co."""

    user_id = "1490001"

    def __init__(self):
        super().__init__()
        self.credentials = {
            "client_key": "client-key-for-tests",
            "client_secret": "client-secret",
            "access_token": f"{self.user_id}-access-token",
            "access_token_secret": "access-token-secret",
        }
        self._endpoint = ResourceEndpoint(_Validator(self.credentials))
        self._last_id = 1_990_000_000_000_000_000

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        return {"kind": "x", "label": "X", "base_url": self.url, "credentials": dict(self.credentials)}

    def is_signed(self, request) -> bool:
        valid, _ = self._endpoint.validate_protected_resource_request(
            self.url + request.path,
            http_method=request.command,
            headers={"Authorization": request.headers.get("Authorization", "")},
        )
        return valid

    def create(self, request, body):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "detail": "Unauthorized", "status": 401}
        order = json.loads(body)
        text, answers = order["text"], order.get("reply", {}).get("in_reply_to_tweet_id", "")
        if answers and self.get_post(answers) is None:
            return 403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}
        if weigh(text) > 280:
            return 403, {"title": "Forbidden", "detail": "You are not permitted to perform this action."}
        if text in self.texts:
            detail = "You are not allowed to create a Tweet with duplicate content."
            return 403, {"title": "Forbidden", "detail": detail, "status": 403}
        post = self.create_post(text, answers)
        return 201, {"data": {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}}

    def read(self, request):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "status": 401}
        url = urlsplit(request.path)
        if url.path == "/2/users/me":
            return 200, {"data": {"id": self.user_id, "username": "kecamatan"}}
        if url.path != f"/2/users/{self.user_id}/tweets":
            return 404, {"title": "Not Found"}
        query = parse_qs(url.query)
        start = datetime.fromisoformat(query["start_time"][0])
        with_entities = "entities" in query.get("tweet.fields", [""])[0]
        posts = [self.show(post, with_entities) for post in reversed(self.posts) if post.created_at >= start]
        return 200, {"data": posts, "meta": {"result_count": len(posts)}} if posts else {"meta": {"result_count": 0}}

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
        links = re.findall(r"https?://\S+", post.text)
        text, urls = post.text, []
        for number, link in enumerate(links):
            short = f"https://t.co/{post.id[-4:]}{number}"
            text = text.replace(link, short)
            urls.append({"url": short, "expanded_url": link, "display_url": link[8:30]})
        shown = {"id": post.id, "text": html.escape(text, quote=False)}
        if post.answers:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": post.answers}]
        return {**shown, "entities": {"urls": urls}} if with_entities and urls else shown


class MastodonServer(LoopbackNetwork):
    """A server of the Mastodon API: bearer token, HTML, Idempotency-Key unless told otherwise."""

    def __init__(self, *, honours_key=True):
        super().__init__()
        self.token = "mastodon-token-for-tests"
        self.honours_key = honours_key

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        credentials = {"access_token": self.token}
        return {"kind": "mastodon", "label": "Mastodon", "base_url": self.url, "credentials": credentials}

    def is_allowed(self, request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def create(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        text, key = json.loads(body)["status"], request.headers.get("Idempotency-Key", "")
        if len(text) > 500:
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        known = next((post for post in self.posts if key and post.key == key), None)
        if known is None or not self.honours_key:
            known = Post(str(110_000_000_000_000_000 + len(self.posts)), text, key)
            self.posts.append(known)
        return 200, self.show(known)

    def change(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        post = self.get_post(urlsplit(request.path).path.removeprefix("/api/v1/statuses/"))
        if post is None:
            return 404, {"error": "Record not found"}
        post.text = json.loads(body)["status"]
        return 200, self.show(post)

    def remove(self, request, body):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        post = self.get_post(urlsplit(request.path).path.removeprefix("/api/v1/statuses/"))
        if post is None:
            return 404, {"error": "Record not found"}
        self.posts.remove(post)
        return 200, self.show(post)

    def read(self, request):
        if not self.is_allowed(request):
            return 401, {"error": "The access token is invalid"}
        path = urlsplit(request.path).path
        if path == "/api/v1/accounts/verify_credentials":
            return 200, {"id": "7", "username": "kecamatan"}
        if path == "/api/v1/accounts/7/statuses":
            return 200, [self.show(post) for post in reversed(self.posts)]
        return 404, {"error": "Record not found"}

    def show(self, post):
        content = html.escape(post.text)
        content = re.sub(r"(https?://\S+)", r'<a href="\1" rel="nofollow">\1</a>', content)
        return {"id": post.id, "url": f"{self.url}/@kecamatan/{post.id}", "content": f"<p>{content}</p>"}
