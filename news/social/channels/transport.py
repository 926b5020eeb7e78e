"""The one place that talks HTTP: it decides whether a failed request had left or not."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from oauthlib.oauth2 import InsecureTransportError
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from .base import AuthDead, NotSent, Unknown

#: Seconds to connect, and to wait for each part of the answer.
TIMEOUT = (5, 20)

# At DEBUG these two print whole tokens.
logging.getLogger("requests_oauthlib").setLevel(logging.INFO)
logging.getLogger("oauthlib").setLevel(logging.INFO)

# The request was malformed here: nothing was written to any network.
_NEVER_LEFT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
    InsecureTransportError,
)


class _SaysWhenNotConnected:
    """Turns every failure before the first byte of the request into NewConnectionError.

    Without it a TLS handshake that was reset looks the same as an answer that was reset.
    """

    def connect(self):
        try:
            super().connect()
        except (ConnectTimeoutError, NewConnectionError):
            raise
        except Exception as error:
            raise NewConnectionError(self, f"not connected: {type(error).__name__}") from error


class _Connection(_SaysWhenNotConnected, HTTPConnection):
    pass


class _SecureConnection(_SaysWhenNotConnected, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class OneShotAdapter(HTTPAdapter):
    """Sends each request once, over a connection of its own."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers and the JSON, None when it is not JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any = field(repr=False)
    text: str = field(default="", repr=False)

    def get(self, *path: str) -> Any:
        """Return the value at ``path`` in the JSON, or None where the shape is another."""
        value = self.data
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value


def prepare(session: requests.Session) -> requests.Session:
    """Make ``session`` safe for posts: no kept connection, no retry, no surprise."""
    session.mount("https://", OneShotAdapter())
    session.mount("http://", OneShotAdapter())
    session.headers["Connection"] = "close"
    session.headers["Accept"] = "application/json"
    return session


def http(session: requests.Session, method: str, url: str, **kwargs) -> Answer:
    """Return the answer, or raise NotSent when the request never left and Unknown otherwise.

    Redirects are not followed: a post must not turn into a GET, nor a token visit another host.
    """
    try:
        with session:
            response = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **kwargs)
    except requests.exceptions.ConnectTimeout as error:
        raise NotSent("Kanal tidak dapat dihubungi dalam waktu yang ditentukan.") from error
    except _NEVER_LEFT as error:
        raise AuthDead("Alamat API kanal ini salah. Periksa pengaturan akun.") from error
    except requests.exceptions.ReadTimeout as error:
        raise Unknown("Kanal tidak menjawab sampai batas waktu habis.") from error
    except requests.exceptions.RequestException as error:
        if _never_connected(error):
            raise NotSent() from error
        raise Unknown("Sambungan terputus sebelum jawaban kanal diterima.") from error
    return Answer(response.status_code, response.headers, _json(response), response.text)


def _never_connected(error: requests.exceptions.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.exceptions.JSONDecodeError:
        return None
