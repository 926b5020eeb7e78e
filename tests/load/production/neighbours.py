"""A second office on the machine: an instance of its own beside the first."""

import re

from .bare_debian import BareDebian
from .installation import FIRST_PERSON
from .readers import DOMAIN, ask

OFFICE, OTHER_DOMAIN = "contoh", "contoh.teladankab.example"
#: The facts of an office that the tests know too, with its emblem.
FACTS = "tests/kecamatan_site/office"
INSTALL = ("make", "production", f"OFFICE={OFFICE}", "TLS=self-signed", *FIRST_PERSON)


def add_an_office(debian: BareDebian) -> None:
    """A second office has its own facts, account, database, domain and services, and leaves the first as it was"""
    refused = debian.run(*INSTALL)
    assert refused.returncode, refused.stdout
    assert f"copy /srv/situs/kecamatan.toml to /etc/situs/{OFFICE}.toml" in refused.stdout, refused.stdout
    debian.get("install", "-d", "/etc/situs")
    debian.get("install", "-m", "644", f"{FACTS}/lambang.png", "/etc/situs/")
    debian.get("install", "-m", "644", f"{FACTS}/contoh.toml", f"/etc/situs/{OFFICE}.toml")
    done = debian.run(*INSTALL, show=True, timeout=5400)
    assert done.returncode == 0, "make production OFFICE= failed; its message stands above"
    said = debian.get("make", "production", f"OFFICE={OFFICE}")
    assert not re.search(r"done now$", said, re.M), said
    expect_both(debian)
    for person, database in (("situs", f"situs-{OFFICE}"), (f"situs-{OFFICE}", "situs")):
        entered = debian.run("runuser", "-u", person, "--", "psql", "-X", "-c", "SELECT 1", database)
        assert entered.returncode, f"{person} enters the database {database}"
    said = debian.get("make", "production")
    assert not re.search(r"done now$", said, re.M), said
    print(debian.run("make", "offices").stdout, flush=True)
    debian.get("make", "backup-offices")
    for folder in ("situs", f"situs-{OFFICE}"):
        assert debian.get("ls", f"/var/backups/{folder}").split(), folder


def expect_both(debian: BareDebian) -> None:
    """Each domain shows its own office, and each worker runs."""
    for domain, name in ((DOMAIN, "Mojogedang"), (OTHER_DOMAIN, "Contoh")):
        status, _headers, text = ask("/", domain=domain)
        assert (status, f"Kecamatan {name}" in text) == (200, True), (domain, status)
    assert "Mojogedang" not in text
    for unit in ("situs-worker", f"situs-worker@{OFFICE}"):
        assert debian.run("systemctl", "is-active", f"{unit}.service").returncode == 0, unit
