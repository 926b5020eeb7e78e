"""Connections: one for each request, to allowed hosts only, with failures to connect told apart."""

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from . import hosts


class ForbiddenHost(NewConnectionError):
    """The host resolves to an address that is not allowed."""


class _SaysWhenNotConnected(HTTPConnection):
    """Turn every failure before the first byte of the request into NewConnectionError.

    Otherwise a reset TLS handshake looks like a reset answer.
    """

    def connect(self) -> None:
        try:
            super().connect()
        except (ConnectTimeoutError, NewConnectionError):
            raise
        except Exception as error:
            raise NewConnectionError(self, f"not connected: {type(error).__name__}") from error


class _ToAllowedHosts(HTTPConnection):
    """Connect to an address that ``hosts.resolve`` checked, without resolving the name again."""

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
    """Send each request once, over a connection of its own."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
