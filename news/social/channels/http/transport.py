"""Send requests, and decide of a failed one whether it had left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from oauthlib.oauth2 import InsecureTransportError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from news.social.channels.errors import AuthDead, ChannelError, NotSent, Unknown

from . import log_redaction
from .pool import ForbiddenHost, OneShotAdapter

#: Seconds to connect, and between two parts of the answer.
TIMEOUT = (5, 20)

log_redaction.install()

# Raised before anything was sent.
_NEVER_LEFT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
    InsecureTransportError,
)


@dataclass(frozen=True)
class Answer:
    """Status, headers and JSON of an answer; ``json`` is None when the body is not JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any = field(repr=False)
    text: str = field(default="", repr=False)

    def get(self, *path: str) -> Any:
        """Return the value at ``path`` in the JSON, None where there is none."""
        value = self.data
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value


def prepare(session: requests.Session) -> requests.Session:
    """Configure ``session`` for posts: no kept connections, retries, proxies or .netrc."""
    session.mount("https://", OneShotAdapter())
    session.mount("http://", OneShotAdapter())
    # Ignore proxies and .netrc of the machine: they could redirect a token.
    session.trust_env = False
    session.headers["Connection"] = "close"
    session.headers["Accept"] = "application/json"
    return session


def http(session: requests.Session, method: str, url: str, *, hides_address: bool = False, **kwargs: Any) -> Answer:
    """Return the answer, or raise NotSent when the request never left and Unknown otherwise.

    Does not follow redirects, which could turn a POST into a GET or send a token to another host.
    ``hides_address``: the URL contains a secret, so drop the cause of the error, which names it.
    """
    try:
        with session:
            response = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **kwargs)
        return Answer(response.status_code, response.headers, _json(response), response.text)
    except (requests.exceptions.RequestException, InsecureTransportError) as error:
        problem, cause = _classify(error), None if hides_address else error
    # Raise outside of the handler, so that the hidden cause is not the context either.
    raise problem from cause


def _classify(error: Exception) -> ChannelError:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotSent("Kanal tidak dapat dihubungi dalam waktu yang ditentukan.")
    if isinstance(error, _NEVER_LEFT):
        return AuthDead("Alamat API kanal ini salah. Periksa pengaturan akun.")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return Unknown("Kanal tidak menjawab sampai batas waktu habis.")
    reason = _get_reason(error)
    if isinstance(reason, ForbiddenHost):
        return AuthDead("Alamat server kanal ini tidak diizinkan. Periksa pengaturan akun.")
    if isinstance(reason, NewConnectionError):
        return NotSent()
    return Unknown("Sambungan terputus sebelum jawaban kanal diterima.")


def _get_reason(error: Exception) -> object:
    cause = error.args[0] if error.args else None
    return cause.reason if isinstance(cause, MaxRetryError) else cause


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.exceptions.JSONDecodeError:
        return None
