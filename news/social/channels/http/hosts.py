"""Allow requests to public hosts over TLS only, so that a typed address never reaches the office's own network.

Names are resolved and each address is checked here; the connection then uses a checked address,
so that DNS rebinding has no effect.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from news.social.channels.errors import Rejected

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Maximum addresses tried for one name.
LONGEST_LIST = 4
_BAD = "Tulis alamat server seperti https://nama.contoh, tanpa bagian lain."
_FORBIDDEN = "Alamat ini tidak dapat dipakai: server harus terjangkau dari internet."
_UNKNOWN = "Server dengan nama ini tidak ditemukan. Periksa alamatnya."


class Policy:
    """Exceptions that the site allows: networks on loopback, for tests and demonstrations."""

    allow_loopback = False


def is_allowed(address: str, *, secure: bool = True) -> bool:
    """Say whether an IP address is allowed; without TLS only loopback is, where the policy allows it."""
    ip = _unwrap(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_loopback:
        return Policy.allow_loopback
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    return secure and ip.is_global and not special and not getattr(ip, "is_site_local", False)


def _unwrap(ip: _IPAddress) -> _IPAddress:
    """Return the IPv4 address embedded in an IPv6 address, else the address itself."""
    if ip.version == 4:
        return ip
    if ip in _NAT64 or (int(ip) >> 32 == 0 and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def resolve(host: str, port: int, *, secure: bool = True) -> list[str]:
    """Return the addresses of a host, none where one of them is forbidden; raise OSError for an unknown name."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[0]) for *_others, place in found))
    return addresses[:LONGEST_LIST] if all(is_allowed(one, secure=secure) for one in addresses) else []


def read_server(text: str) -> str:
    """Normalise a typed server address to ``https://host``; raise Rejected with the reason."""
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
