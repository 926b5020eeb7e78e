"""Fetch addresses of the public site over HTTP, bounded in time, size and number, never from another site."""

import base64
import hashlib
import http.client
import ssl
import time
import zlib
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .agents import Agent

#: Seconds for one part of an answer, and for the whole of it.
PART_SECONDS, WHOLE_SECONDS = 10, 30
#: Bytes of a body, unpacked; what is longer is cut, and named.
MAX_BYTES = 8_000_000
CHUNK = 64 * 1024


class NoAnswer(Exception):
    """The site did not answer; the message is a phrase in Indonesian."""


class Exhausted(Exception):
    """The requests or the time of this look are used up."""


@dataclass(frozen=True)
class Received:
    """What one agent received from an address."""

    status: int
    #: By lower-case name; several of one name are joined by a comma.
    headers: dict[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def digest(self) -> str:
        """Return the digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass
class Fetcher:
    """Fetches from one site until its requests or its time are used up."""

    #: The site's address: scheme, name and port.
    site: str
    requests: int
    deadline: float = field(default_factory=lambda: time.monotonic() + 600)

    def get(self, path: str, agent: Agent) -> Received:
        """Fetch a path; raise NoAnswer when the site does not answer, Exhausted when the bounds are reached.

        No redirect is followed: where citizens should receive a page, one is a difference itself.
        """
        if self.requests <= 0 or time.monotonic() > self.deadline:
            raise Exhausted
        self.requests -= 1
        return self._ask(path, agent)

    def _ask(self, path: str, agent: Agent) -> Received:
        try:
            connection, target, headers = self._open(path, agent)
            try:
                connection.request("GET", target, headers=headers)
                response = connection.getresponse()
                body, is_cut = _read(response)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            raise NoAnswer(_explain(error)) from error
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        return Received(response.status, found, body, is_cut)

    def _open(self, path: str, agent: Agent):
        """Return a connection, what to ask it for, and the headers."""
        parts = urlsplit(self.site)
        host, port, is_secure = parts.hostname or "", parts.port, parts.scheme == "https"
        headers = {
            "User-Agent": agent.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": agent.encoding,
            "Accept-Language": "id",
            "Connection": "close",
        }
        kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        if "://" not in agent.via:
            source = (agent.via, 0) if agent.via else None
            return kind(host, port, timeout=PART_SECONDS, source_address=source), path, headers
        proxy = urlsplit(agent.via)
        own = _authorize(proxy)
        connection = kind(proxy.hostname or "", proxy.port or 3128, timeout=PART_SECONDS)
        if is_secure:
            connection.set_tunnel(host, port or 443, headers=own)
            return connection, path, headers
        return connection, self.site + path, headers | own


def _authorize(proxy) -> dict[str, str]:
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _read(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    """Return the body, unpacked, and whether it was cut; a server that drips is cut off."""
    is_packed = response.getheader("Content-Encoding", "").lower() == "gzip"
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if is_packed else None
    deadline, body = time.monotonic() + WHOLE_SECONDS, bytearray()
    while chunk := response.read1(CHUNK):
        body += unpacker.decompress(chunk, MAX_BYTES + 1) if unpacker else chunk
        if len(body) > MAX_BYTES:
            return bytes(body[:MAX_BYTES]), True
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body), False


def _explain(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"sertifikat TLS ditolak ({error.reason or 'alasan tidak disebut'})"
    if isinstance(error, TimeoutError):
        return "tidak menjawab sampai batas waktu habis"
    if isinstance(error, ConnectionRefusedError):
        return "menolak sambungan"
    if isinstance(error, OSError):
        return f"tidak dapat dihubungi ({error.strerror or type(error).__name__})"
    return f"jawabannya tidak dapat dibaca ({type(error).__name__})"
