"""The connection under every request: one request long, to an allowed host, and it says whether it was made."""

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from . import hosts


class ForbiddenHost(NewConnectionError):
    """The name leads to a machine that this one must not talk to for whoever typed it."""


class _SaysWhenNotConnected(HTTPConnection):
    """Turns every failure before the first byte of the request into NewConnectionError.

    Without it a TLS handshake that was reset looks the same as an answer that was reset.
    """

    def connect(self) -> None:
        try:
            super().connect()
        except (ConnectTimeoutError, NewConnectionError):
            raise
        except Exception as error:
            raise NewConnectionError(self, f"not connected: {type(error).__name__}") from error


class _ToAllowedHosts(HTTPConnection):
    """Connects to an address that was looked at, never to whatever the name means a moment later."""

    secure: bool

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            addresses = hosts.resolve(name, self.port, secure=self.secure)
        except (OSError, UnicodeError) as error:
            raise NewConnectionError(self, "name not resolved") from error
        if not addresses:
            raise ForbiddenHost(self, "forbidden address")
        try:
            return self._connect_to_one_of(addresses)
        finally:
            self._dns_host = name

    def _connect_to_one_of(self, addresses: list[str]) -> socket.socket:
        for address in addresses:
            self._dns_host = address
            try:
                return super()._new_conn()
            except (ConnectTimeoutError, NewConnectionError) as error:
                failure = error
        raise failure


class _Connection(_SaysWhenNotConnected, _ToAllowedHosts, HTTPConnection):
    secure = False


class _SecureConnection(_SaysWhenNotConnected, _ToAllowedHosts, HTTPSConnection):
    secure = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class OneShotAdapter(HTTPAdapter):
    """Sends each request once, over a connection of its own."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
