"""The site as it is served: one connection to the front server, under the site's own name."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings

from home.pagecache import kinds
from home.serving import front_server
from kecamatan_site.health.rows import Finding, advise, fault, good, name_installer, name_unit

#: Seconds for one answer of the front server.
TIMEOUT = 10
#: An authority's certificate is renewed 30 days before its end; fewer say that it was not.
_RENEWED_DAYS, _LAST_DAYS = 21, 7
_NO_TLS = f"Situs ini tidak memakai HTTPS: hanya untuk mencoba. Untuk warga: {name_installer('DOMAIN=…')}"
_DOWN = f"Situs tidak menjawab. Jalankan: nginx -t; systemctl status nginx {name_unit('situs-web')}"


def look_at_certificate() -> Finding:
    """Say when the certificate ends, whether it is the site's, and whether browsers trust it."""
    if not _has_tls():
        return advise(_NO_TLS)
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        with _connected(ssl._create_unverified_context()) as connection:  # noqa: S323 - trust is asked apart, below
            certificate = x509.load_der_x509_certificate(_read_certificate(connection))
        untrusted = _find_distrust()
    except (OSError, http.client.HTTPException):
        return fault(_DOWN)
    return judge_certificate(certificate, host, untrusted)


def judge_certificate(certificate: x509.Certificate, host: str, untrusted: bool) -> Finding:
    """Return what is to be said of a certificate that the front server shows."""
    days = (certificate.not_valid_after_utc - datetime.now(UTC)).days
    end = f"{certificate.not_valid_after_utc:%d-%m-%Y}"
    renew = f"Perbarui: certbot renew, atau {name_installer('CERTIFICATE=…', 'CERTIFICATE_KEY=…')}"
    if not _is_for(certificate, host):
        return fault(f"Sertifikat bukan untuk {host}. {renew}")
    if days < _LAST_DAYS:
        return fault(f"Sertifikat berakhir {end}. {renew}")
    if days < _RENEWED_DAYS:
        return advise(f"Sertifikat berakhir {end} dan belum diperbarui. {renew}")
    if untrusted:
        command = name_installer("TLS=certbot")
        return advise(f"Sertifikat percobaan: peramban memperingatkan warga. Jalankan: {command}")
    return good(f"Berakhir {end}, {days} hari lagi.")


def _is_for(certificate: x509.Certificate, host: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    known = names.get_values_for_type(x509.DNSName)
    return host in known or f"*.{host.partition('.')[2]}" in known


def _find_distrust() -> bool:
    """Return whether a browser would refuse the certificate."""
    try:
        with _connected(ssl.create_default_context()):
            return False
    except ssl.SSLCertVerificationError:
        return True


def look_at_headers() -> Finding:
    """Compare nginx's file and the headers of the front page as served with the settings."""
    if front_server.find_drift():
        return fault(f"nginx berbeda dari pengaturan. Jalankan: {name_installer()}")
    if not _has_tls():
        return advise(_NO_TLS)
    try:
        with _connected(ssl._create_unverified_context()) as connection:  # noqa: S323 - look_at_certificate asks that
            status, served = _ask(connection, "/")
            metrics, _headers = _ask(connection, "/metrics")
    except (OSError, http.client.HTTPException):
        return fault(_DOWN)
    if status != 200:
        return fault(f"Beranda dijawab dengan kode {status}. Jalankan: journalctl -u {name_unit('situs-web')}")
    expected = kinds.get_repeated("/")
    wrong = sorted(name.title() for name, value in expected.items() if served.get(name) != value)
    if wrong:
        return fault(f"Tidak seperti pengaturan: {', '.join(wrong)}. Jalankan: {name_installer()}")
    if metrics != 404:
        return fault(f"/metrics terbuka bagi semua orang. Jalankan: {name_installer()}")
    return good(f"{len(expected)} tajuk keamanan seperti pengaturan.")


def _has_tls() -> bool:
    return urlsplit(settings.SITE_URL).scheme == "https"


@contextmanager
def _connected(context: ssl.SSLContext) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection to the front server: this machine's where it has one, or where the site's name leads."""
    site = urlsplit(settings.SITE_URL)
    place = "127.0.0.1" if settings.NGINX_CONF.is_file() else site.hostname or ""
    connection = http.client.HTTPConnection(site.netloc, timeout=TIMEOUT)
    with socket.create_connection((place, site.port or 443), timeout=TIMEOUT) as plain:
        connection.sock = context.wrap_socket(plain, server_hostname=site.hostname)
        try:
            yield connection
        finally:
            connection.close()


def _read_certificate(connection: http.client.HTTPConnection) -> bytes:
    if not isinstance(connection.sock, ssl.SSLSocket):
        raise TypeError("no TLS")
    return connection.sock.getpeercert(binary_form=True) or b""


def _ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, dict[str, str]]:
    connection.request("GET", path, headers={"User-Agent": "doctor"})
    response = connection.getresponse()
    response.read()
    return response.status, {name.lower(): value for name, value in response.getheaders()}
