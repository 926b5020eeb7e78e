"""The doctor before a front server with TLS: certificate, headers, closed metrics."""

import re
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from home.pagecache import kinds
from kecamatan_site.health import rows
from kecamatan_site.health.checks import front
from kecamatan_site.health.rows import Verdict

pytestmark = pytest.mark.db_agnostic


def make_certificate(days: float, host: str = "localhost"):
    """Return a certificate that ends in so many days and its key, as PEM; no authority stands behind it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "situs")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate, private


class Site(BaseHTTPRequestHandler):
    """What a front server answers: the headers of the settings, but for what a test changes."""

    protocol_version = "HTTP/1.1"
    changes: dict[str, str] = {}
    statuses: dict[str, int] = {}

    def do_GET(self):
        self.send_response(self.statuses.get(self.path, 404 if self.path == "/metrics" else 200))
        for name, value in (kinds.get_repeated("/") | self.changes).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def site(settings, tmp_path):
    """A front server with a certificate of its own, under the site's name."""
    certificate, key = make_certificate(60)
    path = tmp_path / "site.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    handler = type("Handler", (Site,), {"changes": {}, "statuses": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SITE_URL = f"https://localhost:{server.server_port}"
    settings.NGINX_CONF = Path("/none")
    yield handler
    server.shutdown()
    server.server_close()


def test_what_is_served_is_compared_with_the_settings(site):
    assert front.look_at_headers().verdict is Verdict.GOOD
    site.changes = {"x-frame-options": "ALLOWALL", "referrer-policy": "unsafe-url"}
    found = front.look_at_headers()
    assert (found.verdict, "Referrer-Policy, X-Frame-Options" in found.sentence) == (Verdict.FAULT, True)
    site.changes, site.statuses = {}, {"/metrics": 200}
    assert "/metrics terbuka" in front.look_at_headers().sentence
    site.statuses = {"/": 503}
    assert "kode 503" in front.look_at_headers().sentence


def test_a_certificate_of_its_own_is_a_trial(site):
    found = front.look_at_certificate()
    assert (found.verdict, "percobaan" in found.sentence) == (Verdict.ADVICE, True)


def test_a_site_that_does_not_answer_is_a_fault(settings):
    settings.SITE_URL = "https://localhost:1"
    for look in (front.look_at_certificate, front.look_at_headers):
        assert look().verdict is Verdict.FAULT
        assert "nginx" in look().sentence
    settings.SITE_URL = "http://127.0.0.1:1"
    assert front.look_at_certificate().verdict is Verdict.ADVICE


def test_another_file_of_nginx_than_the_settings_is_a_fault(settings, tmp_path):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://localhost:1", ["localhost"]
    settings.NGINX_CONF = tmp_path / "situs"
    settings.NGINX_CONF.write_text("server {}\n")
    assert "nginx berbeda" in front.look_at_headers().sentence


@pytest.mark.parametrize(
    ("days", "host", "untrusted", "verdict"),
    [
        (60, "situs.example", False, Verdict.GOOD),
        (60, "*.example", False, Verdict.GOOD),
        (60, "situs.example", True, Verdict.ADVICE),
        (20, "situs.example", False, Verdict.ADVICE),
        (6, "situs.example", False, Verdict.FAULT),
        (-1, "situs.example", True, Verdict.FAULT),
        (60, "lain.example", True, Verdict.FAULT),
    ],
)
def test_a_certificate_is_judged_by_its_end_and_its_name(days, host, untrusted, verdict):
    certificate, _key = make_certificate(days, host)
    found = front.judge_certificate(certificate, "situs.example", untrusted)
    assert found.verdict is verdict
    assert found.sentence


def test_what_is_advised_names_the_office_where_several_share_the_machine(settings, tmp_path):
    settings.OFFICE, settings.SITE_URL, settings.ALLOWED_HOSTS = "jaten", "https://localhost:1", ["localhost"]
    settings.NGINX_CONF = tmp_path / "situs"
    settings.NGINX_CONF.write_text("server {}\n")
    trial, _key = make_certificate(60, "situs.example")
    ending, _key = make_certificate(6, "situs.example")
    command = "sudo make production OFFICE=jaten"
    assert f"{command} TLS=certbot" in front.judge_certificate(trial, "situs.example", untrusted=True).sentence
    assert f"{command} CERTIFICATE=…" in front.judge_certificate(ending, "situs.example", untrusted=False).sentence
    assert front.look_at_headers().sentence.endswith(command)
    assert rows.name_unit("situs-backup.timer") == "situs-backup@jaten.timer"


def test_no_check_names_a_unit_or_the_installer_but_by_those_of_its_office():
    """A sentence that names them as words would lead another office's person to the first one's."""
    checks = Path(front.__file__).parent
    texts = {path.name: re.sub(r"name_unit\([^)]*\)", "", path.read_text()) for path in checks.glob("*.py")}
    assert len(texts) > 5
    assert [
        name for name, text in texts.items() if re.search(r"situs-(web|worker|\w+\.timer|proof)|make prod", text)
    ] == []
