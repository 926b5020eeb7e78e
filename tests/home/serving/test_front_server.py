"""nginx says what the settings say: one source for its headers, limits, hosts and folders."""

import re
import socket
import ssl
import subprocess
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from home.serving import front_server
from tests.support.front.nginx import find_nginx, free_port, running_site

pytestmark = pytest.mark.db_agnostic

DOCUMENTED = project.BASE_DIR / "docs" / "nginx.conf"


@pytest.fixture
def production(settings, tmp_path):
    """The settings of the documented site."""
    settings.SITE_URL = "https://situs.example"
    settings.ALLOWED_HOSTS = ["situs.example"]
    settings.DATA_DIR = Path("/srv/situs-data")
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.NGINX_CONF = tmp_path / "situs"
    settings.READERS_LOG = Path("/var/log/situs/situs.log")
    return settings


def test_the_documented_configuration_is_the_rendered_one(production):
    assert front_server.render() == DOCUMENTED.read_text()


def test_what_the_settings_say_is_what_nginx_says(production):
    production.SITE_URL = "https://kecamatan.example:8443"
    production.ALLOWED_HOSTS = ["kecamatan.example", "www.kecamatan.example"]
    production.SECURE_HSTS_SECONDS = 300
    production.SECURE_HSTS_INCLUDE_SUBDOMAINS = False
    production.MAX_REQUEST_BYTES = 1234567
    text = front_server.render()
    assert 'Strict-Transport-Security "max-age=300";' in text
    assert "client_max_body_size 1234567;" in text
    assert "server_name kecamatan.example www.kecamatan.example;" in text
    assert text.count("return 301 https://kecamatan.example:8443$request_uri;") == 2
    assert r"HEAD) kecamatan\.example:8443 " in text


def test_nothing_uploaded_is_larger_than_nginx_lets_through(settings):
    largest = max(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    assert largest + 1024 * 1024 < settings.MAX_REQUEST_BYTES


@pytest.mark.parametrize(
    ("site_url", "hosts"), [("http://situs.example", ["situs.example"]), ("https://situs.example", ["*"])]
)
def test_what_nginx_cannot_serve_is_refused(production, site_url, hosts):
    production.SITE_URL, production.ALLOWED_HOSTS = site_url, hosts
    with pytest.raises(ImproperlyConfigured):
        front_server.render()


def test_a_drift_is_named_until_the_file_is_written_anew(production):
    assert front_server.check_installed(None) == []
    call_command("nginx_conf", write=True)
    assert front_server.check_installed(None) == []
    production.NGINX_CONF.write_text(re.sub("max-age=31536000; incl", "max-age=300; incl", front_server.render()))
    [error] = front_server.check_installed(None)
    assert error.id == "home.E001"
    assert '-        add_header Strict-Transport-Security "max-age=300; includeSubDomains";' in error.msg
    call_command("nginx_conf", write=True)
    assert front_server.check_installed(None) == []


@pytest.mark.nginx
@pytest.mark.parametrize("beside", [[], [""]], ids=["offices alone", "beside one that was first"])
def test_nginx_takes_the_sites_of_many_offices_at_once(production, tmp_path, beside):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=situs"]
    subprocess.run(["openssl", "req", "-x509", *options, "-keyout", key, "-out", certificate], check=True)
    production.TLS_CERTIFICATE, production.TLS_CERTIFICATE_KEY = certificate, key
    production.READERS_LOG = tmp_path / "readers.log"
    sites = [] if beside else [front_server.render_shared()]
    for name in [*beside, *(f"kantor{number}" for number in range(17))]:
        production.OFFICE, production.SITE_URL = name, f"https://situs{name}.example"
        production.ALLOWED_HOSTS = [f"situs{name}.example"]
        sites.append(front_server.render())
    config = tmp_path / "nginx.conf"
    text = re.sub(r"listen (80|443)", r"listen 127.0.0.1:10\1", "\n".join(sites))
    config.write_text(f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = subprocess.run([find_nginx(), "-t", "-q", "-p", tmp_path, "-c", config], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("[emerg]")) == (0, 0), done.stderr


@pytest.mark.nginx
def test_tls_is_spoken_as_1_2_and_1_3_alone(tmp_path):
    """nginx takes the versions from the port's first server, not from the one whose name is asked for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "situs.example")])
    now = timezone.now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (tmp_path / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "privkey.pem").write_bytes(secret)
    port, text = free_port(), DOCUMENTED.read_text()
    for old, new in (
        ("/etc/ssl/situs", str(tmp_path)),
        ("/srv/situs-data", str(tmp_path)),
        ("/var/log/situs", str(tmp_path)),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
    ):
        text = text.replace(old, new)
    with running_site(tmp_path / "nginx", port, text):
        assert [version for version in ssl.TLSVersion if version > 0 and speaks(port, version)] == [
            ssl.TLSVersion.TLSv1_2,
            ssl.TLSVersion.TLSv1_3,
        ]


def speaks(port, version) -> bool:
    """Whether a client that knows this version alone, with whatever ciphers, comes to an agreement."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        try:
            context.wrap_socket(plain, server_hostname="situs.example").close()
        except ssl.SSLError:
            return False
    return True
