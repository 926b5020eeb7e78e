"""Base of the networks on loopback: stores posts, shows what citizens see, fails on demand."""

import json
import socket
import struct
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

#: Seconds for which a hanging server keeps the client waiting.
HANG = 3

#: Faults of a post, and whether the post exists afterwards.
FAULTS = {
    "reset before": False,
    "hang before": False,
    "500 before": False,
    "reset during": False,
    "reset after": True,
    "hang after": True,
    "500 after": True,
    "truncated": True,
    "html": True,
}


def get_timeouts(fault: str = "") -> tuple[float, float]:
    """Return seconds to connect and to wait for an answer: few where the network hangs on purpose, else a bound."""
    return 60, 0.7 if fault.startswith("hang") else 60


@dataclass
class Post:
    """One post as the network stored it."""

    id: str
    text: str
    key: str = ""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: str = ""
    #: Its pictures: uploaded bytes and alt text.
    pictures: list["Picture"] = field(default_factory=list)


@dataclass
class Picture:
    """One picture as the network stored it."""

    content: bytes
    alt: str = ""
    id: str = ""


class _Server(ThreadingHTTPServer):
    """Does not report clients that were killed before their answer."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class LoopbackNetwork:
    """A network on a free port of this machine; ``posts`` is what a citizen would see."""

    def __init__(self):
        self.posts: list[Post] = []
        self.requests: list[str] = []
        #: Called with "before" and "after" each post is stored.
        self.on_post = lambda moment: None
        #: Number of timeline reads that do not show the newest post yet.
        self.lag = 0
        self._faults: deque[str | tuple[int, dict, dict]] = deque()
        self._hindrances: deque[str | tuple[int, dict, dict]] = deque()
        self._read_faults: deque[tuple[int, dict, dict]] = deque()
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
                if network.breaks_off_reading(self):
                    self.rfile.read(length // 2)
                    network.break_off(self, "reset during")
                else:
                    network.handle(self, self.rfile.read(length))

            do_PUT = do_DELETE = do_POST

        self._server = _Server(("127.0.0.1", 0), Handler)
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

    def fail_reads(self, *faults):
        """Let the next readings fail: (status, headers, body) each."""
        self._read_faults.extend(faults)

    def hinder(self, *faults):
        """Let the next preparing requests fail, in the same ways."""
        self._hindrances.extend(faults)

    def publishes(self, method: str, path: str) -> bool:
        """Say whether a request changes what citizens see."""
        return True

    def forge(self, post, text):
        """Change a post as on the network's own screen."""
        post.text = text

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.posts]

    def get_faults(self, request) -> deque:
        """Return the pending faults for requests of this kind."""
        is_post = self.publishes(request.command, urlsplit(request.path).path)
        return self._faults if is_post else self._hindrances

    def breaks_off_reading(self, request) -> bool:
        """Say whether to cut the connection before reading the whole request."""
        faults = self.get_faults(request)
        if not faults or faults[0] != "reset during":
            return False
        faults.popleft()
        self.requests.append(f"{request.command} {request.path}")
        return True

    def handle(self, request, body):
        self.requests.append(f"{request.command} {request.path}")
        if body is None:
            fault = self._read_faults.popleft() if self._read_faults else None
            self.reply(request, *((fault[0], fault[2], fault[1]) if fault else self.read(request)))
            return
        faults = self.get_faults(request)
        fault = faults.popleft() if faults else None
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
        """End the exchange as ``fault`` says."""
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
        request.send_response_only(status)
        kind = "text/html; charset=utf-8" if isinstance(answer, str) else "application/json"
        request.send_header("Content-Type", kind)
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

    def list_shown(self) -> list[Post]:
        """Return the posts of the timeline, newest first."""
        shown = self.posts[: len(self.posts) - 1] if self.lag > 0 else self.posts
        self.lag = max(0, self.lag - 1)
        return list(reversed(shown))

    def get_post(self, post_id):
        """Return the post that a citizen sees under this number, or None."""
        return next((post for post in self.posts if post.id == post_id), None)


def read_form(request, body: bytes) -> dict[str, str | bytes]:
    """Return the fields of a form as browsers send it; a file comes as bytes."""
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        return json.loads(body)
    if not kind.startswith("multipart/form-data"):
        return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    fields = {}
    for part in message.get_payload():
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        fields[name] = content if part.get_filename() else content.decode()
    return fields


_ACTIONS = {
    "POST": lambda network, request, body: network.create(request, body),
    "PUT": lambda network, request, body: network.change(request, body),
    "DELETE": lambda network, request, body: network.remove(request, body),
}
