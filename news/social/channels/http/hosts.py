"""Which machines may be talked to: public ones, over TLS; a typed address never leads to the office's own.

Every name is resolved here, each of its addresses is looked at, and the connection goes to an
address that was looked at: a name that means something else a moment later does not help.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from news.social.channels.errors import Rejected

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: So many addresses of one name are tried.
LONGEST_LIST = 4
_BAD = "Tulis alamat server seperti https://nama.contoh, tanpa bagian lain."
_FORBIDDEN = "Alamat ini tidak dapat dipakai: server harus terjangkau dari internet."
_UNKNOWN = "Server dengan nama ini tidak ditemukan. Periksa alamatnya."


class Policy:
    """What the site allows; tests and demonstrations have networks on loopback."""

    allow_loopback = False


def is_allowed(address: str, *, secure: bool = True) -> bool:
    """Say whether a numeric address may be talked to; without TLS only loopback may, where it is allowed."""
    ip = _unwrap(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_loopback:
        return Policy.allow_loopback
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    return secure and ip.is_global and not special and not getattr(ip, "is_site_local", False)


def _unwrap(ip: _IPAddress) -> _IPAddress:
    """Return the IPv4 address that an IPv6 notation leads to, where there is one."""
    if ip.version == 4:
        return ip
    if ip in _NAT64 or (int(ip) >> 32 == 0 and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def resolve(host: str, port: int, *, secure: bool = True) -> list[str]:
    """Return the addresses of a host; none where one of them is forbidden. OSError: the name is not known."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[0]) for *_others, place in found))
    return addresses[:LONGEST_LIST] if all(is_allowed(one, secure=secure) for one in addresses) else []


def read_server(text: str) -> str:
    """Return a server's address as ``https://host`` of what a person typed; Rejected says what is wrong with it."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise Rejected(_BAD) from error
    extra = parts.username is not None or parts.password is not None or parts.query or parts.fragment
    if not host or extra or parts.path not in ("", "/") or parts.scheme not in ("https", "http"):
        raise Rejected(_BAD)
    secure = parts.scheme == "https"
    try:
        allowed = resolve(host, port or (443 if secure else 80), secure=secure)
    except (OSError, UnicodeError) as error:
        raise Rejected(_UNKNOWN) from error
    if not allowed:
        raise Rejected(_FORBIDDEN if secure else "Alamat server harus diawali https://.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}"
