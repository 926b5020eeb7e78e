"""TLS: a given certificate, its successor, and certbot before a real ACME server (Debian's pebble) on loopback."""

import hashlib
import json
import os
import re
import signal
import socket
import ssl
import time
from pathlib import Path

from .bare_debian import BareDebian
from .readers import DOMAIN, ask

AUTHORITY = "acme.example"
_MAKE = """
set -e
mkdir -p /root/tls && cd /root/tls
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=Otoritas coba' \
    -keyout ca.key -out ca.pem
make_one() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
    echo "subjectAltName=DNS:$2" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem"
}
make_one first situs.example; make_one second situs.example; make_one other lain.example; make_one acme acme.example
"""


def take_a_given_certificate(debian: BareDebian) -> None:
    """A given certificate is served, and its successor; one of another name, or without its key, changes nothing"""
    debian.get("sh", "-c", _MAKE)
    before = read_served()
    for certificate, key, told in (("other", "other", "is not for"), ("first", "second", "do not belong together")):
        refused = debian.run(*_give(certificate, key))
        assert refused.returncode, refused.stdout
        assert told in refused.stdout, refused.stdout
        assert read_served() == before
    for name in ("first", "second"):
        debian.get(*_give(name, name))
        authority = debian.root / "root" / "tls" / "ca.pem"
        assert read_served(authority) == _digest((debian.root / "root" / "tls" / f"{name}.pem").read_text())
        assert ask("/")[0] == 200
    assert debian.get("stat", "-c", "%U %a", "/etc/ssl/situs/privkey.pem").split() == ["root", "600"]
    expect_nothing_to_do(debian)


def _give(certificate: str, key: str) -> tuple[str, ...]:
    folder = "/root/tls"
    return ("make", "production", f"CERTIFICATE={folder}/{certificate}.pem", f"CERTIFICATE_KEY={folder}/{key}.key")


def _digest(text: str) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()


def read_served(authority: Path | None = None) -> str:
    """Return the digest of the certificate that readers get; checked against an authority where one is named."""
    context = ssl.create_default_context(cafile=authority) if authority else ssl._create_unverified_context()
    plain = socket.create_connection(("127.0.0.1", 443), timeout=60)
    with context.wrap_socket(plain, server_hostname=DOMAIN) as speaking:
        return hashlib.sha256(speaking.getpeercert(binary_form=True)).hexdigest()


def expect_nothing_to_do(debian: BareDebian) -> None:
    """Run the installer without a word; it must find everything done."""
    said = debian.get("make", "production")
    assert not re.search(r"done now$", said, re.M), said


def ask_an_authority(debian: BareDebian) -> None:
    """certbot gets a certificate for the name over port 80, nginx serves it, and its renewal too"""
    debian.get("apt-get", "install", "-y", "-qq", "--no-install-recommends", "pebble")
    before = read_served()
    _name_authority(debian)
    refused = debian.run("make", "production", "TLS=certbot", "EMAIL=ti@situs.example")
    assert refused.returncode, refused.stdout
    assert "must lead to this machine, and port 80 be open" in refused.stdout, refused.stdout
    assert read_served() == before, "an authority that is away took the certificate along"
    with (debian.root / "var" / "log" / "pebble.log").open("w") as log:
        pebble = debian.start(
            *("env", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "pebble", "-config", "/root/tls/pebble.json"),
            output=log,
        )
    try:
        said = debian.get("make", "production", "TLS=certbot", "EMAIL=ti@situs.example")
        assert "Certificate authority: done now" in said, said
        root = debian.root / "root" / "tls" / "pebble-root.pem"
        fetch = (
            "import ssl, urllib.request as u; print(u.urlopen('https://acme.example:15000/roots/0').read().decode())"
        )
        root.write_text(debian.get("python3", "-c", fetch))
        first = read_served(root)
        assert first != before
        assert ask("/")[0] == 200
        expect_nothing_to_do(debian)
        debian.get("certbot", "renew", "--force-renewal", "--no-random-sleep-on-renew")
        deadline = time.monotonic() + 60
        while read_served(root) == first:
            assert time.monotonic() < deadline, "nginx serves the certificate from before the renewal"
            time.sleep(0.5)
        assert debian.run("test", "-e", "/etc/systemd/system/timers.target.wants/certbot.timer").returncode == 0
        print(f"pebble: {(debian.root / 'var/log/pebble.log').read_text().count('Issued certificate')} certificates")
    finally:
        for pid in debian.find_processes("pebble.json"):
            os.kill(pid, signal.SIGTERM)
        pebble.wait(timeout=60)


def _name_authority(debian: BareDebian) -> None:
    """Let the machine trust the authority and find it, as an office with an authority of its own would."""
    settings = {
        "listenAddress": "127.0.0.1:14000",
        "managementListenAddress": "127.0.0.1:15000",
        "certificate": "/root/tls/acme.pem",
        "privateKey": "/root/tls/acme.key",
        "httpPort": 80,
        "tlsPort": 443,
    }
    (debian.root / "root" / "tls" / "pebble.json").write_text(json.dumps({"pebble": settings}))
    with (debian.root / "etc" / "hosts").open("a") as hosts:
        hosts.write(f"127.0.0.1 localhost\n127.0.0.1 {DOMAIN} {AUTHORITY}\n")
    debian.get("cp", "/root/tls/ca.pem", "/usr/local/share/ca-certificates/coba.crt")
    debian.get("update-ca-certificates")
    (debian.root / "etc" / "letsencrypt").mkdir(exist_ok=True)
    (debian.root / "etc" / "letsencrypt" / "cli.ini").write_text(f"server = https://{AUTHORITY}:14000/dir\n")
